"""The lens Logs: a table of the trace's log records, one selection with its spans, and the current record whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from junjo_desktop.features.trace.loading import LoadedTrace
from junjo_desktop.features.trace.logs.columns import LogPlace, log_columns
from junjo_desktop.features.trace.logs.controls import LogControls
from junjo_desktop.features.trace.logs.source import LogListing, LogSource
from junjo_desktop.features.trace.logs.words import NO_RECORDS, NOTHING_MATCHES, STILL_READING, unplaced_words
from junjo_desktop.store.trace_logs import (
    FoundLogs,
    LogCounts,
    LogFilter,
    LogLine,
    count_logs_with,
    find_logs,
    log_count,
    read_log_record,
)
from junjo_desktop.widgets.background_reads import BackgroundReads
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.log_record.view import LogRecordView
from junjo_desktop.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from junjo_desktop.telemetry.log_record import LogRecord

_REST_MS = 400
_TABLE_PX, _RECORD_PX = 420, 240
_NARROW_PX = 560
"""Below, the clock gives its room to what the records say; times after the start of the trace stay."""


class LogsLens(QWidget):
    """Nothing is read before it is looked at. `span_chosen` carries the span of a record that the user went to."""

    span_chosen = Signal(str)
    entered_span = Signal()
    help_asked = Signal()
    """The user wants to know how log records get here."""
    term_asked = Signal(str)
    """Log records are to be found by this condition."""
    counted = Signal(object)
    """How many log records the trace has."""

    def __init__(self, reads: BackgroundReads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = LogPlace()
        self._trace_id = ""
        self._source: LogSource | None = None
        self._listing: LogListing | None = None
        self._is_stale = self._is_following = self._is_narrow = self._hid_clock = False
        self.controls = LogControls(self)
        """To be placed by the owner."""
        self.table: PagedTable[LogLine] = PagedTable(reads, log_columns(self._place), name="Log records", parent=self)
        self.note = ElidedLabel(parent=self, look="dim")
        self._record: LogRecordView | None = None
        self._saved_split: object = None
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._whole = reads.reader(self, self._show_record)
        self._first = reads.reader(self, self._go_to_first)
        self._counter = reads.reader(self, self.counted.emit)
        self._finder = reads.reader(self, self.controls.show_found)
        self._looked_for: tuple[str, ...] = ()
        self._soon = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REST_MS)
        upper = QWidget(self._split)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        self.note.setContentsMargins(10, 4, 10, 4)
        self.note.hide()
        column.addWidget(self.note)
        self._split.addWidget(upper)
        self._split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.controls.changed.connect(self._list)
        self.table.sort_requested.connect(self._sort)
        self.table.current_changed.connect(self._moved)
        self.table.row_activated.connect(self._enter)
        self.table.peek_requested.connect(self._enter)
        self.table.listed.connect(self._listed)
        self._soon.timeout.connect(self._read_again)

    @property
    def record(self) -> LogRecordView:
        """The current record whole. Made when it is first looked at: it takes a tenth of what the whole page does."""
        if self._record is None:
            self._record = LogRecordView(self._split)
            self._record.set_finds("records")
            self._record.mark(self._looked_for)
            self._record.term_asked.connect(self.term_asked)
            self._split.addWidget(self._record)
            self._split.setSizes([_TABLE_PX, _RECORD_PX])
            if isinstance(self._saved_split, QByteArray):
                self._split.restoreState(self._saved_split)
        return self._record

    # What is shown

    def forget(self) -> None:
        """Another trace is on its way."""
        self._trace_id = ""
        self._source = self._listing = None
        self._whole.cancel()
        self._first.cancel()
        self._counter.cancel()
        self._finder.cancel()
        self._soon.stop()

    def show_trace(self, trace: LoadedTrace) -> None:
        """Show a trace, or the same one grown."""
        self._place.trace_start_ns = trace.tree.start_ns
        if trace.head.trace_id != self._trace_id:
            self._trace_id = trace.head.trace_id
            if self._record is not None:
                self._record.show_nothing()
            self._counter.submit(partial(log_count, trace_id=self._trace_id))
            self._list()
        else:
            self.renew()

    def renew(self) -> None:
        """Something was stored: show what there is of this trace now, before long; out of sight, how much it is."""
        self._is_stale = True
        around = self.parentWidget()
        if self._trace_id and around is not None and around.isVisible() and not self._soon.isActive():
            self._soon.start()

    def show_selected(self, span_id: str) -> None:
        """Mark the records of a span and go to the first of them, unless one of them is current."""
        self._place.selected_span = span_id
        self.table.view.viewport().update()
        if self.controls.of_selected.isChecked():
            self._list()
        else:
            self._follow()

    def show_looked_for(self, texts: Sequence[str]) -> None:
        """Mark and count what is looked for in the trace."""
        if tuple(texts) != self._looked_for:
            self._looked_for = tuple(texts)
            self.table.view.mark(texts)
            if self._record is not None:
                self._record.mark(texts)
            self._count_found()

    def _count_found(self) -> None:
        if not self._looked_for:
            self._finder.cancel()
            self.controls.show_found(None)
        elif self._trace_id and self.isVisible():
            self._finder.submit(partial(count_logs_with, trace_id=self._trace_id, texts=self._looked_for))

    def showEvent(self, event: QShowEvent) -> None:
        self.record.setVisible(True)
        super().showEvent(event)
        if self._source is None or self._source.wanted != self._wanted():
            self._list()
        elif self._is_stale:
            self._read_again()
        else:
            self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape and focused is not None and self.record.isAncestorOf(focused):
            self.table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_PX
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._hide_clock(is_narrow)

    def _hide_clock(self, hidden: bool) -> None:
        """Hide the clock for want of room, or show it again unless the user had hidden it."""
        view = self.table.view
        section = [column.key for column in self.table.model.columns].index("time")
        if hidden:
            self._hid_clock = not view.isColumnHidden(section)
            view.setColumnHidden(section, True)
        elif self._hid_clock:
            self._hid_clock = False
            view.setColumnHidden(section, False)

    def _wanted(self) -> LogFilter:
        return self.controls.filter_for(self._place.selected_span)

    def _list(self) -> None:
        if not self._trace_id or not self.isVisible():
            return
        self._is_stale = False
        newest_first = self._source is not None and self._source.newest_first
        self._source = LogSource(self._trace_id, self._wanted(), newest_first)
        self.table.empty_state.set_content(STILL_READING)
        self.table.set_source(self._source, sort_key="after", descending=newest_first)

    def _sort(self, _key: str, descending: bool) -> None:
        if self._source is not None:
            self._source = LogSource(self._trace_id, self._source.wanted, newest_first=descending)
            self.table.set_source(self._source, sort_key="after", descending=descending)

    def _read_again(self) -> None:
        if not self.isVisible():
            self._counter.submit(partial(log_count, trace_id=self._trace_id))
        elif self._source is not None:
            self._is_stale = False
            self.table.refresh()

    def _listed(self, listing: LogListing) -> None:
        self._listing = listing
        self._say(listing.counts)
        self._count_found()
        self.counted.emit(listing.counts.total)
        if len(listing.ids) == 0:
            self.record.show_nothing("")
            if self.controls.is_filtering and listing.counts.total:
                self.table.empty_state.set_content(NOTHING_MATCHES, "Show all records", self.controls.clear, "filter")
            else:
                self.table.empty_state.set_content(NO_RECORDS, "How to send them", self.help_asked.emit, "connect")
        elif self.table.current_id is None:
            self._follow()

    def _say(self, counts: LogCounts) -> None:
        words = unplaced_words(counts)
        self.note.setText(words)
        self.note.setVisible(bool(words))

    # One selection with the spans

    def _follow(self) -> None:
        """Go to the first record of the selected span, unless one of its records is current."""
        if not self.isVisible() or self._source is None or not self._place.selected_span:
            return
        line = self.current_line
        if line is None or line.span_id != self._place.selected_span:
            of_span = replace(self._wanted(), span_id=self._place.selected_span)
            self._first.submit(partial(find_logs, trace_id=self._trace_id, wanted=of_span))

    def _go_to_first(self, found: FoundLogs) -> None:
        if found.row_ids:
            self._is_following = True
            self.table.select_id(found.row_ids[0])
            self._is_following = False

    @property
    def current_line(self) -> LogLine | None:
        """The record that is current, as the table shows it."""
        row_id = self.table.current_id
        return None if row_id is None else self.table.model.known_row(row_id)

    def _moved(self, row_id: int | None) -> None:
        if row_id is None:
            self._whole.cancel()
            self.record.show_nothing()
            return
        self._whole.submit(partial(read_log_record, trace_id=self._trace_id, row_id=row_id))
        line = self.current_line
        if not self._is_following and line is not None and line.span_name is not None:
            self.span_chosen.emit(line.span_id)

    def _show_record(self, record: LogRecord | None) -> None:
        if record is None:
            self.record.show_nothing("This record is no longer stored.")
        else:
            self.record.show_record(record, self._place.trace_start_ns)

    def _enter(self, _row_id: object) -> None:
        self.record.take_focus()

    def step_failure(self, forward: bool) -> bool:
        """Go to the next or previous record that is an error; False when there is none."""
        listing = self._listing
        if listing is None:
            return False
        at = self.table.view.currentIndex()
        row = listing.next_severe(at.row() if at.isValid() else -1 if forward else len(listing.severe), forward=forward)
        return row >= 0 and self.table.select_id(listing.ids[row])

    def toggle_of_selected(self) -> None:
        """Show only the records of the selected span, or all."""
        self.controls.of_selected.toggle()

    def save_state(self, state: QSettings) -> None:
        """Write columns, how severe, and how the room is shared."""
        if self._is_narrow:
            self._hide_clock(False)
        state.setValue("logs_columns", self.table.columns.save())
        if self._is_narrow:
            self._hide_clock(True)
        state.setValue("logs_split", self._saved_split if self._record is None else self._split.saveState())
        self.controls.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        self.table.columns.restore(state.value("logs_columns", ""))
        self._saved_split = state.value("logs_split")
        if self._record is not None and isinstance(self._saved_split, QByteArray):
            self._split.restoreState(self._saved_split)
        self.controls.restore_state(state)
