"""List pages with one list: its order, and, where it has a pane below, how much of the page that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from junjo_desktop.shell.list_page import ListPage, ListWords
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.list_filter import ListFilter, ListSort
from junjo_desktop.widgets.list_state import read_sort, write_sort
from junjo_desktop.widgets.numbered_source import NumberedSource
from junjo_desktop.widgets.peek_pane import PeekPane

F = TypeVar("F", bound=ListFilter)
R = TypeVar("R")
S = TypeVar("S", bound=ListSort)


class SortedPage(ListPage[F, R], Generic[F, R, S]):
    """Keeps the order, and lists by it."""

    def __init__(
        self, workbench: Workbench, words: ListWords, shown: F, sort: S, parent: QWidget | None = None
    ) -> None:
        super().__init__(workbench, words, shown, parent)
        self._sort = sort

    @property
    def shown_sort(self) -> S:
        """In which order the list is."""
        return self._sort

    def sort_shown(self) -> tuple[str, bool]:
        return self._sort.by, self._sort.descending

    def sort_by(self, key: str, descending: bool) -> None:
        self._sort = replace(self._sort, by=type(self._sort.by)(key), descending=descending)
        self.list_rows()

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        write_sort(state, self._sort)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        self._sort = read_sort(state, self._sort)


class DividedPage(SortedPage[F, R, S]):
    """A pane below the list can be dragged. A subclass calls `divide` when its parts are put together."""

    peek: PeekPane
    splitter: QSplitter

    def divide(self, shares: Sequence[int], strip: QWidget | None = None) -> None:
        """Lay out list and pane by `shares`; `strip` stands between the filters and the list."""
        layout = self.layout()
        if strip is not None and isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.chips) + 1, strip)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.peek)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes(list(shares))
        self.body.addWidget(self.splitter, 1)
        self.live.aged.connect(self._aged)

    def current_row(self) -> R | None:
        """Return the current row, if it is at hand."""
        return self.table.model.known_row(self.table.current_id)

    def is_one_current(self) -> bool:
        """Whether the current row is at hand."""
        return self.current_row() is not None

    def save_state(self, state: QSettings) -> None:
        super().save_state(state)
        state.setValue("split", self.splitter.saveState())
        self.peek.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        super().restore_state(state)
        if isinstance(split := state.value("split"), QByteArray):
            self.splitter.restoreState(split)
        self.peek.restore_state(state)

    def _aged(self) -> None:
        source = self.live.source
        if isinstance(source, NumberedSource) and source.is_outdated:
            self.live.list_anew()
