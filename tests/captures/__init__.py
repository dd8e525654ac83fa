"""Calls to models as real instrumentations tell of them, and what really was asked and answered.

`load.captures()` gives them. `data/PACKAGE/SCENARIO.otlp` holds the export requests (format: `junjo_desktop.samples`),
spans and log records; `SCENARIO.expected.json` the exchanges that the stand-in for the providers had, in their order
(see `tests.support.provider.exchange`). `untold` notes what a package does not tell, and why. All of it is made again
by `python -m tests.captures.record` (see there), which gives other times and ids, and the same exchanges.
"""
