"""What the page of a run reads: where the run is, the spans of its trace, its place among others, one span whole."""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.store import runs
from junjo_desktop.store.call_costs import kept_cost
from junjo_desktop.store.run_listings import Neighbours, RunKey
from junjo_desktop.store.trace_logs import read_span_logs
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.inspector.detail import SpanDetail, linked_traces
from junjo_desktop.widgets.inspector.detail import span_detail as make_detail

_SHOWN_CHARACTERS = 48
_OUTERMOST = """
SELECT owner_span_id FROM executions WHERE trace_id = ?
ORDER BY start_ns, coalesce(type = 'subflow', false), owner_span_id LIMIT 1
"""
_IN_TRACE = """
SELECT owner_span_id FROM executions WHERE trace_id = ? AND runtime_id = ?
ORDER BY start_ns DESC, owner_span_id LIMIT 1
"""
_VERSION = "SELECT span_count, replaced_count, last_received_ns FROM traces WHERE trace_id = ?"
_NAMESAKES = """
WITH this AS (
    SELECT start_ns, trace_id, owner_span_id, type, name, service_name FROM runs
    WHERE trace_id = $trace_id AND owner_span_id = $span_id
), others AS (
    SELECT runs.trace_id, runs.owner_span_id, runs.start_ns, runs.duration_ns, runs.outcome,
           (runs.start_ns, runs.trace_id, runs.owner_span_id) AS place,
           (this.start_ns, this.trace_id, this.owner_span_id) AS here
    FROM runs, this
    WHERE runs.type = this.type AND runs.name = this.name AND runs.service_name = this.service_name
), nearest AS (
    (FROM others WHERE place < here ORDER BY place DESC LIMIT 8)
    UNION ALL
    (FROM others WHERE place > here ORDER BY place LIMIT 8)
)
SELECT trace_id, owner_span_id, start_ns, duration_ns, outcome FROM nearest ORDER BY place DESC
"""
_NAME = "SELECT name FROM runs WHERE trace_id = ? AND owner_span_id = ?"


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where a run is: its trace, and its owner's span id, which is known before the owner arrives."""

    trace_id: str
    owner_span_id: str
    runtime_id: str | None = None


@dataclass(frozen=True, slots=True)
class TraceVersion:
    """Changes with every change of a trace. Times in nanoseconds since the epoch."""

    span_count: int
    replaced_count: int
    last_received_ns: int


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another run of the same kind, name and service. Times in nanoseconds; None while it is open."""

    key: RunKey
    start_ns: int
    duration_ns: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Runs of the same kind, name and service: the place among them, and the nearest on both sides, newest first."""

    place: Neighbours | None = None
    nearest: tuple[Namesake, ...] = ()


def find_place(cursor: DuckDBPyConnection, wanted: OpenRun) -> RunPlace:
    """Return where a run is. Raises `NotFoundError` while nothing of it has arrived."""
    if wanted.trace_id is None:
        found = None if wanted.runtime_id is None else runs.find_execution(cursor, wanted.runtime_id)
        if found is None:
            raise not_arrived(wanted)
        return RunPlace(found.trace_id, found.owner_span_id, wanted.runtime_id)
    if wanted.span_id is not None:
        return RunPlace(wanted.trace_id, wanted.span_id, wanted.runtime_id)
    if wanted.runtime_id is not None:
        row = cursor.execute(_IN_TRACE, [wanted.trace_id, wanted.runtime_id]).fetchone()
    else:
        row = cursor.execute(_OUTERMOST, [wanted.trace_id]).fetchone()
    if row is None:
        raise not_arrived(wanted)
    return RunPlace(wanted.trace_id, row[0], wanted.runtime_id)


def not_arrived(wanted: OpenRun) -> NotFoundError:
    """Return the error for a run of which nothing is stored."""
    name = wanted.runtime_id or wanted.span_id or f"of trace {wanted.trace_id}"
    name = name if len(name) <= _SHOWN_CHARACTERS else f"{name[:_SHOWN_CHARACTERS]}…"
    return NotFoundError(f"Waiting for run {name} …", "Nothing of it has arrived yet.")


def trace_version(cursor: DuckDBPyConnection, trace_id: str) -> TraceVersion | None:
    """Return the version of a trace, None when it is not stored."""
    row = cursor.execute(_VERSION, [trace_id]).fetchone()
    return None if row is None else TraceVersion(*row)


def trace_spans(cursor: DuckDBPyConnection, trace_id: str) -> list[Span]:
    """Return all spans of a trace, in no order to rely on."""
    return runs.read_run_spans(cursor, trace_id)


def inferred_name(cursor: DuckDBPyConnection, place: RunPlace) -> str:
    """Return the name of the newest run of the same graph, for a run whose owner has not arrived; "" for none."""
    row = cursor.execute(_NAME, [place.trace_id, place.owner_span_id]).fetchone()
    return "" if row is None else str(row[0] or "")


def namesakes(cursor: DuckDBPyConnection, place: RunPlace) -> Namesakes:
    """Return where the run stands among those of the same name, and some that it may be compared with."""
    known = runs.neighbours(cursor, place.trace_id, place.owner_span_id)
    found = cursor.execute(_NAMESAKES, {"trace_id": place.trace_id, "span_id": place.owner_span_id}).fetchall()
    return Namesakes(known, tuple(Namesake(RunKey(*row[:2]), *row[2:]) for row in found))


def span_detail(cursor: DuckDBPyConnection, span: Span) -> SpanDetail:
    """Return everything that a span says, for the inspector."""
    linked = linked_traces(span)
    logs = read_span_logs(cursor, span.trace_id, span.span_id)
    cost = kept_cost(cursor, span)
    if not linked:
        return make_detail(span, frozenset(), *logs, cost)
    rows = cursor.execute(
        "SELECT trace_id FROM traces WHERE trace_id IN (SELECT unnest($ids))", {"ids": linked}
    ).fetchall()
    return make_detail(span, frozenset(trace_id for (trace_id,) in rows), *logs, cost)
