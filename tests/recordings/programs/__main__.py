"""Run one scenario in this environment's Junjo: send what it observes, and write what it really did.

    python -m tests.recordings.programs SCENARIO ENDPOINT FILE

`--list` instead prints, as JSON, which scenarios this version runs and why it does not run the others.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from tests.recordings.programs import sdk
from tests.recordings.programs.scenarios import missing, scenarios, untold
from tests.recordings.programs.truth import TRUTH

SERVICE = "orders"


def main(scenario: str, endpoint: str, page: Path) -> None:
    """Run a scenario. One request is sent at the end, so that where requests begin depends on no clock."""
    os.environ["OTEL_BSP_SCHEDULE_DELAY"] = "3600000"
    attributes = {"service.name": SERVICE, "service.version": "1.4.0", "service.instance.id": "orders-1"}
    provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
    provider.add_span_processor(sdk.span_processor(endpoint, "jk_recorded"))
    trace.set_tracer_provider(provider)

    def finish() -> None:
        provider.shutdown()
        page.write_text(json.dumps(TRUTH.page(SERVICE), ensure_ascii=False), encoding="utf-8")

    def leave() -> NoReturn:
        finish()
        os._exit(0)

    TRUTH.leave = leave
    TRUTH.watch()
    asyncio.run(scenarios()[scenario]())
    finish()


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print(json.dumps({"scenarios": list(scenarios()), "missing": missing(), "untold": untold()}))
    else:
        main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
