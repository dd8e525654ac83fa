"""The lens Statistics: groups of spans as a table that leads to the spans."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from junjo_desktop.features.trace.analysis import Analysis
from junjo_desktop.features.trace.health import ChosenIds
from junjo_desktop.features.trace.statistics.columns import group_columns
from junjo_desktop.features.trace.statistics.groups import Grouping, SpanGroup, group_label
from junjo_desktop.features.trace.statistics.source import FIRST_SORT, SORT_VALUES, GroupSource
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.search_field import SearchField
from junjo_desktop.widgets.segmented import Segmented

_GROUPINGS = ((Grouping.NAME, "Name"), (Grouping.SERVICE, "Service"), (Grouping.KIND, "Kind"))
_FILTER_PX = 150


class StatisticsLens(QWidget):
    """`group_chosen` carries (label, span ids in order, whether to step on); `entered_span` on Space.

    `wanted` and `unwanted` carry the `analysis.Part` that is looked at, and no longer.
    """

    group_chosen = Signal(object)
    wanted = Signal(object)
    unwanted = Signal(object)
    entered_span = Signal()

    def __init__(self, reads: BackgroundReads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: Analysis | None = None
        self._source: GroupSource | None = None
        self._sort = (FIRST_SORT, True)
        self._selected = ""
        self._is_following = False
        self.grouping = Segmented([(str(key), label) for key, label in _GROUPINGS], name="Group by", parent=self)
        self.filter = SearchField("Filter groups", parent=self)
        self.table: PagedTable[SpanGroup] = PagedTable(reads, group_columns(), name="Groups of spans", parent=self)
        self.controls = QFrame(self)
        """To be placed by the owner."""
        self._lay_out()
        self.grouping.chosen.connect(self._list)
        self.filter.changed.connect(self._list)
        self.table.sort_requested.connect(self._sort_by)
        self.table.current_changed.connect(self._moved)
        self.table.row_activated.connect(self._step)
        self.table.peek_requested.connect(self._enter)
        self.table.listed.connect(self._follow)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        self.table.empty_state.set_content("No group has this text.")
        self.filter.setMaximumWidth(_FILTER_PX * 2)
        self.filter.setMinimumWidth(_FILTER_PX // 2)
        self.controls.setProperty("look", "bar")
        line = QHBoxLayout(self.controls)
        line.setContentsMargins(8, 5, 8, 5)
        line.setSpacing(8)
        line.addWidget(self.grouping)
        line.addStretch(1)
        line.addWidget(self.filter, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)

    def forget(self) -> None:
        """Another trace is on its way: its groups are listed from the top."""
        self._analysis = None
        self._source = None

    def show_analysis(self, analysis: Analysis) -> None:
        """Show a trace, or the same one grown: order, selection and place stay."""
        self._analysis = analysis
        groups = analysis.groups.get(self._grouping)
        if self._source is None:
            self._list()
        elif groups is not None:
            self._source.renew(groups)
            self.table.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wanted.emit(self._grouping)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for grouping in Grouping:
            self.unwanted.emit(grouping)

    def show_selected(self, span_id: str) -> None:
        """Go to the group of a span."""
        self._selected = span_id
        self._follow()

    @property
    def _grouping(self) -> Grouping:
        return Grouping(self.grouping.value)

    def _list(self, _value: str = "") -> None:
        groups = None if self._analysis is None else self._analysis.groups.get(self._grouping)
        if groups is None:
            if self.isVisible():
                self._source = None
                self.wanted.emit(self._grouping)
            return
        key, descending = self._sort
        self._source = GroupSource(groups, self.filter.text(), key, descending=descending)
        self.table.set_source(self._source, sort_key=key, descending=descending)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self._list()

    def _follow(self, _listing: object = None) -> None:
        """Make the group of the selected span the current row."""
        position = None if self._analysis is None else self._analysis.position_of(self._selected)
        if self._analysis is None or position is None:
            return
        label = group_label(self._analysis.tree.spans[position], self._grouping)
        if self.table.current_id != label:
            self._is_following = True
            self.table.select_id(label)
            self._is_following = False

    def _moved(self, label: object) -> None:
        if not self._is_following and label is not None:
            self._choose(str(label), step_on=False)

    def _step(self, label: object) -> None:
        self._choose(str(label), step_on=True)

    def _enter(self, _label: object) -> None:
        self.entered_span.emit()

    def _choose(self, label: str, *, step_on: bool) -> None:
        group = None if self._source is None else self._source.group(label)
        if group is not None and self._analysis is not None:
            span_ids = ChosenIds(self._analysis.tree.columns.ids, group.positions)
            self.group_chosen.emit((label, span_ids, step_on))

    def current_term(self) -> str:
        """Return the condition that finds what the current group is of; empty for none."""
        group = None if self._source is None else self._source.group(str(self.table.current_id))
        match self._grouping:
            case _ if group is None:
                return ""
            case Grouping.KIND:
                return term_for("type", group.span_type) if group.span_type else ""
            case grouping:
                return term_for(grouping.value, group.label)

    def save_state(self, state: QSettings) -> None:
        """Write grouping, order and columns."""
        state.setValue("statistics_grouping", self.grouping.value)
        state.setValue("statistics_sort", f"{self._sort[0]} {'down' if self._sort[1] else 'up'}")
        state.setValue("statistics_columns", self.table.columns.save())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        if state.value("statistics_grouping") in list(Grouping):
            self.grouping.set_value(str(state.value("statistics_grouping")))
        key, _, direction = str(state.value("statistics_sort", "")).partition(" ")
        if key in SORT_VALUES and direction in ("down", "up"):
            self._sort = (key, direction == "down")
        self.table.columns.restore(state.value("statistics_columns", ""))
