"""Lists of rows of a large table, by their numbers: where rows lie, in any order, at 8 bytes a row.

A row keeps its number as long as the file is not rewritten (`store.rewriting`); a `Census` tells whether it was.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.log_rows import MOMENT

_NUMBERS_AT_ONCE = 4_096
_SEARCHED_AT_ONCE = 100_000
_FEW, _MANY = 50_000, 1_000_000
_NEWEST_ARRIVED = 20_000


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table that rows are appended to. `moment` is what newest first goes by; `likeness` tells two rows apart.

    `at_least`: what holds for every row of moment `{0}` or later, in terms that let DuckDB leave out row groups; empty
    where `moment` is a column and does so itself.
    """

    name: str
    moment: str
    likeness: str
    at_least: str = ""


SPANS = RowTable("spans", "start_ns", "hash(trace_id, span_id)")
CALLS = RowTable("calls", "start_ns", "hash(trace_id, span_id)")
LOGS = RowTable(
    "logs",
    MOMENT,
    "hash(coalesce(trace_id, ''), coalesce(span_id, ''), time_ns, body_text, arrival)",
    "(time_ns >= {0} OR time_ns <= 0)",
)


def _none() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """Numbers of rows in order: `head`, and then `tail` from one place on, which other listings share uncopied.

    As ids of rows they are texts, as the window keeps places.
    """

    head: array[int] = field(default_factory=_none)
    tail: array[int] = field(default_factory=_none)
    tail_from: int = 0

    def __len__(self) -> int:
        return len(self.head) + len(self.tail) - self.tail_from

    def __getitem__(self, row: int, /) -> str:
        if not 0 <= row < len(self):
            raise IndexError(row)
        above = len(self.head)
        return str(self.head[row] if row < above else self.tail[self.tail_from + row - above])

    def page(self, first: int, count: int) -> list[int]:
        """Return up to `count` numbers from row `first`."""
        above, end = len(self.head), min(first + count, len(self))
        in_tail = self.tail[max(first - above, 0) + self.tail_from : max(end - above, 0) + self.tail_from]
        return [*self.head[first:end], *in_tail]

    def find(self, row_id: str, /) -> int:
        """Return the row of an id, -1 when it is not listed."""
        if not (row_id.isascii() and row_id.isdecimal()) or len(row_id) > len(str(1 << 62)):
            return -1
        number = int(row_id)
        row = _index(self.head, number, 0)
        if row >= 0:
            return row
        row = _index(self.tail, number, self.tail_from)
        return len(self.head) + row - self.tail_from if row >= 0 else -1


def _index(held: array[int], number: int, start: int) -> int:
    """Return the place of a number from `start` on, or -1. In pieces: a search holds up all other threads."""
    for first in range(start, len(held), _SEARCHED_AT_ONCE):
        with suppress(ValueError):
            return held.index(number, first, first + _SEARCHED_AT_ONCE)
    return -1


@dataclass(frozen=True, slots=True)
class Census:
    """What a table held at one moment: how many rows, the number of the last one (-1: none), and what that is."""

    stored: int = 0
    last: int = -1
    likeness: int | None = None


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Which rows, in which order. Both are SQL put together from constants, with values in `parameters`.

    `is_costly`: asking again takes longer than naming what was found, however much that is.
    """

    table: RowTable
    order: str
    where: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_costly: bool = False


def census(cursor: DuckDBPyConnection, table: RowTable) -> Census:
    """Count the rows of a table; it reads none but the last."""
    [(stored, last)] = cursor.execute(f"SELECT count(*), coalesce(max(rowid), -1) FROM {table.name}").fetchall()  # noqa: S608 - our own names
    return Census(stored, last, _likeness(cursor, table, last))


def is_in_place(cursor: DuckDBPyConnection, table: RowTable, taken: Census) -> bool:
    """Tell whether numbers of rows still mean what they did when the census was `taken`.

    Rewriting closes the gaps that deleted rows have left: every row above one gets another number, the last one too.
    """
    found = _likeness(cursor, table, taken.last)
    if found is None:
        # Where there is no such row it was deleted, or all rows moved down: then none has a greater number.
        [(last,)] = cursor.execute(f"SELECT coalesce(max(rowid), -1) FROM {table.name}").fetchall()  # noqa: S608 - our own names
        return bool(last > taken.last)
    return found == taken.likeness


def only_grew(cursor: DuckDBPyConnection, table: RowTable, before: Census, now: Census) -> bool:
    """Tell whether rows were added since a census, and nothing else happened."""
    return now.stored - before.stored == now.last - before.last and is_in_place(cursor, table, before)


def numbers(
    cursor: DuckDBPyConnection, asked: RowsAsked, *, limit: int | None = None, also: str = "true"
) -> array[int]:
    """Return the numbers of the rows in order. `also`: a further condition of constants and the same parameters."""
    query = f"SELECT rowid FROM {asked.table.name} WHERE ({asked.where}) AND {also} ORDER BY {asked.order}"  # noqa: S608 - constants; values are parameters
    # As rows: DuckDB sorts these also where they are more than it may hold.
    cursor.execute(query if limit is None else f"{query} LIMIT {limit:d}", dict(asked.parameters))
    found = array("q")
    while rows := cursor.fetchmany(_NUMBERS_AT_ONCE):
        found.extend([number for (number,) in rows])
    return found


def newest(cursor: DuckDBPyConnection, asked: RowsAsked, limit: int) -> array[int]:
    """Return the first numbers of rows that are asked for newest first."""
    table = asked.table
    if not table.at_least:
        return numbers(cursor, asked, limit=limit)
    found = cursor.execute(
        f"""
        SELECT {table.moment} AS moment FROM {table.name}
        WHERE rowid > (SELECT max(rowid) FROM {table.name}) - {_NEWEST_ARRIVED} AND ({asked.where})
        ORDER BY moment DESC LIMIT 1 OFFSET {limit - 1:d}
        """,  # noqa: S608 - constants; values are parameters
        dict(asked.parameters),
    ).fetchone()
    # There are so many of this moment or later: none that is earlier can be among the first.
    return numbers(cursor, asked, limit=limit, also=table.at_least.format(int(found[0])) if found else "true")


def count_since(cursor: DuckDBPyConnection, asked: RowsAsked, last: int) -> int:
    """Return how many of the rows came after number `last`."""
    query = f"SELECT count(*) FROM {asked.table.name} WHERE rowid > {last:d} AND ({asked.where})"  # noqa: S608 - constants; values are parameters
    [(count,)] = cursor.execute(query, dict(asked.parameters)).fetchall()
    return int(count)


def moments(cursor: DuckDBPyConnection, table: RowTable, found: array[int]) -> array[int]:
    """Return the moments of rows in nanoseconds since the epoch, in their order; 0 for what is no longer stored."""
    query = f"SELECT rowid, {table.moment} FROM {table.name} WHERE rowid IN (SELECT unnest($found::BIGINT[]))"  # noqa: S608 - our own names
    by_number = dict(cursor.execute(query, {"found": found.tolist()}).fetchall())
    return array("q", [by_number.get(number, 0) for number in found])


def added_since(cursor: DuckDBPyConnection, asked: RowsAsked, last: int, from_ns: int) -> tuple[array[int], array[int]]:
    """Return those of the rows that came after number `last` and are of `from_ns` or later, and their moments.

    Newest first, whatever the order that is asked for.
    """
    table = asked.table
    query = f"""
        SELECT rowid, {table.moment} AS moment FROM {table.name}
        WHERE rowid > {last:d} AND {table.moment} >= {from_ns:d} AND ({asked.where}) ORDER BY moment DESC, rowid DESC
    """  # noqa: S608 - constants; values are parameters
    found = cursor.execute(query, dict(asked.parameters)).fetchall()
    return array("q", [number for number, _ in found]), array("q", [moment for _, moment in found])


def newest_numbers(asked: RowsAsked, last: int, count: int) -> RowsAsked:
    """Return the same among the `count` rows that came last, of which number `last` is the last."""
    return replace(asked, where=f"rowid > {last - count:d} AND ({asked.where})")


def found_again(asked: RowsAsked, ids: RowNumbers) -> RowsAsked:
    """Return what was found, without asking a query again, or anything that found little."""
    if asked.where == "true" or len(ids) > (_MANY if asked.is_costly else _FEW):
        return asked
    return replace(
        asked, where="rowid IN (SELECT unnest($found::BIGINT[]))", parameters={"found": ids.page(0, len(ids))}
    )


def _likeness(cursor: DuckDBPyConnection, table: RowTable, number: int) -> int | None:
    query = f"SELECT {table.likeness} FROM {table.name} WHERE rowid = {number:d}"  # noqa: S608 - our own names
    found = cursor.execute(query).fetchone()
    return None if found is None else int(found[0])
