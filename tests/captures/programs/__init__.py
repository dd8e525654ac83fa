"""Programs that call models as users' programs do; they run in the environments of `captures.environments`.

`python -m tests.captures.programs NAME SCENARIO COLLECTOR PROVIDER` runs one scenario under one instrumentation.
Nothing here may import more than the standard library and what that environment holds.
"""
