"""What the Traces page reads: ordered ids, pages of rows, services, and a sample for the scatter strip."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.traces.filters import QUIET_AFTER_NS, Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.listings import Listing, Totals, TraceIds, TraceRow
from junjo_desktop.store.call_costs import COST_OF_TRACE, call_sums
from junjo_desktop.store.facets import FacetColumn, Facets, count_values
from junjo_desktop.store.query_newest import Newest, has_structure, newest_matches
from junjo_desktop.store.query_sql import matching
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Condition, negates
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT, Scatter, ScatterPoint

NEWEST_SPANS = 50_000
"""How many spans a first, quick look of a query reads in another order than newest first: some 50 ms."""
NEWEST_TRACES = 1_000
"""How many traces are read again when something was stored; the others wait for the next whole listing."""
FIRST_ROWS = 100
"""How many rows come with the ids: what a tall screen shows."""

_IDS_AT_ONCE = 4_096
_ALL = (1 << 31) - 1

_EARLIEST_NS = -(1 << 63)

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
    SortBy.COST: COST_OF_TRACE,
    SortBy.TRACE_ID: "trace_id",
    SortBy.ROOTS: "root_count",
    SortBy.DROPPED: "dropped_count",
    SortBy.RECEIVED: "last_received_ns",
}

_OWN_FACETS = (
    FacetColumn("name", "Name", "name"),
    FacetColumn("error", "With failures", "if(error_count > 0, 'true', NULL)"),
)
_SERVICE_FACET = (FacetColumn("service", "Service", "a_service"),)
_WITH_SERVICES = """(SELECT trace_id AS a_trace, service_name AS a_service FROM trace_services)
    JOIN traces ON traces.trace_id = a_trace"""
_SPAN_FACETS = (FacetColumn("model", "Model", "llm_model"), FacetColumn("provider", "Provider", "llm_provider"))
_BY_TRACE = """(SELECT {column}, hash(trace_id) AS trace, bool_or(is_error) AS fails
    FROM spans WHERE {column} IS NOT NULL AND {among} GROUP BY ALL)"""
"""One row a trace and value: twice as quick as counting distinct traces."""


def first_page(
    cursor: DuckDBPyConnection, chosen: TraceFilter, sort: Sort, now_ns: int, *, starred: Collection[str] = ()
) -> Listing:
    """Return the top of the list, read in a few milliseconds.

    In another order than newest first a query is asked of the newest spans only. `starred` are the starred traces: the
    store does not know them.
    """
    query = parse(chosen.text)
    if query is not None and sort == Sort():
        ids = _newest_matches(cursor, chosen, query, now_ns, starred)
    else:
        oldest_row = _oldest_row(cursor) if query is not None else 0
        condition, parameters = _condition(cursor, chosen, now_ns, starred, oldest_row=oldest_row)
        found = cursor.execute(
            f"""
            SELECT trace_id FROM traces WHERE $now_ns::BIGINT > 0 AND {condition}
            ORDER BY {_order(sort)} LIMIT {FIRST_ROWS}
            """,  # noqa: S608 - built from this module's constants; every value is a parameter
            {**parameters, "now_ns": now_ns},
        ).fetchall()
        ids = TraceIds("".join(trace_id for (trace_id,) in found))
    stored, seen_ns = _stored(cursor)
    return Listing(ids, stored, 0, seen_ns, _first_rows(cursor, ids), is_partial=True)


def _newest_matches(
    cursor: DuckDBPyConnection,
    chosen: TraceFilter,
    query: Condition,
    now_ns: int,
    starred: Collection[str],
    *,
    limit: int = FIRST_ROWS,
) -> TraceIds:
    clauses, parameters = chosen.narrowing(now_ns, starred).condition()
    rows = Newest(Subject.TRACES, "trace_id", "start_ns", _order(Sort()), " AND ".join(clauses) or "true", parameters)
    return TraceIds("".join(trace_id for (trace_id,) in newest_matches(cursor, rows, query, now_ns, limit)))


def whole_listing(
    cursor: DuckDBPyConnection,
    chosen: TraceFilter,
    sort: Sort,
    now_ns: int,
    shown: Listing | None = None,
    *,
    starred: Collection[str] = (),
    newest_traces: int = NEWEST_TRACES,
) -> Listing:
    """List all traces that pass `chosen`. `new` counts what came since `shown`."""
    query = parse(chosen.text)
    if query is not None and has_structure(query):
        # A part after the other: at once it would take more memory than there is.
        found_ids = _newest_matches(cursor, chosen, query, now_ns, starred, limit=_ALL)
        condition = "trace_id IN (SELECT unnest($found))"
        parameters: dict[str, object] = {"found": found_ids.page(0, len(found_ids))}
    else:
        condition, parameters = _condition(cursor, chosen, now_ns, starred)
    parameters["now_ns"] = now_ns
    ids = _all_ids(cursor, condition, parameters, sort)
    if chosen.text.strip():
        # The query is asked once: that takes longer than all the rest.
        condition = "trace_id IN (SELECT unnest($found))"
        parameters = {"now_ns": now_ns, "found": ids.page(0, len(ids))}
    found = cursor.execute(
        f"""
        WITH chosen AS NOT MATERIALIZED (
            SELECT trace_id, start_ns, duration_ns, first_received_ns
            FROM traces WHERE $now_ns::BIGINT > 0 AND {condition}
        ), sample AS (
            SELECT trace_id AS row_id, name, start_ns, duration_ns,
                if(lead_status_code = 2, 'failed', 'done') AS mark
            FROM traces
            WHERE trace_id IN (SELECT trace_id FROM chosen ORDER BY hash(trace_id) LIMIT {SAMPLE_LIMIT})
        ), newest AS MATERIALIZED (
            SELECT start_ns AS from_ns FROM traces ORDER BY start_ns DESC LIMIT 1 OFFSET {newest_traces - 1:d}
        )
        SELECT
            (SELECT count(*) FILTER (WHERE first_received_ns > $shown_seen_ns) FROM chosen),
            (SELECT list(sample) FROM sample),
            (SELECT {{'first': min(start_ns), 'last': max(start_ns), 'max': max(duration_ns),
                      'quantiles': quantile_disc(duration_ns, [0.5, 0.95])}} FROM chosen),
            (SELECT from_ns FROM newest),
            (SELECT count(*) FROM chosen WHERE start_ns >= (SELECT from_ns FROM newest))
        """,  # noqa: S608 - built from this module's constants; every value is a parameter
        {**parameters, "shown_seen_ns": shown.seen_ns if shown else None},
    ).fetchone()
    new, sample, figures, newest_from_ns, newest_count = found or (0, (), {}, None, 0)
    stored, seen_ns = _stored(cursor)
    return Listing(
        ids=ids,
        stored=stored,
        new=new,
        seen_ns=seen_ns,
        first_rows=_first_rows(cursor, ids),
        totals=Totals(services(cursor), _scatter(sample or [], len(ids), figures)),
        newest_from_ns=_EARLIEST_NS if newest_from_ns is None else newest_from_ns,
        newest_count=len(ids) if newest_from_ns is None else newest_count,
    )


def renewed_listing(
    cursor: DuckDBPyConnection,
    chosen: TraceFilter,
    whole: Listing,
    now_ns: int,
    shown: Listing | None = None,
    *,
    starred: Collection[str] = (),
) -> Listing:
    """Read the newest traces of a newest-first listing again; the older ones are those of `whole`."""
    condition, parameters = _condition(cursor, chosen, now_ns, starred, from_ns=whole.newest_from_ns)
    found = cursor.execute(
        f"""
        WITH newest AS MATERIALIZED (
            SELECT trace_id, start_ns, first_received_ns, replaced_count
            FROM traces WHERE $now_ns::BIGINT > 0 AND {condition}
        )
        SELECT
            (SELECT string_agg(trace_id, '' ORDER BY {_order(Sort())}) FROM newest),
            (SELECT count(*) FILTER (WHERE first_received_ns > $shown_seen_ns) FROM newest),
            (SELECT list(trace_id) FROM newest WHERE replaced_count > 0 AND first_received_ns <= $whole_seen_ns)
        """,  # noqa: S608 - built from this module's constants; every value is a parameter
        {
            **parameters,
            "now_ns": now_ns,
            "shown_seen_ns": shown.seen_ns if shown else None,
            "whole_seen_ns": whole.seen_ns,
        },
    ).fetchone()
    packed, new, received_again = found or ("", 0, ())
    newest = TraceIds(packed or "")
    gone = whole.gone_from_newest(newest)
    fallen = _still_listed(cursor, chosen, now_ns, starred, gone) if gone else TraceIds()
    ids = whole.renewed(newest, fallen, received_again or ())
    stored, seen_ns = _stored(cursor)
    return Listing(ids, stored, new, seen_ns, _first_rows(cursor, ids))


def _still_listed(
    cursor: DuckDBPyConnection, chosen: TraceFilter, now_ns: int, starred: Collection[str], trace_ids: Sequence[str]
) -> TraceIds:
    condition, parameters = _condition(cursor, chosen, now_ns, starred)
    found = cursor.execute(
        f"""
        SELECT trace_id FROM traces
        WHERE $now_ns::BIGINT > 0 AND list_contains($ids, trace_id) AND {condition} ORDER BY {_order(Sort())}
        """,  # noqa: S608 - built from this module's constants; every value is a parameter
        {**parameters, "now_ns": now_ns, "ids": list(trace_ids)},
    ).fetchall()
    return TraceIds("".join(trace_id for (trace_id,) in found))


def rows(cursor: DuckDBPyConnection, trace_ids: Sequence[str]) -> tuple[TraceRow, ...]:
    """Return the rows of `trace_ids` in that order; what is no longer stored is left out."""
    ids = {"ids": list(trace_ids)}
    # Two statements: joined into one, DuckDB counts the services of every trace there is.
    counts = dict(
        cursor.execute(
            "SELECT trace_id, count(*) FROM trace_services WHERE list_contains($ids, trace_id) GROUP BY trace_id", ids
        ).fetchall()
    )
    found = cursor.execute(
        """
        SELECT trace_id, root_span_id, root_count, name, service_name,
            start_ns, if(start_ns > 0 AND end_ns > 0, duration_ns, NULL),
            lead_status_code, span_count, error_count, llm_count,
            input_tokens, output_tokens, dropped_count, last_received_ns
        FROM traces WHERE list_contains($ids, trace_id)
        """,
        ids,
    ).fetchall()
    sums = call_sums(cursor, trace_ids)
    by_id = {row[0]: TraceRow(*(*row[:5], counts.get(row[0], 0), *row[5:], sums.get(row[0]))) for row in found}
    return tuple(by_id[trace_id] for trace_id in trace_ids if trace_id in by_id)


def _first_rows(cursor: DuckDBPyConnection, ids: TraceIds) -> dict[str, TraceRow]:
    return {row.trace_id: row for row in rows(cursor, ids.page(0, FIRST_ROWS))}


def trace_count(cursor: DuckDBPyConnection) -> int:
    """Return how many traces are stored; it reads no row."""
    return _stored(cursor)[0]


def _stored(cursor: DuckDBPyConnection) -> tuple[int, int]:
    """Return how many traces are stored, and when the last of them was first received."""
    stored, seen_ns = cursor.execute("SELECT count(*), max(first_received_ns) FROM traces").fetchone() or (0, None)
    return stored, seen_ns or 0


def _all_ids(cursor: DuckDBPyConnection, condition: str, parameters: dict[str, object], sort: Sort) -> TraceIds:
    """Return all that match, in order. As rows: DuckDB sorts these also where they are more than it may hold."""
    query = f"SELECT trace_id FROM traces WHERE $now_ns::BIGINT > 0 AND {condition} ORDER BY {_order(sort)}"  # noqa: S608 - constants; values are parameters
    cursor.execute(query, parameters)
    parts = []
    while rows := cursor.fetchmany(_IDS_AT_ONCE):
        parts.append("".join([trace_id for (trace_id,) in rows]))
    return TraceIds("".join(parts))


def _order(sort: Sort) -> str:
    last = " NULLS LAST" if sort.by == SortBy.COST else ""
    return f"{_SORT_KEYS[sort.by]} {'DESC' if sort.descending else 'ASC'}{last}, start_ns DESC, trace_id"


def services(cursor: DuckDBPyConnection) -> dict[str, int]:
    """Return every service that sent spans, by name, with the number of its traces."""
    found = cursor.execute(
        "SELECT service_name, count(*) FROM trace_services GROUP BY service_name ORDER BY lower(service_name)"
    ).fetchall()
    return dict(found)


def facet_counts(cursor: DuckDBPyConnection, chosen: TraceFilter, now_ns: int, starred: Collection[str] = ()) -> Facets:
    """Count the traces that pass `chosen`, by what they and their spans say."""
    where, parameters = _condition(cursor, chosen, now_ns, starred)
    if chosen.text.strip():
        # The query is asked once: that takes longer than all the rest.
        found = cursor.execute(f"SELECT trace_id FROM traces WHERE {where}", parameters).fetchall()  # noqa: S608 - constants; values are parameters
        where, parameters = "trace_id IN (SELECT unnest($found))", {"found": [trace_id for (trace_id,) in found]}
    own = count_values(cursor, "traces", _OWN_FACETS, where, parameters, failed="error_count > 0")
    services = count_values(cursor, _WITH_SERVICES, _SERVICE_FACET, where, parameters, failed="error_count > 0")
    among = "true" if where == "true" else f"trace_id IN (SELECT trace_id FROM traces WHERE {where})"  # noqa: S608 - constants; values are parameters
    of_spans = [
        count_values(
            cursor, _BY_TRACE.format(column=column.sql, among=among), (column,), "true", parameters, failed="fails"
        )
        for column in _SPAN_FACETS
    ]
    return Facets(own.total, (*services.facets, *own.facets, *(one for found in of_spans for one in found.facets)))


def _oldest_row(cursor: DuckDBPyConnection) -> int:
    newest = cursor.execute("SELECT max(rowid) FROM spans").fetchone()
    return max(0, (newest[0] if newest and newest[0] is not None else 0) - NEWEST_SPANS)


def _condition(
    cursor: DuckDBPyConnection,
    chosen: TraceFilter,
    now_ns: int,
    starred: Collection[str],
    *,
    from_ns: int | None = None,
    oldest_row: int = 0,
) -> tuple[str, dict[str, object]]:
    narrowing = chosen.narrowing(now_ns, starred)
    if from_ns is not None:
        since_ns = from_ns if narrowing.since_ns is None else max(narrowing.since_ns, from_ns)
        narrowing = replace(narrowing, since_ns=since_ns)
    clauses, parameters = narrowing.condition()
    query = parse(chosen.text)
    if query is not None:
        found = matching(cursor, query, now_ns, among=_spans_among(narrowing.since_ns is not None, oldest_row))
        clauses.append(found.sql)
        parameters |= found.parameters
        if oldest_row > 0 and negates(query):
            # What no span says, only a trace tells that is looked at whole.
            clauses.append(f"first_received_ns > (SELECT min(received_ns) FROM spans WHERE rowid >= {oldest_row:d})")  # noqa: S608 - a number
    return " AND ".join(clauses) or "true", parameters


def _spans_among(after_since: bool, oldest_row: int) -> str:
    # No span that told its start (it is not 0) starts before its trace: that leaves out whole row groups of old text.
    parts = ["(start_ns >= $since_ns OR start_ns = 0)"] if after_since else []
    if oldest_row > 0:
        parts.append(f"rowid >= {oldest_row:d}")
    return " AND ".join(parts)


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
