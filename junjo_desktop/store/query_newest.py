"""The newest matches of a query: looked for among the newest rows first, then among ever more older ones.

What is found is exact, as if all had been read: a trace is always looked at whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.log_rows import MOMENT
from junjo_desktop.store.query_reach import Among, Reach, received_between
from junjo_desktop.store.query_sql import check_patterns, compiled_among
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Exists,
    Not,
    OneOf,
    Path,
    Scope,
    Text,
    parts_of,
)

_TABLES = {
    Subject.TRACES: "traces",
    Subject.SPANS: "spans",
    Subject.RUNS: "runs",
    Subject.LOGS: "logs",
    Subject.CALLS: "calls",
}
_TIMES = {
    Subject.TRACES: ("traces", "start_ns"),
    Subject.SPANS: ("traces", "start_ns"),
    Subject.RUNS: ("executions", "start_ns"),
    Subject.LOGS: ("logs", MOMENT),
    Subject.CALLS: ("calls", "start_ns"),
}
"""What tells which time has about as many rows as are to be looked at: the smallest table that does."""
_FIRST_ROWS = {
    Subject.TRACES: 250,
    Subject.SPANS: 250,
    Subject.RUNS: 250,
    Subject.LOGS: 4_096,
    Subject.CALLS: 250,
}
# Asking takes some 5 ms, whatever is read.
_LEAST_GROWTH, _MOST_GROWTH = 2, 8
_SPARE = 1.3
# What stands below what takes memory: a million spans at once more than there is.
_MOST_ROWS_OF_STRUCTURE = 8_000
_FEW_SLOTS = 24
_MOST_CANDIDATES = 1_000
_MOST_TRIES = 2


@dataclass(frozen=True, slots=True)
class Newest:
    """Rows of a subject, newest first. All is SQL put together from constants, with values in `parameters`."""

    subject: Subject
    columns: str
    """What is returned of each row."""
    moment: str
    """What newest goes by."""
    order: str
    """The whole order; it begins with `moment DESC`."""
    where: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def restricted(self, where: str, parameters: Mapping[str, Any]) -> Newest:
        """Return those of them that meet a further condition."""
        return replace(self, where=f"({self.where}) AND {where}", parameters={**self.parameters, **parameters})


def newest_matches(
    cursor: DuckDBPyConnection, rows: Newest, query: Condition, now_ns: int, limit: int
) -> list[tuple[Any, ...]]:
    """Return the first `limit` of the rows that match. Raises `QueryError` for a pattern that DuckDB cannot use."""
    check_patterns(cursor, query)
    reach: Reach | None = None
    found: list[tuple[Any, ...]] = []
    window = _Window(rows.moment, *_TIMES[rows.subject])
    size: int | None = _FIRST_ROWS[rows.subject]
    looked_at = 0
    given = ""
    is_structure = has_structure(query)
    while not window.is_last:
        window.move(cursor, size)
        among = Among(given or _received(cursor, rows, query, window.sql), reach)
        condition = compiled_among(query, now_ns, rows.subject, among)
        found += cursor.execute(
            f"""
            SELECT {rows.columns} FROM {_TABLES[rows.subject]}
            WHERE {window.sql} AND ({rows.where}) AND {condition.sql} ORDER BY {rows.order} LIMIT {limit - len(found):d}
            """,  # noqa: S608 - constants; values are parameters
            {**rows.parameters, **condition.parameters},
        ).fetchall()
        if len(found) >= limit:
            break
        looked_at += size or 0
        size = _next_size(size or 0, looked_at, len(found), limit)
        size = min(size, _MOST_ROWS_OF_STRUCTURE) if is_structure else size
        if reach is None:
            # The newest rows often hold enough, and looking words up takes longer than looking at those.
            reach = Reach(cursor, query, rows.subject)
            size = None if reach.slots_read(query) <= _FEW_SLOTS and not is_structure else size
            rows, given = _candidates(cursor, rows, query, now_ns, reach, seems_rare=not found)
    return found


def _next_size(size: int, looked_at: int, found: int, limit: int) -> int:
    """Return how many rows to look at next: so many as seem to hold what is still missing."""
    if not found:
        return size * _MOST_GROWTH
    needed = int(looked_at * (limit - found) / found * _SPARE)
    return min(max(needed, size * _LEAST_GROWTH), size * _MOST_GROWTH)


class _Window:
    """A range of time, as a condition on rows: ranges follow each other downwards, and together hold for all."""

    def __init__(self, moment: str, table: str, time: str) -> None:
        """`time` of `table` tells where there are how many."""
        self.sql = "true"
        self.is_last = False
        self._moment = moment
        self._table = table
        self._time = time
        self._above: int | None = None

    def move(self, cursor: DuckDBPyConnection, size: int | None) -> None:
        """Go on to the next range, of about `size` rows, or of all that are left."""
        oldest_ns = None if size is None else self._oldest_ns(cursor, size)
        bounds = [f"{self._moment} < {self._above:d}"] if self._above is not None else []
        bounds += [f"{self._moment} >= {oldest_ns:d}"] if oldest_ns is not None else []
        self.sql = " AND ".join(bounds) or "true"
        self._above = oldest_ns
        self.is_last = oldest_ns is None

    def _oldest_ns(self, cursor: DuckDBPyConnection, size: int) -> int | None:
        below = "true" if self._above is None else f"{self._time} < {self._above:d}"
        found = cursor.execute(
            f"SELECT {self._time} AS moment FROM {self._table} WHERE {below} "  # noqa: S608 - our own names and numbers
            f"ORDER BY moment DESC LIMIT 1 OFFSET {size - 1:d}"
        ).fetchone()
        return None if found is None else found[0]


def _candidates(
    cursor: DuckDBPyConnection, rows: Newest, query: Condition, now_ns: int, reach: Reach, *, seems_rare: bool
) -> tuple[Newest, str]:
    """Return the rows of those traces that meet a part of the query which few do, and which spans these have.

    Where no part is known to be rare, all rows, and nothing, which means any span.
    """
    for part in (
        _rare_parts(query, reach, seems_rare=seems_rare) if rows.subject in {Subject.TRACES, Subject.SPANS} else ()
    ):
        condition = compiled_among(part, now_ns, Subject.TRACES, Among("", reach))
        found = cursor.execute(
            "SELECT trace_id, first_received_ns, last_received_ns FROM traces "  # noqa: S608 - a compiled query
            f"WHERE {condition.sql} LIMIT {_MOST_CANDIDATES}",
            condition.parameters,
        ).fetchall()
        if len(found) < _MOST_CANDIDATES:
            of_them = {"candidates": [trace_id for trace_id, _, _ in found]}
            one_of_them = "trace_id IN (SELECT unnest($candidates::VARCHAR[]))"
            return rows.restricted(one_of_them, of_them), received_between((first, last) for _, first, last in found)
    return rows, ""


def _rare_parts(query: Condition, reach: Reach, *, seems_rare: bool) -> Sequence[Condition]:
    """Return what all traces meet that the query finds, or that have spans which it finds, as far as that is quick.

    The rarest word is looked up in few spans, and known fields are columns of their own.
    """
    match query:
        case And():
            parts: Sequence[Condition] = query.operands
        case Path() if len(query.spans) > 1:
            parts = [Path((span,)) for span in query.spans if span is not None]
        case _:
            return ()
    rarest = min(parts, key=reach.slots_read, default=None)
    if rarest is not None and reach.slots_read(rarest) <= _FEW_SLOTS:
        return (rarest,)
    if not seems_rare or (isinstance(query, And) and _reads_columns(query)):
        return ()
    return [part for part in parts if _reads_columns(part)][:_MOST_TRIES]


def _reads_columns(condition: Condition) -> bool:
    if isinstance(condition, Comparison | OneOf | Exists):
        return condition.field.scope is Scope.KNOWN
    return not isinstance(condition, Not | Text) and all(map(_reads_columns, parts_of(condition)))


def _asks_others(subject: Subject, query: Condition) -> bool:
    """Tell whether other spans than the rows themselves are looked at."""
    return subject is not Subject.SPANS or has_structure(query)


def has_structure(query: Condition) -> bool:
    """Tell whether a query asks for spans below others."""
    return (isinstance(query, Path) and len(query.spans) > 1) or any(map(has_structure, parts_of(query)))


def _received(cursor: DuckDBPyConnection, rows: Newest, query: Condition, window: str) -> str:
    """Return a condition that all spans meet of all traces that rows of the window have; empty: any span may matter."""
    if window == "true" or not _asks_others(rows.subject, query):
        return ""
    table = _TABLES[rows.subject]
    of_window = window
    if rows.subject is not Subject.TRACES:
        of_window = f"trace_id IN (SELECT trace_id FROM {table} WHERE {window})"  # noqa: S608 - our own names and numbers
    bounds = f"SELECT min(first_received_ns), max(last_received_ns) FROM traces WHERE {of_window}"  # noqa: S608 - the same reason
    [(first_ns, last_ns)] = cursor.execute(bounds).fetchall()
    return "false" if first_ns is None else f"received_ns BETWEEN {first_ns:d} AND {last_ns:d}"
