"""What Junjo's telemetry says, in all its generations: executables, graphs, stores, failures, and runs made of them.

Generations: G0 is SDK 0.62 and older, G1 is 0.63 and 0.64, G2 is 0.65 and newer. They are told apart by the attributes
that are present, each on its own, never by a version. Whatever is hostile, missing or lost is left out and noted; only
a run that is not there at all is an error.
"""
