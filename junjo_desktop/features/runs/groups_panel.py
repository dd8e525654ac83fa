"""The runs by name: one line a workflow or agent, with how often and how well it ran."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from junjo_desktop.features.runs.actions import GroupActions, OnlyName
from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.group_order import GroupSort, GroupSortBy
from junjo_desktop.features.runs.kinds import RunsKind
from junjo_desktop.features.runs.listings import GroupRow
from junjo_desktop.features.runs.peek import group_facts
from junjo_desktop.features.runs.source import GroupSource
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.list_columns import OPEN_COLUMN
from junjo_desktop.widgets.live_list import LiveList
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.row_peek import RowPeek


class GroupsPanel(QWidget):
    """`listed` carries each `GroupsListing`. `show_only` lists the runs of a group."""

    listed = Signal(object)

    def __init__(
        self, workbench: Workbench, kind: RunsKind, show_only: OnlyName, *, ages_ms: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self.filter = RunsFilter()
        self.sort = GroupSort()
        self.table: PagedTable[GroupRow] = PagedTable(
            workbench, kind.group_columns(), name=f"{kind.words.group} by name", parent=self
        )
        self.live = LiveList(self.table, ages_ms=ages_ms)
        self.peek = RowPeek(group_facts, name=f"The current {kind.what}", parent=self)
        self.actions_of_groups = GroupActions(workbench, self.table, show_only, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.peek)
        self.setFocusProxy(self.table)
        self._connect(workbench)

    def _connect(self, workbench: Workbench) -> None:
        self.table.listed.connect(self.listed)
        self.table.sort_requested.connect(self._sort_by)
        self.table.view.clicked.connect(self._clicked)
        self.table.peek_requested.connect(self._peek)
        self.table.current_changed.connect(self._peek_on)
        self.live.aged.connect(self._aged)
        workbench.batch_stored.connect(self.live.stored)
        workbench.housekeeping.deleted.connect(self.live.list_anew)

    def list_groups(self, chosen: RunsFilter) -> None:
        """List the groups of the runs that pass `chosen`."""
        self.filter = chosen
        source = GroupSource(self._kind.kind, chosen, self.sort)
        self.live.show_source(source, sort_key=self.sort.by, descending=self.sort.descending)

    def save_state(self, state: QSettings) -> None:
        """Write columns and place; the order is the page's."""
        state.beginGroup("groups")
        self.table.save_state(state)
        state.endGroup()

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        state.beginGroup("groups")
        self.table.restore_state(state)
        state.endGroup()

    def _sort_by(self, key: str, descending: bool) -> None:
        self.sort = GroupSort(GroupSortBy(key), descending)
        self.list_groups(self.filter)

    def _clicked(self, index: QModelIndex) -> None:
        if self.table.model.columns[index.column()].key == OPEN_COLUMN:
            self.table.open_current()

    def _peek(self, row_id: str) -> None:
        self.peek.toggle(self.table.model.known_row(row_id))

    def _peek_on(self, row_id: str | None) -> None:
        self.peek.follow(None if row_id is None else self.table.model.known_row(row_id))

    def _aged(self) -> None:
        rows = self.table.model.listing.first_rows.values()
        if any(row.group.running for row in rows):
            self.live.stored()
