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


def comparison_answer(cursor: DuckDBPyConnection, left: tuple[str, str], right: tuple[str, str]) -> dict[str, Any]:
    """Compare the runs of two spans, each (trace id, span id). Raises `NotFoundError`."""
    now_ns = time.time_ns()
    return comparison_json(compare_runs(_read(cursor, *left, now_ns), _read(cursor, *right, now_ns)))


def _read(cursor: DuckDBPyConnection, trace_id: str, span_id: str, now_ns: int) -> ComparedRun:
    spans = read_run_spans(cursor, trace_id.lower())
    if not spans:
        raise NotFoundError(
            f"No trace {trace_id} is stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )
    return compared(build_run(spans, span_id.lower(), now_ns=now_ns), spans)
