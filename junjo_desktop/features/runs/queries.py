"""What the lists of runs read beside the store's own queries: the scatter strip, the last runs of groups, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.runs.listings import (
    STRIP_RUNS,
    AgentRow,
    GroupRow,
    GroupsListing,
    RunsListing,
    RunTotals,
    StripRun,
)
from junjo_desktop.store import run_queries
from junjo_desktop.store.facets import FacetColumn, Facets, count_values
from junjo_desktop.store.run_conditions import condition, filters, type_condition
from junjo_desktop.store.run_expressions import DURATION, OUTCOME
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort
from junjo_desktop.store.run_listings import RunListing, RunRow
from junjo_desktop.widgets.row_source import OrderedIds
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT, Mark, Scatter, ScatterPoint

_MARKS: dict[str, Mark] = {
    RunOutcome.COMPLETED: "done",
    RunOutcome.FAILED: "failed",
    RunOutcome.CANCELLED: "cancelled",
}
_LIMITS = """
SELECT trace_id || span_id,
    try_cast(attributes->>'$."junjo.agent.limit.model_requests"' AS BIGINT),
    try_cast(attributes->>'$."junjo.agent.limit.tool_calls"' AS BIGINT)
FROM spans
WHERE junjo_span_type = 'agent' AND start_ns BETWEEN $first_ns AND $last_ns
  AND trace_id IN (SELECT unnest($traces::VARCHAR[])) AND span_id IN (SELECT unnest($spans::VARCHAR[]))
"""

_FACETS = (
    FacetColumn("service", "Service", "service_name"),
    FacetColumn("name", "Name", "name"),
    FacetColumn("outcome", "Outcome", OUTCOME),
    FacetColumn("version", "Version", "service_version"),
    FacetColumn("termination", "Ended by", "termination_reason"),
)


def run_count(cursor: DuckDBPyConnection, kind: RunKind) -> int:
    """Return how many runs of a kind are stored; runs within runs are not counted."""
    of_kind = type_condition(kind, with_subflows=False)
    counts = f"SELECT count(*) FILTER (span_id IS NOT NULL AND {of_kind}), count(*) - count(span_id) FROM executions"  # noqa: S608 - our own names
    [(ended, still_open)] = cursor.execute(counts).fetchall()
    if not still_open:
        return int(ended)
    # Open workflows are told from open subflows by what else is stored: that takes longer than counting all others.
    query = f"SELECT count(*) FROM runs WHERE span_id IS NULL AND {of_kind}"  # noqa: S608 - our own names
    return int(ended + cursor.execute(query).fetchall()[0][0])


def top(cursor: DuckDBPyConnection, chosen: RunFilter, sort: RunSort, now_ns: int) -> RunsListing:
    """Return the top of the list with its rows."""
    return _listing(cursor, chosen, run_queries.first_page(cursor, chosen, sort, now_ns))


def whole(
    cursor: DuckDBPyConnection, chosen: RunFilter, sort: RunSort, now_ns: int, shown: RunsListing | None
) -> RunsListing:
    """List all runs that pass `chosen`, with totals. `new` counts those that `shown` does not list."""
    known = None if shown is None else RunListing(shown.ids, shown.stored, shown.new, shown.seen_ns)
    found = run_queries.whole_listing(cursor, chosen, sort, now_ns, known)
    facets = run_queries.facets(cursor, chosen.kind, with_subflows=chosen.with_subflows)
    return _listing(cursor, chosen, found, RunTotals(facets, _scatter(cursor, chosen, now_ns, found)))


def facet_counts(cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int) -> Facets:
    """Count the runs that pass `chosen`. Raises `QueryError`."""
    where, parameters = condition(cursor, chosen, now_ns)
    return count_values(cursor, "runs", _FACETS, where, parameters, failed=f"{OUTCOME} = 'failed'")


def rows(cursor: DuckDBPyConnection, kind: RunKind, ids: Sequence[str], now_ns: int) -> Mapping[str, RunRow]:
    """Return rows by id; what is no longer stored is left out."""
    found = run_queries.rows(cursor, ids, now_ns)
    return _with_limits(cursor, found) if kind is RunKind.AGENTS else found


def groups(cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int) -> GroupsListing:
    """Return all groups of the runs that pass `chosen`, those of the newest run first."""
    strips = _strips(cursor, chosen, now_ns)
    found = [
        GroupRow(group, strips.get((group.name, group.service_name, group.type), ()))
        for group in run_queries.groups(cursor, chosen, now_ns)
    ]
    of_kind = type_condition(chosen.kind, with_subflows=chosen.with_subflows)
    [(stored,)] = cursor.execute(f"SELECT count(*) FROM runs WHERE {of_kind}").fetchall()  # noqa: S608 - our own names
    return GroupsListing(
        ids=OrderedIds([row.key for row in found]),
        stored=stored,
        new=0,
        first_rows={row.key: row for row in found},
        facets=run_queries.facets(cursor, chosen.kind, with_subflows=chosen.with_subflows),
    )


def _listing(
    cursor: DuckDBPyConnection, chosen: RunFilter, found: RunListing, totals: RunTotals | None = None
) -> RunsListing:
    first: Mapping[str, RunRow] = found.first_rows
    if chosen.kind is RunKind.AGENTS:
        first = _with_limits(cursor, first)
    return RunsListing(found.ids, found.stored, found.new, found.seen_ns, first, totals, found.is_partial)


def _with_limits(cursor: DuckDBPyConnection, found: Mapping[str, RunRow]) -> dict[str, RunRow]:
    ended = [row for row in found.values() if row.span_id is not None]
    limits = _limits(cursor, ended) if ended else {}
    return {key: AgentRow.of(row, *limits.get(key, (None, None))) for key, row in found.items()}


def _limits(cursor: DuckDBPyConnection, ended: Iterable[RunRow]) -> dict[str, tuple[int | None, int | None]]:
    starts = [row.start_ns for row in ended]
    found = cursor.execute(
        _LIMITS,
        {
            # Bounds of time leave out most row groups of the spans.
            "first_ns": min(starts),
            "last_ns": max(starts),
            "traces": list({row.trace_id for row in ended}),
            "spans": list({row.owner_span_id for row in ended}),
        },
    ).fetchall()
    return {key: (requests, calls) for key, requests, calls in found}


def _strips(
    cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int
) -> dict[tuple[str, str, str], tuple[StripRun, ...]]:
    where, parameters = condition(cursor, chosen, now_ns)
    found = cursor.execute(
        f"""
        SELECT name, service_name, type,
            arg_max({{'start': start_ns, 'duration': {DURATION}, 'outcome': {OUTCOME}}},
                (start_ns, trace_id, owner_span_id), {STRIP_RUNS})
        FROM runs WHERE {where} GROUP BY name, service_name, type
        """,  # noqa: S608 - built from constants; values are parameters
        parameters,
    ).fetchall()
    return {
        (name, service_name, run_type): tuple(
            StripRun(run["start"], run["duration"], RunOutcome(run["outcome"])) for run in reversed(newest)
        )
        for name, service_name, run_type, newest in found
    }


def _scatter(cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int, listed: RunListing) -> Scatter:
    where, parameters = filters(chosen, now_ns)
    if chosen.text.strip():
        # The query is asked once: that takes longer than all the rest.
        where += " AND trace_id || owner_span_id IN (SELECT unnest($listed::VARCHAR[]))"
        parameters["listed"] = listed.ids.page(0, len(listed.ids))
    found = cursor.execute(
        f"""
        WITH chosen AS MATERIALIZED (
            SELECT trace_id || owner_span_id AS row_id, name, start_ns, {DURATION} AS duration_ns,
                {OUTCOME} AS outcome, duration_ns AS ended_ns
            FROM runs WHERE {where}
        ), sample AS (
            SELECT row_id, name, start_ns, duration_ns, outcome FROM chosen WHERE duration_ns IS NOT NULL
            ORDER BY hash(row_id) LIMIT {SAMPLE_LIMIT}
        )
        SELECT (SELECT list(sample) FROM sample), count(*), min(start_ns), max(start_ns), max(duration_ns),
            quantile_disc(ended_ns, [0.5, 0.95])
        FROM chosen
        """,  # noqa: S608 - built from constants; values are parameters
        parameters,
    ).fetchall()
    [(sample, total, first_ns, last_ns, max_ns, quantiles)] = found
    p50_ns, p95_ns = quantiles or (0, 0)
    return Scatter(
        points=tuple(_point(run) for run in sample or ()),
        total=total,
        first_start_ns=first_ns or 0,
        last_start_ns=last_ns or 0,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        max_ns=max_ns or 0,
    )


def _point(run: Mapping[str, Any]) -> ScatterPoint:
    mark = _MARKS.get(run["outcome"], "open")
    return ScatterPoint(run["row_id"], run["name"], run["start_ns"], run["duration_ns"], mark)
