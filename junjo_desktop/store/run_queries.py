"""The queries behind lists of runs: ordered ids, pages of rows, groups, facets. Each is a function of a read cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from junjo_desktop.store.query_newest import Newest, newest_matches
from junjo_desktop.store.run_conditions import ENDED, WITH_TOKENS, condition, filters, order, type_condition
from junjo_desktop.store.run_costs import run_sums
from junjo_desktop.store.run_expressions import DURATION, OUTCOME
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort, RunSortBy
from junjo_desktop.store.run_listings import RunFacets, RunGroup, RunIds, RunListing, RunRow, run_key
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject

FIRST_ROWS = 100
"""How many rows come with the ids: what a tall screen shows."""

_IDS_AT_ONCE = 4_096
_FEW_NEW = 64

_COMPUTED = {"outcome": OUTCOME, "duration_ns": DURATION}
_NAMES = tuple(field.name for field in fields(RunRow) if field.name != "calls")
_COLUMNS = ", ".join(f"{_COMPUTED.get(name, name)} AS {name}" for name in _NAMES)


NEWEST_SPANS = 50_000
"""How many spans a first, quick look of a query reads in another order than newest first."""


def first_page(cursor: DuckDBPyConnection, chosen: RunFilter, sort: RunSort, now_ns: int) -> RunListing:
    """Return the top of the list with its rows. Raises `QueryError`.

    In another order than newest first, a query is asked of the newest spans only.
    """
    query = parse(chosen.text, Subject.RUNS)
    if query is not None and sort == RunSort():
        newest = Newest(Subject.RUNS, "trace_id || owner_span_id", "start_ns", order(sort), *filters(chosen, now_ns))
        found = newest_matches(cursor, newest, query, now_ns, FIRST_ROWS)
        ids = RunIds("".join(key for (key,) in found))
        stored, seen_ns = _stored(cursor, chosen)
        return RunListing(ids, stored, 0, seen_ns, rows(cursor, ids.page(0, len(ids)), now_ns), is_partial=True)
    return _listing(cursor, chosen, sort, now_ns, limit=FIRST_ROWS)


def whole_listing(
    cursor: DuckDBPyConnection, chosen: RunFilter, sort: RunSort, now_ns: int, shown: RunListing | None = None
) -> RunListing:
    """List all runs that pass `chosen`, with the rows at the top. `new` counts those that `shown` does not list.

    Raises `QueryError`.
    """
    return _listing(cursor, chosen, sort, now_ns, shown=shown)


def rows(cursor: DuckDBPyConnection, ids: Sequence[str], now_ns: int) -> dict[str, RunRow]:
    """Return rows by id (`RunKey.text`); what is no longer stored is left out."""
    found = _rows(cursor, ENDED, ids, now_ns)
    found |= _rows(cursor, "runs", [key for key in ids if key not in found], now_ns)
    traces = _traces(cursor, {row.trace_id for row in found.values()})
    lone = {trace_id for trace_id, trace in traces.items() if trace.has_one_run_on_top}
    whole = [row for row in found.values() if row.parent_runtime_id is None and row.type != "agent"]
    sums = run_sums(cursor, [run_key(row.key) for row in whole], lone)
    sums |= run_sums(cursor, [run_key(row.key) for row in found.values() if run_key(row.key) not in sums])
    return {
        key: replace(_with_trace(row, traces[row.trace_id]), calls=sums.get(run_key(key))) for key, row in found.items()
    }


def groups(cursor: DuckDBPyConnection, chosen: RunFilter, now_ns: int) -> tuple[RunGroup, ...]:
    """Return the runs that pass `chosen` by name and service, those of the newest run first. Raises `QueryError`."""
    where, parameters = condition(cursor, chosen, now_ns)
    found = cursor.execute(
        f"""
        WITH chosen AS (
            SELECT *, {OUTCOME} AS state FROM {WITH_TOKENS} WHERE {where}
        )
        SELECT name, service_name, type, count(*),
            count(*) FILTER (state = 'completed'), count(*) FILTER (state = 'failed'),
            count(*) FILTER (state = 'cancelled'), count(*) FILTER (state = 'running'),
            count(*) FILTER (state = 'lost'),
            quantile_disc(duration_ns, 0.5), quantile_disc(duration_ns, 0.95),
            max(start_ns), arg_max(trace_id || owner_span_id, (start_ns, trace_id, owner_span_id)),
            arg_max(state, (start_ns, trace_id, owner_span_id)),
            sum(model_requests)::BIGINT, sum(tool_calls)::BIGINT,
            sum(input_tokens)::BIGINT, sum(output_tokens)::BIGINT
        FROM chosen
        GROUP BY name, service_name, type
        ORDER BY max(start_ns) DESC, name, service_name, type
        """,  # noqa: S608 - built from constants; values are parameters
        parameters,
    ).fetchall()
    return tuple(_group(row) for row in found)


def facets(cursor: DuckDBPyConnection, kind: RunKind, *, with_subflows: bool = False) -> RunFacets:
    """Return what the runs of a kind can be narrowed by."""
    of_kind = type_condition(kind, with_subflows=with_subflows)
    columns = ("service_name", "name", "service_version", "termination_reason")
    found = [
        cursor.execute(
            f"""
            SELECT {column}, count(*) FROM runs WHERE {of_kind} AND {column} <> ''
            GROUP BY {column} ORDER BY lower({column}), {column}
            """  # noqa: S608 - our own names
        ).fetchall()
        for column in columns
    ]
    return RunFacets(*(dict(values) for values in found))


def _listing(
    cursor: DuckDBPyConnection,
    chosen: RunFilter,
    sort: RunSort,
    now_ns: int,
    *,
    limit: int | None = None,
    shown: RunListing | None = None,
) -> RunListing:
    oldest_row = _oldest_row(cursor) if limit is not None and chosen.text.strip() else 0
    where, parameters = condition(cursor, chosen, now_ns, oldest_row=oldest_row)
    query = f"""
        SELECT trace_id || owner_span_id, last_received_ns
        FROM {WITH_TOKENS if sort.by is RunSortBy.TOKENS else "runs"}
        WHERE {where} ORDER BY {order(sort)}
    """  # noqa: S608 - built from constants; values are parameters
    cursor.execute(query if limit is None else f"{query} LIMIT {limit:d}", parameters)
    parts: list[str] = []
    changed: list[str] = []
    while found := cursor.fetchmany(_IDS_AT_ONCE):
        parts.append("".join([key for key, _ in found]))
        if shown is not None:
            changed += [key for key, received_ns in found if received_ns > shown.seen_ns]
    ids = RunIds("".join(parts))
    stored, seen_ns = _stored(cursor, chosen)
    top = rows(cursor, [ids[row] for row in range(min(len(ids), FIRST_ROWS))], now_ns)
    return RunListing(ids, stored, _new(changed, shown), seen_ns, top, is_partial=limit is not None)


def _oldest_row(cursor: DuckDBPyConnection) -> int:
    newest = cursor.execute("SELECT max(rowid) FROM spans").fetchone()
    return max(0, (newest[0] if newest and newest[0] is not None else 0) - NEWEST_SPANS)


def _stored(cursor: DuckDBPyConnection, chosen: RunFilter) -> tuple[int, int]:
    """Return how many runs of the kind there are, and when the last of all was received."""
    # What is open and may be of the kind counts, too: to tell that takes ten times as long.
    of_kind = type_condition(chosen.kind, with_subflows=chosen.with_subflows)
    maybe = "false" if chosen.kind is RunKind.AGENTS else "type IS NULL"
    query = f"SELECT count(*) FILTER ({of_kind} OR {maybe}), coalesce(max(last_received_ns), 0) FROM executions"  # noqa: S608 - our own names
    [(stored, seen_ns)] = cursor.execute(query).fetchall()
    return stored, seen_ns


def _new(changed: Iterable[str], shown: RunListing | None) -> int:
    """Count those that are not shown; an open run that ends changes and is not new."""
    changed = list(changed)
    if shown is None or not changed:
        return 0
    if len(changed) <= _FEW_NEW:
        return sum(shown.ids.find(key) < 0 for key in changed)
    return len(set(changed).difference(map(shown.ids.__getitem__, range(len(shown.ids)))))


def _rows(cursor: DuckDBPyConnection, source: str, ids: Sequence[str], now_ns: int) -> dict[str, RunRow]:
    if not ids:
        return {}
    keys = list(map(run_key, ids))
    of_traces, parameters = _one_of({key.trace_id for key in keys})
    found = cursor.execute(
        f"""
        SELECT {_COLUMNS} FROM {source}
        WHERE $now_ns::BIGINT IS NOT NULL AND {of_traces} AND owner_span_id IN (SELECT unnest($owners::VARCHAR[]))
        """,  # noqa: S608 - built from constants; values are parameters
        {**parameters, "now_ns": now_ns, "owners": list({key.owner_span_id for key in keys})},
    ).fetchall()
    wanted = set(ids)
    return {row.key: row for row in map(_row, found) if row.key in wanted}


def _traces(cursor: DuckDBPyConnection, trace_ids: Collection[str]) -> dict[str, _RunTrace]:
    if not trace_ids:
        return {}
    of_traces, parameters = _one_of(trace_ids)
    query = f"SELECT trace_id, input_tokens, output_tokens, last_received_ns FROM traces WHERE {of_traces}"  # noqa: S608 - our own names
    found = cursor.execute(query, parameters).fetchall()
    query = f"SELECT trace_id FROM executions WHERE parent_runtime_id IS NULL AND {of_traces}"  # noqa: S608 - our own names
    tops = Counter(trace_id for (trace_id,) in cursor.execute(query, parameters).fetchall())
    return {row[0]: _RunTrace._make((*row[1:], tops[row[0]] == 1)) for row in found}


def _with_trace(row: RunRow, trace: _RunTrace) -> RunRow:
    if row.span_id is None:
        row = replace(row, heard_ns=max(row.heard_ns, trace.last_received_ns))
    if row.type == "agent" or row.parent_runtime_id is not None or not trace.has_one_run_on_top:
        return row
    return replace(row, input_tokens=trace.input_tokens, output_tokens=trace.output_tokens)


def _one_of(trace_ids: Collection[str]) -> tuple[str, dict[str, object]]:
    # Single values are looked up in the indexes; a list in one value would have the whole tables read.
    names = [f"trace_{number}" for number in range(len(trace_ids))]
    return f"trace_id IN ({', '.join(f'${name}' for name in names)})", dict(zip(names, trace_ids, strict=True))


def _row(values: Sequence[Any]) -> RunRow:
    found = dict(zip(_NAMES, values, strict=True))
    return RunRow(**{**found, "outcome": RunOutcome(found["outcome"])})


def _group(values: Sequence[Any]) -> RunGroup:
    found = dict(zip(_GROUP_NAMES, values, strict=True))
    return RunGroup(**{**found, "last_outcome": RunOutcome(found["last_outcome"])})


class _RunTrace(NamedTuple):
    """What the trace of a run tells."""

    input_tokens: int | None
    output_tokens: int | None
    last_received_ns: int
    has_one_run_on_top: bool


_GROUP_NAMES = tuple(field.name for field in fields(RunGroup))
