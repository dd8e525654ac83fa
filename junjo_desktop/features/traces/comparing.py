"""Ways from the list of traces to a comparison: of two selected traces, or of one with others of its name."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.paged_table import PagedTable

_GROUP = "Traces"
_PAIR = 2


class TraceComparing(QObject):
    """Offers what there is for as many traces as are selected, if something compares them."""

    def __init__(self, workbench: Workbench, table: PagedTable[TraceRow], parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the traces that are selected."""
        return (
            Command(
                "traces.compare",
                "Compare the two selected traces, or one with another",
                self.compare,
                "D",
                _GROUP,
                "columns",
                self.can_compare,
            ),
            Command(
                "traces.compare_usual",
                "Compare the selected trace with the usual",
                self.compare_with_usual,
                "U",
                _GROUP,
                "columns",
                self._is_one_selected,
            ),
        )

    def extend_menu(self, menu: QMenu) -> None:
        """Add what can be compared."""
        if not self.can_compare():
            return
        if self._is_one_selected():
            menu.addAction(icon("columns"), "Compare with the usual\tU", self.compare_with_usual)
            menu.addAction(icon("columns"), "Compare with …\tD", self.compare)
        else:
            menu.addAction(icon("columns"), "Compare the two traces\tD", self.compare)

    def can_compare(self) -> bool:
        """Whether one or two traces are selected, and something compares traces."""
        place = self._place()
        return place is not None and self._workbench.can_open(place)

    def compare(self) -> None:
        """Compare two selected traces, the older one at the left; of one, ask with which other."""
        place = self._place()
        if place is not None:
            self._workbench.open(place)

    def compare_with_usual(self) -> None:
        """Compare the selected trace with the median of its name."""
        selected = list(self._table.selected_ids())
        if len(selected) == 1:
            self._workbench.open(CompareTraces(selected[0]))

    def _is_one_selected(self) -> bool:
        return len(self._table.selected()) == 1 and self.can_compare()

    def _place(self) -> CompareTraces | None:
        count = len(self._table.selected())
        if not 0 < count <= _PAIR:
            return None
        chosen = list(self._table.selected_ids())
        if count == 1:
            return CompareTraces(chosen[0], is_choosing=True)
        known = [self._table.model.known_row(trace_id) for trace_id in chosen]
        starts = [0 if row is None else row.start_ns for row in known]
        older, newer = chosen if starts[0] <= starts[1] else reversed(chosen)
        return CompareTraces(older, newer)
