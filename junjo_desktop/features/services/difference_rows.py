"""The operations of two runs of a service side by side, as rows of a table. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from junjo_desktop.store.service_comparison import OperationKey, ProcessComparison
from junjo_desktop.store.service_verdicts import OperationDifference, Side, Verdict
from junjo_desktop.widgets.row_source import Listing, OrderedIds


class DifferenceSortBy(StrEnum):
    """What the table can be sorted by."""

    VERDICT = "verdict"
    NAME = "name"
    CHANGE = "change"
    BEFORE = "p50_before"
    NOW = "p50_now"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class DifferenceSort:
    """An order; what asks for a look comes first by default."""

    by: DifferenceSortBy = DifferenceSortBy.VERDICT
    descending: bool = False


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One operation in both runs."""

    operation: OperationKey
    difference: OperationDifference

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.operation.span_type}\n{self.operation.name}"

    @property
    def left(self) -> Side | None:
        """The earlier run; None where it did not run."""
        return self.difference.left

    @property
    def right(self) -> Side | None:
        """The later run; None where it did not run."""
        return self.difference.right


class DifferenceSource:
    """Everything is at hand: nothing is read."""

    def __init__(self, comparison: ProcessComparison, sort: DifferenceSort, only: Verdict | None) -> None:
        """`only`: rows with this verdict; None: all."""
        rows = [DifferenceRow(key, difference) for key, difference in comparison.operations]
        if only is not None:
            rows = [row for row in rows if only in row.difference.verdicts]
        self._rows = {row.key: row for row in _ordered(rows, sort)}

    def list_ids(self, _cursor: Any, _shown: Any) -> Listing:
        """List all rows."""
        return Listing(OrderedIds(list(self._rows)), first_rows=self._rows)

    def load_rows(self, _cursor: Any, ids: Sequence[str]) -> Mapping[str, DifferenceRow]:
        """Return rows by key."""
        return {key: self._rows[key] for key in ids if key in self._rows}


def _ordered(rows: Sequence[DifferenceRow], sort: DifferenceSort) -> list[DifferenceRow]:
    return sorted(rows, key=_KEYS[sort.by], reverse=sort.descending)


def _change(row: DifferenceRow) -> float:
    change = row.difference.duration_change
    return -math.inf if change is None else change


def _p50(side: Side | None) -> int:
    return -1 if side is None or side.p50_ns is None else side.p50_ns


_VERDICTS = list(Verdict)
_KEYS: dict[DifferenceSortBy, Callable[[DifferenceRow], Any]] = {
    DifferenceSortBy.VERDICT: lambda row: _VERDICTS.index(row.difference.verdicts[0]),
    DifferenceSortBy.NAME: lambda row: row.operation.name.lower(),
    DifferenceSortBy.CHANGE: _change,
    DifferenceSortBy.BEFORE: lambda row: _p50(row.left),
    DifferenceSortBy.NOW: lambda row: _p50(row.right),
    DifferenceSortBy.COUNT: lambda row: sum(side.spans for side in (row.left, row.right) if side is not None),
}
