"""What can be done with the selected runs and groups: open elsewhere, copy, compare, narrow the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from junjo_desktop.features.runs.listings import GroupRow
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareRuns, OpenRun, OpenTrace
from junjo_desktop.shell.links import link_to
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_listings import RunRow, run_key
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.paged_table import PagedTable

OnlyName = Callable[[str, str], None]


class RunActions(QObject):
    """Serves the context menu and the commands of the list. `show_only` narrows it to a name and a service."""

    def __init__(
        self, workbench: Workbench, table: PagedTable[RunRow], words: ListWords, show_only: OnlyName, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table
        self._words = words
        self._show_only = show_only
        table.menu.extend = self._extend_menu
        table.menu.id_text = self._id_text

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for the runs that are selected."""
        key, group, chosen = self._words.key, self._words.group, self._is_any_chosen
        return (
            Command(f"{key}.copy_id", "Copy run id", self._table.menu.copy_ids, "C", group, "copy", chosen),
            Command(f"{key}.copy_link", "Copy link to the run", self.copy_links, "Shift+C", group, "copy", chosen),
            Command(
                f"{key}.trace", "Open the run's trace", self.open_trace, "W", group, "traces", self._is_one_current
            ),
            Command(
                f"{key}.same", "Only runs of this name", self.show_same, "O", group, "filter", self._is_one_current
            ),
            Command(f"{key}.compare", "Compare two runs", self.compare, "D", group, "columns", self.can_compare),
        )

    def destination(self, row_id: str) -> OpenRun:
        """Return the place of a run."""
        key, row = run_key(row_id), self._table.model.known_row(row_id)
        return OpenRun(key.trace_id, key.owner_span_id, None if row is None else row.runtime_id)

    def open_trace(self) -> None:
        """Open the trace of the current run at the run's own span."""
        if (row_id := self._table.current_id) is not None:
            key = run_key(row_id)
            self._workbench.open(OpenTrace(key.trace_id, key.owner_span_id))

    def copy_links(self) -> None:
        """Copy a link to each selected run, one on a line."""
        links = [link_to(self.destination(row_id)) for row_id in self._table.selected_ids()]
        QGuiApplication.clipboard().setText("\n".join(links))

    def show_same(self) -> None:
        """Narrow the list to the name and the service of the current run."""
        row = self._table.model.known_row(self._table.current_id)
        if row is not None:
            self._show_only(row.name, row.service_name)

    def can_compare(self) -> bool:
        """Whether two runs are selected and something compares them."""
        pair = self._pair()
        return pair is not None and self._workbench.can_open(pair)

    def compare(self) -> None:
        """Compare the two selected runs, the older one at the left."""
        pair = self._pair()
        if pair is not None:
            self._workbench.open(pair)

    def _pair(self) -> CompareRuns | None:
        if len(self._table.selected()) != 2:
            return None
        rows = list(self._table.selected_ids())
        known = [self._table.model.known_row(row_id) for row_id in rows]
        starts = [0 if row is None else row.start_ns for row in known]
        older, newer = rows if starts[0] <= starts[1] else reversed(rows)
        return CompareRuns(self.destination(older), self.destination(newer))

    def _is_any_chosen(self) -> bool:
        return self._table.view.selectionModel().hasSelection()

    def _is_one_current(self) -> bool:
        return self._table.current_id is not None

    def _id_text(self, row_id: str) -> str:
        row = self._table.model.known_row(row_id)
        return row_id[32:] if row is None or not row.runtime_id else row.runtime_id

    def _extend_menu(self, menu: QMenu, row_id: str) -> None:
        count = len(self._table.selected())
        menu.addAction("Copy link" if count == 1 else "Copy links", self.copy_links)
        key = run_key(row_id)
        menu.addAction("Copy trace id").triggered.connect(partial(_copy, key.trace_id))
        menu.addAction("Copy span id").triggered.connect(partial(_copy, key.owner_span_id))
        menu.addSeparator()
        menu.addAction(icon("traces"), "Open trace", self.open_trace)
        menu.addAction(icon("filter"), "Only runs of this name", self.show_same)
        if self.can_compare():
            menu.addAction(icon("columns"), "Compare the two runs", self.compare)


class GroupActions(QObject):
    """Serves the context menu of the list of groups."""

    def __init__(self, workbench: Workbench, table: PagedTable[GroupRow], show_only: OnlyName, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._table = table
        self._show_only = show_only
        table.menu.extend = self._extend_menu
        table.menu.id_text = self._name
        table.row_activated.connect(self.show_runs)

    def show_runs(self, row_id: str) -> None:
        """List the runs of a group."""
        row = self._table.model.known_row(row_id)
        if row is not None:
            self._show_only(row.group.name, row.group.service_name)

    def open_last(self) -> None:
        """Open the run of the current group that started last."""
        row = self._table.model.known_row(self._table.current_id)
        if row is not None:
            key = run_key(row.group.last_key)
            self._workbench.open(OpenRun(key.trace_id, key.owner_span_id))

    def _name(self, row_id: str) -> str:
        row = self._table.model.known_row(row_id)
        return "" if row is None else row.group.name

    def _extend_menu(self, menu: QMenu, _row_id: str) -> None:
        menu.addAction(icon("external"), "Open the last run", self.open_last)


def _copy(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)
