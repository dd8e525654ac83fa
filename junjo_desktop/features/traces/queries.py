"""What the Traces page reads: ordered ids, pages of rows, services, and a sample for the scatter strip."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.traces.filters import QUIET_AFTER_NS, Sort, SortBy, TraceFilter

TRACE_ID_CHARS = 32
SAMPLE_LIMIT = 2_000
NEWEST_SPANS = 50_000
"""How many spans a first, quick look for a text reads: some 50 ms where a million take a second."""


@dataclass(frozen=True, slots=True)
class TraceIds:
    """Ids in order, packed into one text of 32 characters each: a million take 32 MB and no time to copy."""

    packed: str = ""

    def __len__(self) -> int:
        return len(self.packed) // TRACE_ID_CHARS

    def __getitem__(self, row: int) -> str:
        return self.packed[row * TRACE_ID_CHARS : (row + 1) * TRACE_ID_CHARS]

    def page(self, first: int, count: int) -> list[str]:
        """Return up to `count` ids from row `first`."""
        return [self[row] for row in range(first, min(first + count, len(self)))]

    def find(self, trace_id: str) -> int:
        """Return the row of an id, -1 when it is not listed."""
        at = self.packed.find(trace_id)
        while at >= 0 and at % TRACE_ID_CHARS:
            at = self.packed.find(trace_id, at + 1)
        return at // TRACE_ID_CHARS if at >= 0 else -1


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One line of the list. Times in nanoseconds since the epoch; token counts are None when no call told any."""

    trace_id: str
    root_span_id: str | None
    root_count: int
    name: str
    service_name: str
    service_count: int
    start_ns: int
    duration_ns: int
    lead_status_code: int
    span_count: int
    error_count: int
    llm_count: int
    input_tokens: int | None
    output_tokens: int | None
    dropped_count: int
    last_received_ns: int


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """A service and how many traces hold spans of it."""

    service_name: str
    trace_count: int


@dataclass(frozen=True, slots=True)
class ScatterPoint:
    """One trace in the scatter strip."""

    trace_id: str
    name: str
    start_ns: int
    duration_ns: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """A bounded, stable sample of the listed traces, and figures over all of them."""

    points: tuple[ScatterPoint, ...] = ()
    total: int = 0
    first_start_ns: int = 0
    last_start_ns: int = 0
    p50_ns: int = 0
    p95_ns: int = 0
    max_ns: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole answer to one filter and order. `stored` counts all traces; `seen_ns` marks what is new later on.

    `is_partial`: a text was looked for in the newest spans only, and older ones may still hold it.
    """

    ids: TraceIds
    stored: int
    new: int
    seen_ns: int
    services: tuple[ServiceCount, ...]
    scatter: Scatter
    is_partial: bool = False


_OUTCOME_RANK = f"""CASE WHEN root_span_id IS NOT NULL THEN if(lead_status_code = 2, 0, 3)
    WHEN last_received_ns < $now_ns::BIGINT - {QUIET_AFTER_NS} THEN 1 ELSE 2 END"""

_SORT_KEYS = {
    SortBy.OUTCOME: _OUTCOME_RANK,
    SortBy.NAME: "lower(name)",
    SortBy.SERVICE: "lower(service_name)",
    SortBy.STARTED: "start_ns",
    SortBy.DURATION: "duration_ns",
    SortBy.SPANS: "span_count",
    SortBy.ERRORS: "error_count",
    SortBy.LLM: "llm_count",
    SortBy.TOKENS: "coalesce(input_tokens, 0) + coalesce(output_tokens, 0)",
    SortBy.TRACE_ID: "trace_id",
    SortBy.ROOTS: "root_count",
    SortBy.DROPPED: "dropped_count",
    SortBy.RECEIVED: "last_received_ns",
}


_NOTHING: tuple[Any, ...] = ("", 0, (), {}, {"stored": 0, "seen": 0})


def listing(
    cursor: DuckDBPyConnection,
    chosen: TraceFilter,
    sort: Sort,
    now_ns: int,
    shown: Listing | None = None,
    *,
    quick: bool = False,
) -> Listing:
    """List the traces that pass `chosen`. `new` counts what came since `shown`.

    With `quick`, a text is looked for in the newest spans only (see `Listing.is_partial`).
    """
    oldest_row = _oldest_row(cursor) if quick and chosen.text.strip() else 0
    condition, parameters = _condition(chosen, now_ns, oldest_row)
    direction = "DESC" if sort.descending else "ASC"
    # One statement: the text is looked for once, and the list, its figures and the sample agree with each other.
    found = cursor.execute(
        f"""
        WITH chosen AS MATERIALIZED (
            SELECT *, {_SORT_KEYS[sort.by]} AS sort_key FROM traces WHERE $now_ns::BIGINT > 0 AND {condition}
        ), sample AS (
            SELECT trace_id, name, start_ns, duration_ns, lead_status_code = 2 AS failed
            FROM chosen ORDER BY hash(trace_id) LIMIT {SAMPLE_LIMIT}
        )
        SELECT
            (SELECT string_agg(trace_id, '' ORDER BY sort_key {direction}, start_ns DESC, trace_id) FROM chosen),
            (SELECT count(*) FILTER (WHERE first_received_ns > $shown_seen_ns) FROM chosen),
            (SELECT list(sample) FROM sample),
            (SELECT {{'first': min(start_ns), 'last': max(start_ns), 'max': max(duration_ns),
                      'quantiles': quantile_disc(duration_ns, [0.5, 0.95])}} FROM chosen),
            (SELECT {{'stored': count(*), 'seen': max(first_received_ns)}} FROM traces)
        """,  # noqa: S608 - built from this module's constants; every value is a parameter
        {**parameters, "now_ns": now_ns, "shown_seen_ns": shown.seen_ns if shown else None},
    ).fetchone()
    packed, new, sample, figures, everything = found or _NOTHING
    ids = TraceIds(packed or "")
    return Listing(
        ids=ids,
        stored=everything["stored"],
        new=len(ids) - len(shown.ids) if shown and shown.is_partial else new,
        seen_ns=everything["seen"] or 0,
        services=services(cursor),
        scatter=_scatter(sample or [], len(ids), figures),
        is_partial=oldest_row > 0,
    )


def rows(cursor: DuckDBPyConnection, trace_ids: Sequence[str]) -> tuple[TraceRow, ...]:
    """Return the rows of `trace_ids` in that order; what is no longer stored is left out."""
    found = cursor.execute(
        """
        SELECT trace_id, root_span_id, root_count, name, service_name,
            (SELECT count(*) FROM trace_services s WHERE s.trace_id = t.trace_id),
            start_ns, duration_ns, lead_status_code, span_count, error_count, llm_count,
            input_tokens, output_tokens, dropped_count, last_received_ns
        FROM traces t WHERE trace_id IN (SELECT unnest($ids))
        """,
        {"ids": list(trace_ids)},
    ).fetchall()
    by_id = {row[0]: TraceRow(*row) for row in found}
    return tuple(by_id[trace_id] for trace_id in trace_ids if trace_id in by_id)


def services(cursor: DuckDBPyConnection) -> tuple[ServiceCount, ...]:
    """Return every service that sent spans, by name, with the number of its traces."""
    found = cursor.execute(
        "SELECT service_name, count(*) FROM trace_services GROUP BY service_name ORDER BY lower(service_name)"
    ).fetchall()
    return tuple(ServiceCount(name, count) for name, count in found)


def _oldest_row(cursor: DuckDBPyConnection) -> int:
    newest = cursor.execute("SELECT max(rowid) FROM spans").fetchone()
    return max(0, (newest[0] if newest and newest[0] is not None else 0) - NEWEST_SPANS)


def _condition(chosen: TraceFilter, now_ns: int, oldest_row: int) -> tuple[str, dict[str, object]]:
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    candidates = (
        (chosen.service, "trace_id IN (SELECT trace_id FROM trace_services WHERE service_name = $service)", "service"),
        (since_ns, "start_ns >= $since_ns", "since_ns"),
        (until_ns, "start_ns <= $until_ns", "until_ns"),
        (chosen.min_duration_ns, "duration_ns >= $min_duration_ns", "min_duration_ns"),
        (chosen.max_duration_ns, "duration_ns <= $max_duration_ns", "max_duration_ns"),
    )
    clauses = [clause for value, clause, _ in candidates if value is not None]
    parameters: dict[str, object] = {name: value for value, _, name in candidates if value is not None}
    if chosen.errors_only:
        clauses.append("error_count > 0")
    if chosen.has_llm:
        clauses.append("llm_count > 0")
    if chosen.text.strip():
        clauses.append(_text_clause(since_ns is not None, oldest_row))
        parameters |= _text_parameters(chosen.text.strip())
    return " AND ".join(clauses) or "true", parameters


def _text_clause(after_since: bool, oldest_row: int) -> str:
    # No span starts before its trace: the start of the range leaves out whole row groups of old text.
    span_since = "start_ns >= $since_ns AND" if after_since else ""
    if oldest_row > 0:
        span_since += f" rowid >= {oldest_row} AND"
    return f"""(starts_with(trace_id, $text)
        OR contains(lower(name), $text) OR contains(lower(service_name), $text)
        OR trace_id IN (SELECT trace_id FROM spans WHERE {span_since} (
            contains(lower(name), $text) OR contains(lower(status_message), $text)
            OR contains(lower(service_name), $text)
            OR contains(lower(attributes), $text_json)
            OR (event_count > 0 AND contains(lower(events), $text_json)))))"""  # noqa: S608 - only constants of this module


def _text_parameters(text: str) -> dict[str, object]:
    # Attributes and events are JSON text: what was typed is looked for as JSON writes it.
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    return {"text": text.lower(), "text_json": escaped.lower()}


def _scatter(sample: list[dict[str, Any]], total: int, figures: dict[str, Any]) -> Scatter:
    if not total:
        return Scatter()
    p50_ns, p95_ns = figures["quantiles"]
    return Scatter(
        points=tuple(ScatterPoint(**point) for point in sample),
        total=total,
        first_start_ns=figures["first"],
        last_start_ns=figures["last"],
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        max_ns=figures["max"],
    )
