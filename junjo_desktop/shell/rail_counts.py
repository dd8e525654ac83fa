"""The numbers beside the pages of the rail: how many traces, runs and so on are stored."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.feed import Throttle
from junjo_desktop.shell.rail import Rail
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.figures import count_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)

_PAUSE_MS = 1000


class RailCounts(QObject):
    """Counts what the features name, all in one read, at most once a second and only after something changed."""

    def __init__(self, workbench: Workbench, features: Sequence[Feature], rail: Rail) -> None:
        super().__init__(rail)
        self._rail = rail
        self._counting = _Counting({feature.name: feature.count for feature in features if feature.count is not None})
        self._reader = workbench.reader(self, self._show, self._fail)
        self._is_due = False
        self._throttle = Throttle(_PAUSE_MS, self)
        self._throttle.passed.connect(self._count)
        workbench.batch_stored.connect(self._throttle.call)
        workbench.housekeeping.deleted.connect(self._throttle.call)

    def start(self) -> None:
        """Count what is stored already."""
        self._throttle.call()

    def _count(self) -> None:
        if self._reader.busy:
            self._is_due = True
        elif self._counting.queries:
            self._reader.submit(self._counting)

    def _show(self, counts: Mapping[str, int]) -> None:
        for name, count in counts.items():
            self._rail.show_count(name, count_text(count) if count else "")
        self._go_on()

    def _fail(self, error: Exception) -> None:
        # The pages tell what keeps them from reading; numbers beside their names are not worth a second notice.
        _log.warning("The numbers of the rail cannot be read: %s", error)
        self._go_on()

    def _go_on(self) -> None:
        if self._is_due:
            self._is_due = False
            self._throttle.call()


@dataclass(frozen=True, slots=True)
class _Counting:
    queries: Mapping[str, Callable[[DuckDBPyConnection], int]]

    def __call__(self, cursor: DuckDBPyConnection) -> dict[str, int]:
        return {name: query(cursor) for name, query in self.queries.items()}
