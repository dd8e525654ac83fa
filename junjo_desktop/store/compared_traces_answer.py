"""Comparisons of traces as the command line asks for them."""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store.compared_traces import compare_with_usual, read_compared_trace
from junjo_desktop.store.keyset import trace_id_of
from junjo_desktop.telemetry.trace_comparison.comparison import compare_traces
from junjo_desktop.telemetry.trace_comparison.comparison_json import trace_comparison_json, usual_comparison_json
from junjo_desktop.telemetry.trace_comparison.model import ComparedTrace


def trace_comparison_answer(cursor: DuckDBPyConnection, left: str, right: str | None = None) -> dict[str, Any]:
    """Compare two traces, named by their ids; without `right`, one with the others of its name.

    Raises `NotFoundError`.
    """
    trace = _read(cursor, left)
    if right is None:
        return usual_comparison_json(compare_with_usual(cursor, trace))
    return trace_comparison_json(compare_traces(trace, _read(cursor, right)))


def _read(cursor: DuckDBPyConnection, trace_id: str) -> ComparedTrace:
    found = read_compared_trace(cursor, trace_id_of(trace_id))
    if found is None:
        raise NotFoundError(
            f"No trace {trace_id} is stored.", "Is it this data folder? `junjo-desktop traces` lists what is stored."
        )
    return found
