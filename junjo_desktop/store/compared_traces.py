"""Reads traces that are compared: one whole, or the newest of a name, narrow."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.store.query_sql import matching
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.trace_comparison.model import (
    ComparedSpan,
    ComparedTrace,
    TraceFacts,
    UsualComparison,
)
from junjo_desktop.telemetry.trace_comparison.usual import UsualTrace

NEWEST_OTHERS = 200
"""Traces that one is compared with, at most: the newest of its name and service."""
MOST_SPANS = 100_000
"""Spans of them that are read, at most; of very large traces there are fewer."""

MOST_TO_CHOOSE = 100
"""Traces that are offered at once; a query finds all others."""
_ROWS_AT_ONCE = 500
_TRACE_ID = re.compile("[0-9a-f]{32}")

_FACTS = """
SELECT trace_id, name, service_name,
    root_span_id IS NULL, lead_status_code = 2, start_ns,
    if(start_ns > 0 AND end_ns > 0, duration_ns, NULL),
    span_count, error_count, llm_count, input_tokens, output_tokens,
    first_received_ns, last_received_ns, replaced_count
FROM traces
"""
_NARROW = "span_id, parent_span_id, service_name, name, span_type, start_ns, end_ns, is_error"
_WHOLE = f"{_NARROW}, status_message, llm_model, input_tokens, output_tokens, event_count, attributes"
# Rows lie in the order of arrival, so the times of arrival say which part of the table to look at.
_RECEIVED = "received_ns BETWEEN $first AND $last"


@dataclass(frozen=True, slots=True)
class Others:
    """Traces of one name and service: those that are looked at, the newest first, and how many there are."""

    facts: tuple[TraceFacts, ...]
    stored: int


@dataclass(frozen=True, slots=True)
class TracesToChoose:
    """What `this` may be compared with: `rows`, the newest of `count`; the one before it, and a well one."""

    this: TraceFacts
    rows: tuple[TraceFacts, ...]
    count: int
    previous: TraceFacts | None
    well: TraceFacts | None


def trace_facts(cursor: DuckDBPyConnection, trace_id: str) -> TraceFacts | None:
    """Return what a trace adds up to; None when nothing of it is stored."""
    row = cursor.execute(f"{_FACTS} WHERE trace_id = $trace_id", {"trace_id": trace_id}).fetchone()
    return None if row is None else _with_costs(cursor, [TraceFacts(*row)])[0]


def _with_costs(cursor: DuckDBPyConnection, traces: Sequence[TraceFacts]) -> list[TraceFacts]:
    found = cursor.execute(
        "SELECT trace_id, cost, unpriced FROM call_traces WHERE trace_id IN (SELECT unnest($ids))",
        {"ids": [one.trace_id for one in traces]},
    ).fetchall()
    costs = {trace_id: {"cost": cost, "unpriced": unpriced} for trace_id, cost, unpriced in found}
    return [replace(one, **costs.get(one.trace_id, {})) for one in traces]


def read_compared_trace(cursor: DuckDBPyConnection, trace_id: str) -> ComparedTrace | None:
    """Return a trace with all its spans; None when nothing of it is stored."""
    facts = trace_facts(cursor, trace_id)
    if facts is None:
        return None
    cursor.execute(
        f"SELECT {_WHOLE} FROM spans WHERE trace_id = $trace_id AND {_RECEIVED}",  # noqa: S608 - put together from constants
        {"trace_id": trace_id, "first": facts.first_received_ns, "last": facts.last_received_ns},
    )
    return ComparedTrace(facts, tuple(map(ComparedSpan._make, _fetched(cursor))))


def _fetched(cursor: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an answer. All at once, they would hold up every other thread while they are made."""
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def others_of(cursor: DuckDBPyConnection, facts: TraceFacts, limit: int = NEWEST_OTHERS) -> Others:
    """Return the newest other traces of the name and service; with a root only, if this one has one."""
    return _newest(cursor, _SAME_NAME, _same_name(facts), limit)


def traces_to_choose(cursor: DuckDBPyConnection, trace_id: str, text: str = "") -> TracesToChoose:
    """Return what a trace may be compared with: the newest of its name that match a query, or any named by its id.

    Raises `NotFoundError` while nothing of the trace is stored, `QueryError`.
    """
    this = trace_facts(cursor, trace_id)
    if this is None:
        raise NotFoundError(f"Waiting for trace {trace_id[:48]} …", "Nothing of it has arrived yet.")
    same = _same_name(this)
    named = trace_facts(cursor, text.strip().lower()) if _TRACE_ID.fullmatch(text.strip().lower()) else None
    if named is not None:
        found = Others((named,), 1)
    else:
        condition, asked = _matching(cursor, text)
        found = _newest(cursor, f"{_SAME_NAME} AND {condition}", {**same, **asked}, MOST_TO_CHOOSE)
    earlier = _newest(cursor, f"{_SAME_NAME} AND start_ns < $start", {**same, "start": this.start_ns}, 1)
    well = _newest(cursor, f"{_SAME_NAME} AND error_count = 0", same, 1)
    return TracesToChoose(
        this, found.facts, found.stored, next(iter(earlier.facts), None), next(iter(well.facts), None)
    )


# A trace without a root has the name of whatever of it came first.
_SAME_NAME = """name = $name AND service_name = $service AND (root_span_id IS NULL) = $rootless
    AND trace_id <> $trace_id"""


def _same_name(facts: TraceFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "service": facts.service_name,
        "rootless": facts.is_root_missing,
        "trace_id": facts.trace_id,
    }


def _matching(cursor: DuckDBPyConnection, text: str) -> tuple[str, dict[str, Any]]:
    query = parse(text)
    if query is None:
        return "true", {}
    found = matching(cursor, query, time.time_ns())
    return found.sql, found.parameters


def _newest(cursor: DuckDBPyConnection, condition: str, params: Mapping[str, Any], limit: int) -> Others:
    """Return the newest traces that meet a condition, and how many do."""
    rows = cursor.execute(
        f"{_FACTS} WHERE {condition} ORDER BY start_ns DESC, trace_id LIMIT $limit", {**params, "limit": limit}
    ).fetchall()
    count = len(rows)
    if count == limit > 1:
        counted = cursor.execute(f"SELECT count(*) FROM traces WHERE {condition}", params).fetchone()  # noqa: S608 - constants; values are parameters
        count = counted[0] if counted else 0
    return Others(tuple(TraceFacts(*row) for row in rows), count)


def compare_with_usual(cursor: DuckDBPyConnection, trace: ComparedTrace) -> UsualComparison:
    """Compare a trace with the newest others of its name."""
    others = others_of(cursor, trace.facts)
    sums = accumulate(one.span_count for one in others.facts)
    looked_at = [one for one, spans in zip(others.facts, sums, strict=True) if spans <= MOST_SPANS]
    usual = UsualTrace()
    for spans in _spans_of(cursor, looked_at):
        usual.add(spans)
    return usual.compare(trace, _with_costs(cursor, looked_at), others.stored)


def _spans_of(cursor: DuckDBPyConnection, traces: Sequence[TraceFacts]) -> list[list[ComparedSpan]]:
    if not traces:
        return []
    cursor.execute(
        f"""
        SELECT trace_id, {_NARROW} FROM spans
        WHERE trace_id IN (SELECT unnest($ids)) AND {_RECEIVED} ORDER BY trace_id
        """,  # noqa: S608 - put together from constants
        {
            "ids": [one.trace_id for one in traces],
            "first": min(one.first_received_ns for one in traces),
            "last": max(one.last_received_ns for one in traces),
        },
    )
    by_trace = groupby(_fetched(cursor), key=lambda row: row[0])
    return [[ComparedSpan(*row[1:]) for row in found] for _, found in by_trace]
