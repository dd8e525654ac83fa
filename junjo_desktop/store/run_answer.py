"""One run, read from the store and made into its document."""

from __future__ import annotations

import time
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store.runs import read_run_spans
from junjo_desktop.telemetry.junjo.agent_json import agent_json
from junjo_desktop.telemetry.junjo.run import build_run
from junjo_desktop.telemetry.junjo.run_json import run_json
from junjo_desktop.telemetry.junjo.state import reconstruct


def run_answer(cursor: DuckDBPyConnection, trace_id: str, span_id: str, states: bool) -> dict[str, Any]:
    """Return the run whose owner is that span. Raises `NotFoundError`; `UserError` when its states are too large."""
    spans = read_run_spans(cursor, trace_id.lower())
    if not spans:
        raise NotFoundError(
            f"No trace {trace_id} is stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )
    run = build_run(spans, span_id.lower(), now_ns=time.time_ns())
    found = run_json(run, [reconstruct(record) for record in run.stores], with_states=states)
    return found | agent_json(run)
