"""Two runs of a service side by side: the answer, and every operation with its figures before and now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from junjo_desktop.features.services.comparison_head import ComparisonHead
from junjo_desktop.features.services.difference_columns import difference_columns
from junjo_desktop.features.services.difference_rows import (
    DifferenceRow,
    DifferenceSort,
    DifferenceSortBy,
    DifferenceSource,
)
from junjo_desktop.features.services.filters import spans_query
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.service_comparison import ProcessComparison, compare_processes
from junjo_desktop.store.service_processes import Process
from junjo_desktop.widgets.list_columns import OPEN_COLUMN
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.time_range import TimeRange

_NOTHING = "Choose a run above to see what differs from the run before, or two runs to compare them."


class ComparisonPanel(QWidget):
    """Shows one pair at a time; shown again, it keeps selection, scroll and order."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._pair: tuple[str, str] | None = None
        self._sort = DifferenceSort()
        self.comparison: ProcessComparison | None = None
        self._reader = workbench.reader(self, self._take)
        self.head = ComparisonHead(self)
        self.sentence = QLabel(_NOTHING, self)
        self.table: PagedTable[DifferenceRow] = PagedTable(
            workbench, difference_columns(), name="Operations before and now", parent=self
        )
        self.table.empty_state.set_content("No operation ran in either of them.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.sentence)
        layout.addWidget(self.table, 1)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("look", "dim")
        self.sentence.setContentsMargins(14, 10, 14, 10)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.head.chosen.connect(self._list)
        self.table.sort_requested.connect(self._sort_by)
        self.table.row_activated.connect(self.open_row)
        self.table.view.clicked.connect(self._clicked)
        self.setFocusProxy(self.table)
        self.say_nothing(_NOTHING)

    def compare(self, left: Process, right: Process) -> None:
        """Show how `right` differs from `left`."""
        if (left.key, right.key) != self._pair or not self._reader.busy:
            self._reader.submit(partial(compare_processes, left=left, right=right))

    def say_nothing(self, sentence: str = _NOTHING) -> None:
        """Show a sentence instead of a comparison."""
        self._reader.cancel()
        self._pair = self.comparison = None
        self.sentence.setText(sentence)
        self._show_parts(has_pair=False)

    def save_state(self, state: QSettings) -> None:
        """Write the columns."""
        state.setValue("columns", self.table.columns.save())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.table.columns.restore(state.value("columns", ""))

    def open_row(self, row_id: str) -> None:
        """Go to the traces of an operation: of the later run, or of the earlier where it ran only there."""
        row = self.table.model.known_row(row_id)
        if row is None or self.comparison is None:
            return
        process = self.comparison.left if row.right is None else self.comparison.right
        time_range = TimeRange(since_ns=process.first_ns, until_ns=process.last_ns)
        query = spans_query(time_range, process.service_name, row.operation.name, row.operation.span_type)
        self._workbench.open(OpenTraces(text=query))

    def _take(self, comparison: ProcessComparison) -> None:
        pair = comparison.left.key, comparison.right.key
        is_same, self._pair = pair == self._pair, pair
        self.comparison = comparison
        self.head.show_comparison(comparison)
        self._show_parts(has_pair=True)
        self._show_rows(in_place=is_same)

    def _show_parts(self, *, has_pair: bool) -> None:
        self.sentence.setVisible(not has_pair)
        self.head.setVisible(has_pair)
        self.table.setVisible(has_pair)

    def _list(self, _verdict: object) -> None:
        self._show_rows(in_place=False)

    def _show_rows(self, *, in_place: bool) -> None:
        if self.comparison is not None:
            source = DifferenceSource(self.comparison, self._sort, self.head.only)
            self.table.set_source(source, sort_key=self._sort.by, descending=self._sort.descending, in_place=in_place)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = DifferenceSort(DifferenceSortBy(key), descending)
        self._show_rows(in_place=False)

    def _clicked(self, index: QModelIndex) -> None:
        if self.table.model.columns[index.column()].key == OPEN_COLUMN:
            self.table.open_current()
