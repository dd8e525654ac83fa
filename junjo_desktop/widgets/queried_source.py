"""The rows of one filter and order of a list over numbered rows, as the paged table asks for them. Qt-free."""

from __future__ import annotations

import time
from abc import abstractmethod
from array import array
from typing import TYPE_CHECKING, Generic, TypeVar

from junjo_desktop.store.numbered_rows import RowsAsked
from junjo_desktop.widgets.list_filter import ListFilter, ListSort
from junjo_desktop.widgets.numbered_source import FIRST_ROWS, NumberedSource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.store.row_query import RowQuery

F = TypeVar("F", bound=ListFilter)
S = TypeVar("S", bound=ListSort)
R = TypeVar("R")
T = TypeVar("T")


class QueriedSource(NumberedSource[R, T], Generic[F, S, R, T]):
    """A subclass says what is asked, and reads rows and totals."""

    def __init__(self, chosen: F, sort: S, *, top_first: bool = True) -> None:
        super().__init__(top_first=top_first, can_renew=sort.newest_first)
        self.chosen = chosen
        self.sort = sort

    @abstractmethod
    def query(self, now_ns: int) -> RowQuery:
        """Return what `chosen` lets through, in the order that is chosen."""

    def asked(self, cursor: DuckDBPyConnection, *, at_once: bool = False) -> RowsAsked:
        """Return what is listed."""
        return self.query(time.time_ns()).asked(cursor, at_once=at_once)

    def first_numbers(self, cursor: DuckDBPyConnection) -> array[int]:
        """Return the numbers of the rows on the first screen; a query is asked of ever more rows until it is filled."""
        if self.chosen.text.strip() and self.sort.newest_first:
            return self.query(time.time_ns()).first_matches(cursor, FIRST_ROWS)
        return super().first_numbers(cursor)
