"""Run one scenario: `python -m tests.captures.programs NAME SCENARIO COLLECTOR PROVIDER`."""

from __future__ import annotations

import sys

from tests.captures.programs.telemetry import Telemetry
from tests.captures.programs.under import UNDER

if __name__ == "__main__":
    name, scenario, collector, provider = sys.argv[1:]
    telemetry = Telemetry(collector)
    run = UNDER[name](telemetry, provider)
    run(scenario)
    telemetry.flush()
