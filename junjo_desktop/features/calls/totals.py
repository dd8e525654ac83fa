"""The line of what calls add up to: of all that are listed, or of those that are selected; and what is not read yet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from junjo_desktop.features.calls import queries
from junjo_desktop.features.calls.listings import CallRow, Sums
from junjo_desktop.features.calls.words import sums_facts, unread_words
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.call_rows import unread_count
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.paged_table import PagedTable

_SOON_MS = 120
_LOOK_MS = 1_000


class CallTotals(QObject):
    """Follows a table. Everything is read in the background."""

    def __init__(self, workbench: Workbench, table: PagedTable[CallRow], line: FactsLine) -> None:
        super().__init__(line)
        self._table = table
        self._line = line
        self._listed = Sums()
        self._selected: Sums | None = None
        self.unread_traces = 0
        self._summer = workbench.reader(self, self._take)
        self._looker = workbench.reader(self, self._take_unread)
        self._soon = _once(self, _SOON_MS, self._sum_selected)
        self._look = _once(self, _LOOK_MS, self._count_unread)
        table.view.selectionModel().selectionChanged.connect(self._selection_changed)
        table.listed.connect(self._selection_changed)
        workbench.batch_stored.connect(self._look_soon)
        self._count_unread()

    def show_listed(self, sums: Sums) -> None:
        """Another listing adds up to this."""
        self._listed = sums
        self._show()

    def _selection_changed(self, *_news: object) -> None:
        if len(self._table.selected()) > 1:
            self._soon.start()
        elif self._selected is not None:
            self._soon.stop()
            self._summer.cancel()
            self._selected = None
            self._show()

    def _sum_selected(self) -> None:
        selected = self._table.selected()
        if len(selected) == len(self._table.model.listing.ids):
            # All of them: their sums are known.
            self._take(self._listed)
        elif len(selected) > 1:
            self._summer.submit(lambda cursor: queries.sums_of(cursor, [int(row_id) for row_id in selected]))

    def _take(self, sums: Sums) -> None:
        self._selected = sums
        self._show()

    def _look_soon(self) -> None:
        if not self._look.isActive():
            self._look.start()

    def _count_unread(self) -> None:
        self._looker.submit(unread_count)

    def _take_unread(self, traces: int) -> None:
        if traces != self.unread_traces:
            self.unread_traces = traces
            self._show()
        if traces:
            self._look_soon()

    def _show(self) -> None:
        shown = self._listed if self._selected is None else self._selected
        facts = sums_facts(shown, of_selected=self._selected is not None)
        if self.unread_traces:
            facts = (*facts, Fact("", unread_words(self.unread_traces), "They are listed as soon as they are read"))
        self._line.set_facts(facts)
        self._line.setVisible(shown.calls > 0)


def _once(owner: QObject, after_ms: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(act)
    return timer
