"""Runs of services cut by their restarts, and what the chosen one does differently from the one before."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QSplitter, QVBoxLayout, QWidget

from junjo_desktop.features.services.comparison_panel import ComparisonPanel
from junjo_desktop.features.services.filters import spans_query
from junjo_desktop.features.services.panel import ServicesPanel
from junjo_desktop.features.services.process_columns import process_columns
from junjo_desktop.features.services.process_rows import ProcessListing, ProcessSort, ProcessSortBy, ProcessSource
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import AddToQuery, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.service_processes import Process, Processes
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.list_filter import quoted
from junjo_desktop.widgets.live_list import LiveList
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.paged_table import PagedTable
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.term_menu import add_find_actions
from junjo_desktop.widgets.time_range import TimeRange

_AGES_MS = 30_000
_PAIR = 2
_SHARES = (2, 3)
_SHARE_PX = 120
_SNIPPET = 'Resource.create({"service.name": "…", "service.instance.id": str(uuid.uuid4())})'


class RestartsPanel(ServicesPanel):
    """Without a choice, the newest run is compared with the one before it: "did my change help?"."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(workbench, parent)
        self.sort = ProcessSort()
        self._told = Processes(())
        self._was_dismissed = False
        self.table: PagedTable[Process] = PagedTable(
            workbench, process_columns(), name="Runs of services", noun=("new run", "new runs"), parent=self
        )
        self._columns = self.table.columns.menu(self)
        self.live = LiveList(self.table, ages_ms=_AGES_MS)
        self.notice = NoticeBar(self)
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("look", "dim")
        self.note.setContentsMargins(14, 5, 14, 5)
        self.note.hide()
        self.comparison = ComparisonPanel(workbench, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        upper = QWidget(self.splitter)
        lines = QVBoxLayout(upper)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for widget in (self.wait, self.notice, self.table, self.note):
            lines.addWidget(widget, 1 if widget is self.table else 0)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.comparison)
        self.splitter.setChildrenCollapsible(False)
        for place, share in enumerate(_SHARES):
            self.splitter.setStretchFactor(place, share)
        self.splitter.setSizes([share * _SHARE_PX for share in _SHARES])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.setFocusProxy(self.table)
        self._connect()

    def _connect(self) -> None:
        self.table.listed.connect(self._listed)
        self.table.sort_requested.connect(self._sort_by)
        self.table.view.selection_moved.connect(self._compare_chosen)
        self.table.row_activated.connect(self._focus_comparison)
        self.table.menu.extend = self._extend_menu
        self.notice.dismissed.connect(self._dismissed)
        self.workbench.batch_stored.connect(self.live.stored)
        self.workbench.housekeeping.deleted.connect(self.live.list_anew)

    # What the page asks

    def list_anew(self) -> None:
        """List the runs of what passes the filter."""
        self.wait.begin(self.filter)
        source = ProcessSource(self.filter, self.sort)
        self.live.show_source(source, sort_key=self.sort.by, descending=self.sort.descending)

    def shown(self) -> None:
        self.live.shown()

    def hidden(self) -> None:
        self.live.hidden()

    def set_live(self, live: bool) -> None:
        self.live.set_live(live)

    def columns_menu(self) -> QMenu:
        return self._columns

    def commands(self) -> tuple[Command, ...]:
        group = "Services"
        return (
            Command("services.compare", "Compare with the previous run", self.compare_current, "C", group, "columns"),
            Command("services.run_traces", "Traces of the current run", self.open_traces, "S", group, "traces"),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("↑ ↓", "Another run, compared with the one before it"),
            ("Ctrl+click", "A second run: both are compared"),
            ("Enter", "Into the operations of the comparison, and there to their traces"),
        )

    def save_state(self, state: QSettings) -> None:
        state.beginGroup("restarts")
        self.table.save_state(state)
        write_json(state, "sort", [self.sort.by, self.sort.descending])
        state.setValue("splitter", self.splitter.saveState())
        state.beginGroup("comparison")
        self.comparison.save_state(state)
        state.endGroup()
        state.endGroup()

    def restore_state(self, state: QSettings) -> None:
        state.beginGroup("restarts")
        self.table.restore_state(state)
        match read_json(state, "sort"):
            case [str(by), bool(descending)] if by in list(ProcessSortBy):
                self.sort = ProcessSort(ProcessSortBy(by), descending)
        if state.contains("splitter"):
            self.splitter.restoreState(state.value("splitter"))
        state.beginGroup("comparison")
        self.comparison.restore_state(state)
        state.endGroup()
        state.endGroup()

    # What is compared

    def compare_current(self) -> None:
        """Compare the current run with the one before it, also when two are selected."""
        row = self.table.model.known_row(self.table.current_id)
        if row is not None:
            self.table.view.selectRow(self.table.view.currentIndex().row())
            self._compare_with_previous(row)
            self.comparison.setFocus()

    def open_traces(self) -> None:
        """Go to the traces of the current run."""
        row = self.table.model.known_row(self.table.current_id)
        if row is not None:
            time_range = TimeRange(since_ns=row.first_ns, until_ns=row.last_ns)
            self.workbench.open(OpenTraces(text=spans_query(time_range, row.service_name)))

    def _compare_chosen(self) -> None:
        """Compare what is selected: one run with the one before it, two with each other; without, the newest."""
        rows = [row for key in self.table.selected_ids(_PAIR + 1) if (row := self.table.model.known_row(key))]
        if len(rows) > _PAIR:
            self.comparison.say_nothing("More than two runs are selected: two can be compared.")
        elif len(rows) == _PAIR:
            self._compare_pair(*sorted(rows, key=lambda row: row.first_ns))
        elif rows:
            self._compare_with_previous(rows[0])
        else:
            self._compare_newest()

    def _compare_pair(self, left: Process, right: Process) -> None:
        if left.service_name != right.service_name:
            self.comparison.say_nothing(
                f"These are runs of {quoted(left.service_name)} and of {quoted(right.service_name)}: "
                "only runs of one service can be compared."
            )
        else:
            self.comparison.compare(left, right)

    def _compare_with_previous(self, process: Process) -> None:
        before = self._told.before(process)
        if before is None:
            self.comparison.say_nothing(
                f"This is the first run of {quoted(process.service_name)} in the chosen time: there is none before it."
            )
        else:
            self.comparison.compare(before, process)

    def _compare_newest(self) -> None:
        """Compare the newest run that has one before it."""
        newest = next((process for process in self._told.processes if self._told.before(process) is not None), None)
        if newest is not None:
            self._compare_with_previous(newest)
        elif self._told.processes:
            self.comparison.say_nothing(
                "Every service has run only once in the chosen time. Restart one, or choose a longer time."
            )
        else:
            self.comparison.say_nothing("")
        self.comparison.setVisible(bool(self._told.processes))

    # News

    def _listed(self, listing: ProcessListing) -> None:
        self.wait.end()
        self._told = listing.told
        self.show_empty(self.table.empty_state, listing.known)
        hidden = listing.told.hidden
        self.note.setText(f"{counted(hidden, 'older run')} not listed: choose a service or another time.")
        self.note.setVisible(hidden > 0)
        self._show_notice()
        self._compare_chosen()

    def _show_notice(self) -> None:
        names = sorted(self._told.untold)
        if not names or self._was_dismissed:
            self.notice.hide()
            return
        who = quoted(names[0]) if len(names) == 1 else f"{counted(len(names), 'service')} here"
        verb = "does" if len(names) == 1 else "do"
        text = f"{who} {verb} not say which process sent a span, so a pause of a minute counts as a restart."
        if text != self.notice.text or self.notice.isHidden():
            self.notice.show_notice(text, "info", (("Copy the line that tells", self._copy_snippet),))

    def _extend_menu(self, menu: QMenu, _row_id: str) -> None:
        menu.addAction(icon("columns"), "Compare with the previous run", self.compare_current)
        menu.addAction(icon("traces"), "Show traces", self.open_traces)
        row = self.table.model.known_row(self.table.current_id)
        if row is not None:
            version = row.identity.version
            of_version = [term_for("resource.service.version", version)] if version else []
            add_find_actions(menu, (term_for("service", row.service_name), *of_version), self._find_traces)

    def _find_traces(self, term: str) -> None:
        self.workbench.open(AddToQuery(Subject.TRACES.value, term))

    def _copy_snippet(self) -> None:
        QGuiApplication.clipboard().setText(_SNIPPET)

    def _dismissed(self) -> None:
        self._was_dismissed = True

    def _sort_by(self, key: str, descending: bool) -> None:
        self.sort = ProcessSort(ProcessSortBy(key), descending)
        self.list_anew()

    def _focus_comparison(self, _row_id: object) -> None:
        self.comparison.setFocus()
