"""Background reads for widgets, without a store: queries get a plain object as their cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from junjo_desktop.background import Latest
from junjo_desktop.widgets.row_source import Listing, OrderedIds


class Reader:
    """Runs queries on the executor; the newest answer is delivered on the GUI thread."""

    def __init__(self, latest: Latest[Any]) -> None:
        self._latest = latest

    @property
    def busy(self) -> bool:
        return self._latest.busy

    def submit(self, query: Callable[[Any], Any], /) -> None:
        self._latest.submit(partial(query, None))

    def cancel(self) -> None:
        self._latest.cancel()


class Reads:
    """Gives readers and workers, and keeps the errors that were reported."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.errors: list[Exception] = []

    def reader(
        self, owner: QObject, on_result: Callable[[Any], None], on_error: Callable[[Exception], None] | None = None
    ) -> Reader:
        return Reader(Latest(self._executor, on_result, on_error or self.report_error, owner))

    def worker(self, owner: QObject, on_result: Callable[[Any], None]) -> Latest[Any]:
        return Latest(self._executor, on_result, self.report_error, owner)

    def report_error(self, error: Exception) -> None:
        self.errors.append(error)


@dataclass(frozen=True)
class NumberRow:
    """A row of the numbers source."""

    number: int
    name: str


class Numbers:
    """A row source over integers, newest (greatest) first; `grow` adds some, `drop` removes.

    `first_rows`: so many rows come with each listing. `first_look`: so many ids are in the first one.
    """

    def __init__(self, count: int, *, first_rows: int = 0, first_look: int | None = None) -> None:
        self.first_rows = first_rows
        self._first_look = first_look
        self.numbers = list(range(count - 1, -1, -1))
        self.listings = 0
        self.rows_loaded = 0
        self.version = 1

    def grow(self, count: int) -> None:
        first = self.numbers[0] + 1 if self.numbers else 0
        self.numbers = [*range(first + count - 1, first - 1, -1), *self.numbers]

    def drop(self, *numbers: int) -> None:
        self.numbers = [number for number in self.numbers if number not in numbers]

    def list_ids(self, _cursor: Any, shown: Any) -> Listing:
        self.listings += 1
        is_partial = shown is None and self._first_look is not None
        numbers = self.numbers[: self._first_look] if is_partial else self.numbers
        newest = shown.ids[0] if shown is not None and len(shown.ids) else -1
        new = 0 if shown is None else sum(number > newest for number in numbers)
        rows = {number: self._row(number) for number in numbers[: self.first_rows]}
        return Listing(OrderedIds(numbers), new, rows, is_partial)

    def load_rows(self, _cursor: Any, ids: Sequence[int]) -> Mapping[int, NumberRow]:
        self.rows_loaded += len(ids)
        stored = set(self.numbers)
        return {number: self._row(number) for number in ids if number in stored}

    def _row(self, number: int) -> NumberRow:
        return NumberRow(number, f"row {number} v{self.version}")
