"""Finds a run, its spans, and the runs before and after it."""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from junjo_desktop.store import lookup
from junjo_desktop.store.run_listings import Neighbours, RunKey
from junjo_desktop.telemetry.span import Span

_FIND = """
SELECT trace_id, span_id, owner_span_id, count(*) OVER () FROM executions WHERE runtime_id = ?
ORDER BY start_ns DESC, trace_id, owner_span_id LIMIT 1
"""
_OF_THE_SAME = """
WITH this AS (
    SELECT start_ns, trace_id, owner_span_id, type, name, service_name FROM runs
    WHERE trace_id = ? AND owner_span_id = ?
), same AS (
    SELECT (runs.start_ns, runs.trace_id, runs.owner_span_id) AS place,
           (this.start_ns, this.trace_id, this.owner_span_id) AS here
    FROM runs, this
    WHERE runs.type = this.type AND runs.name = this.name AND runs.service_name = this.service_name
)
SELECT max(place) FILTER (place < here), min(place) FILTER (place > here), count(*) FILTER (place <= here), count(*)
FROM same
"""


@dataclass(frozen=True, slots=True)
class FoundExecution:
    """A run that has the runtime id asked for. `count` runs have it: before SDK 0.63 every run of one object."""

    trace_id: str
    span_id: str | None
    """None: its owner has not arrived."""
    owner_span_id: str
    count: int


def read_run_spans(cursor: DuckDBPyConnection, trace_id: str) -> list[Span]:
    """Return all spans of a trace, in no order to rely on; none when it is not stored. Raises `UsageError`."""
    return [listed.span for listed in lookup.trace(cursor, trace_id)]


def find_execution(cursor: DuckDBPyConnection, runtime_id: str) -> FoundExecution | None:
    """Return the newest run that has this runtime id; None when none has arrived."""
    found = cursor.execute(_FIND, [runtime_id]).fetchone()
    return None if found is None else FoundExecution(*found)


def neighbours(cursor: DuckDBPyConnection, trace_id: str, owner_span_id: str) -> Neighbours | None:
    """Return where a run stands among those of its type, name and service; None when it is not stored."""
    found = cursor.execute(_OF_THE_SAME, [trace_id, owner_span_id]).fetchone()
    if found is None or not found[3]:
        return None
    older, newer, position, count = found
    return Neighbours(_key(older), _key(newer), position, count)


def _key(place: tuple[int, str, str] | None) -> RunKey | None:
    return None if place is None else RunKey(place[1], place[2])
