"""The Overview: calls of models, tokens, cost and latency over time; where they come from; what stands out."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.overview.bar import OverviewBar
from junjo_desktop.features.overview.board import GROUPS, Board
from junjo_desktop.features.overview.filters import OverviewFilter
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenCalls, OpenPage, OpenRuns, OpenTrace
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.overview import FailingWorkflow, NotableCall, Overview, ParameterRow, Ranked, read_overview
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_GROUP = "Overview"
_REST_SHARE = 20
"""Reading is followed by a pause of this many times its own time."""
_LEAST_REST_S, _MOST_REST_S = 1.0, 10.0


class OverviewPage(Page):
    """One read gives everything; while it is looked at, it is read again when something was stored."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._filter = OverviewFilter()
        self._is_stale = True
        self._rests_until_s = 0.0
        self._started_s = 0.0
        self.bar = OverviewBar(self)
        self.note = QLabel(self)
        self.board = Board(workbench, self)
        self.empty = EmptyState("Reading …", parent=self)
        self._stack = QStackedWidget(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._reader = workbench.reader(self, self._read_done)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("look", "dim")
        self.note.setContentsMargins(14, 5, 14, 5)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.note)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.board)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self.show_filter)
        self.bar.live_changed.connect(self._resume)
        self.board.range_asked.connect(self._list_calls_of)
        self.board.row_asked.connect(self._open_row)
        self._soon.timeout.connect(self._read)
        self._workbench.batch_stored.connect(self._stored)
        self._workbench.housekeeping.deleted.connect(self._stored)

    @property
    def shown_filter(self) -> OverviewFilter:
        """Of which time and service the figures are."""
        return self._filter

    @property
    def is_reading(self) -> bool:
        """Whether figures are on their way."""
        return self._reader.busy or self._soon.isActive()

    def show_filter(self, chosen: OverviewFilter) -> None:
        """Show the figures of another time or service."""
        if chosen == self._filter and not self._is_stale:
            return
        self._filter = replace(chosen, text="")
        self.bar.show_filter(self._filter)
        self._read()

    # What the shell asks

    def activated(self) -> None:
        self.board.setFocus()

    def commands(self) -> tuple[Command, ...]:
        bar, key, show_group = self.bar, "overview", self.board.show_group
        groups = tuple(
            Command(f"{key}.{name}", f"Calls by {title.lower()}", partial(show_group, name), "", _GROUP, "llm")
            for name, title in GROUPS
        )
        return (
            Command(f"{key}.live", "Live or paused", bar.live.toggle, "L", _GROUP, "live"),
            Command(f"{key}.window", "From and to…", bar.time.choose_window, "T", _GROUP, "clock"),
            Command(f"{key}.all", "All time", self._show_all_time, "Shift+Backspace", _GROUP, "clock"),
            *groups,
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("← →", "In a chart: from bar to bar; Shift extends"),
            ("Enter", "The calls behind a bar or a row"),
        )

    def save_state(self, state: QSettings) -> None:
        last_ns = self._filter.time_range.last_ns
        kept = {"service": self._filter.service, "last_ns": last_ns, "group": self.board.group.value}
        write_json(state, "overview", kept)

    def restore_state(self, state: QSettings) -> None:
        kept = read_json(state, "overview")
        if not isinstance(kept, dict):
            return
        service, last_ns, group = kept.get("service"), kept.get("last_ns"), kept.get("group")
        self._filter = OverviewFilter(
            service=service if isinstance(service, str) else None,
            time_range=TimeRange(last_ns=last_ns) if isinstance(last_ns, int) else ANY_TIME,
        )
        self.bar.show_filter(self._filter)
        if group in dict(GROUPS):
            self.board.show_group(str(group))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._read()

    # Reading

    def _stored(self) -> None:
        self._is_stale = True
        self._catch_up()

    def _resume(self, live: bool) -> None:
        if live:
            self._rests_until_s = 0.0
            self._catch_up()

    def _catch_up(self) -> None:
        if self._is_stale and self.isVisible() and self.bar.live.isChecked() and not self.is_reading:
            self._soon.start(max(0, round((self._rests_until_s - time.monotonic()) * 1000)))

    def _read(self) -> None:
        self._is_stale = False
        self._soon.stop()
        self._started_s = time.monotonic()
        self._reader.submit(partial(_read, chosen=self._filter))

    def _read_done(self, overview: Overview) -> None:
        ended_s = time.monotonic()
        self._rests_until_s = ended_s + min(_MOST_REST_S, max(_LEAST_REST_S, (ended_s - self._started_s) * _REST_SHARE))
        self.bar.show_services(overview.services)
        unread = counted(overview.unread_traces, "trace")
        self.note.setText(f"Calls of {unread} are being read; they are not in here yet.")
        self.note.setVisible(overview.unread_traces > 0)
        if overview.sums.calls:
            self.board.show_overview(overview)
            self._stack.setCurrentWidget(self.board)
        else:
            self._say_empty(overview)
            self._stack.setCurrentWidget(self.empty)
        self._catch_up()

    def _say_empty(self, overview: Overview) -> None:
        if not overview.stored:
            words = "No calls of models yet. Point an SDK here and they appear by themselves."
            self.empty.set_content(words, "Show how to connect", self._connect_sdk, "llm")
        else:
            words = ", ".join(self._filter.words().values())
            self.empty.set_content(f"No calls of models: {words}.", "Show all time", self._show_all_time, "clock")

    # Ways

    def _connect_sdk(self) -> None:
        self._workbench.open(OpenPage("connect"))

    def _show_all_time(self) -> None:
        self.show_filter(OverviewFilter(time_range=ANY_TIME))

    def _list_calls_of(self, time_range: TimeRange) -> None:
        service = self._filter.service
        self._workbench.open(OpenCalls(service=service, since_ns=time_range.since_ns, until_ns=time_range.until_ns))

    def _open_row(self, row: object) -> None:
        since_ns, until_ns = self._filter.time_range.bounds(time.time_ns())
        calls = OpenCalls(service=self._filter.service, since_ns=since_ns, until_ns=until_ns)
        match row:
            case NotableCall():
                self._workbench.open(OpenTrace(row.trace_id, row.span_id))
            case FailingWorkflow():
                is_agent = row.type == "agent"
                self._workbench.open(OpenRuns("agents" if is_agent else "workflows", row.service_name, row.name))
            case ParameterRow():
                field = row.parameter.replace(" ", "_")
                self._workbench.open(replace(calls, query=term_for(field, row.value), model=row.model or None))
            case Ranked(value=value) if value:
                self._workbench.open(self._calls_by(calls, value))

    def _calls_by(self, calls: OpenCalls, value: str) -> OpenCalls:
        match self.board.group.value:
            case "model":
                return replace(calls, model=value)
            case "provider":
                return replace(calls, provider=value)
            case "service":
                return replace(calls, service=value)
            case group:
                return replace(calls, query=term_for(group, value))


def _read(cursor: DuckDBPyConnection, chosen: OverviewFilter) -> Overview:
    now_ns = time.time_ns()
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    return read_overview(cursor, since_ns, until_ns, chosen.service, now_ns)
