"""Two runs, read from the store and compared."""

from __future__ import annotations

import time
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store.runs import read_run_spans
from junjo_desktop.telemetry.junjo.comparison import compare_runs, compared
from junjo_desktop.telemetry.junjo.comparison_json import comparison_json
from junjo_desktop.telemetry.junjo.comparison_model import ComparedRun
from junjo_desktop.telemetry.junjo.run import build_run

_NAME = "SELECT name FROM runs WHERE trace_id = ? AND owner_span_id = ?"


def comparison_answer(cursor: DuckDBPyConnection, left: tuple[str, str], right: tuple[str, str]) -> dict[str, Any]:
    """Compare the runs of two spans, each (trace id, span id). Raises `NotFoundError`."""
    now_ns = time.time_ns()
    return comparison_json(compare_runs(*(_read(cursor, *one, now_ns) for one in (left, right))))


def _read(cursor: DuckDBPyConnection, trace_id: str, span_id: str, now_ns: int) -> ComparedRun:
    found = read_compared(cursor, trace_id.lower(), span_id.lower(), now_ns)
    if found is None:
        raise NotFoundError(
            f"No trace {trace_id} is stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )
    return found


def read_compared(cursor: DuckDBPyConnection, trace_id: str, span_id: str | None, now_ns: int) -> ComparedRun | None:
    """Read a run that is to be compared; None when nothing of its trace is stored. Raises `NotFoundError`."""
    spans = read_run_spans(cursor, trace_id)
    if not spans:
        return None
    run = build_run(spans, span_id, now_ns=now_ns)
    known = cursor.execute(_NAME, [trace_id, run.steps[0].span_id]).fetchone() if run.span_id is None else None
    return compared(run, spans, (known and known[0]) or "")
