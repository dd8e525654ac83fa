"""What a list over numbered rows is asked: what the filters of the window let through, and a query of the language."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.numbered_rows import RowsAsked, RowTable, census, newest, newest_numbers
from junjo_desktop.store.query_newest import Newest, newest_matches
from junjo_desktop.store.query_sql import matching
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject


@dataclass(frozen=True, slots=True)
class RowQuery:
    """`order` and `where` are SQL put together from constants, with values in `parameters`.

    `text` is the query. `quickly_read`: of how many rows a first look reads in another order than newest first.
    Methods raise `QueryError` for a query that makes no sense.
    """

    table: RowTable
    subject: Subject
    order: str
    text: str
    now_ns: int
    where: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    quickly_read: int = 50_000

    def condition(self, cursor: DuckDBPyConnection) -> tuple[str, dict[str, Any]]:
        """Return the condition on rows of the table, with its parameters."""
        query = parse(self.text, self.subject)
        if query is None:
            return self.where, dict(self.parameters)
        found = matching(cursor, query, self.now_ns, subject=self.subject)
        return f"({self.where}) AND {found.sql}", {**self.parameters, **found.parameters}

    def asked(self, cursor: DuckDBPyConnection, *, at_once: bool = False) -> RowsAsked:
        """Return what is listed. `at_once`: a query is asked of those rows only that came last."""
        found = RowsAsked(self.table, self.order, *self.condition(cursor))
        if at_once and self.text.strip():
            return newest_numbers(found, census(cursor, self.table).last, self.quickly_read)
        return found

    def first_matches(self, cursor: DuckDBPyConnection, limit: int) -> array[int]:
        """Return the numbers of the first rows of a list that is newest first."""
        query = parse(self.text, self.subject)
        if query is None:
            return newest(cursor, RowsAsked(self.table, self.order, self.where, self.parameters), limit)
        wanted = Newest(self.subject, "rowid", self.table.moment, self.order, self.where, self.parameters)
        return array("q", [number for (number,) in newest_matches(cursor, wanted, query, self.now_ns, limit)])


def all_of(candidates: Iterable[tuple[str, Any, str]]) -> tuple[str, dict[str, Any]]:
    """Return the condition that all clauses make whose value is not None, with its parameters.

    A candidate is the parameter's name, its value, and the clause: `("name", chosen.name, "name = $name")`.
    """
    given = [candidate for candidate in candidates if candidate[1] is not None]
    return " AND ".join(clause for _, _, clause in given) or "true", {name: value for name, value, _ in given}
