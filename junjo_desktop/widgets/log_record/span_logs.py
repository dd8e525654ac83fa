"""The log records of one span: a list, and the current record whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.widgets.figures import count_text, iso_text, offset_text
from junjo_desktop.widgets.inspector.row_list import RowList
from junjo_desktop.widgets.log_record.view import LogRecordView
from junjo_desktop.widgets.log_record.words import first_line, severity_words

_HEADINGS, _WIDTHS = ("After", "Severity", "Record"), (80, 76, 240)
_LINE_CHARACTERS = 400


class SpanLogs(QWidget):
    """Its parts are made with the first records: most inspectors never show any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: tuple[LogRecord, ...] = ()
        self._start_ns = 0
        self._cut = QLabel(self)
        self._cut.setProperty("look", "dim")
        self._cut.setContentsMargins(10, 4, 10, 4)
        self.list: RowList | None = None
        self.record: LogRecordView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._cut)

    def show_logs(self, records: Sequence[LogRecord], total: int, span_start_ns: int, trace_start_ns: int) -> None:
        """Show other records, of `total`; the list tells times from the start of the span, as events do."""
        self._records, self._start_ns = tuple(records), trace_start_ns
        self._cut.setText(
            f"The first {count_text(len(records))} of {count_text(total)}; the lens Logs has all of them."
        )
        self._cut.setVisible(total > len(records))
        rows, tips = [], []
        for record in self._records:
            moment = record.time_unix_nano or record.observed_time_unix_nano
            said = first_line(record.body_text[:_LINE_CHARACTERS]) or record.event_name or "(empty)"
            severity = severity_words(record.severity_number, record.severity_text)
            rows.append((offset_text(moment - span_start_ns) if moment else "no time", severity, said))
            tips.append((iso_text(moment) if moment else "", severity, record.body_text[:_LINE_CHARACTERS]))
        self._parts()[0].show_rows(rows, tips)

    def select_at(self, time_ns: int) -> None:
        """Make the first record of a moment the current one, when there is one."""
        moments = [record.time_unix_nano or record.observed_time_unix_nano for record in self._records]
        if time_ns in moments:
            rows = self._parts()[0]
            rows.setCurrentIndex(rows.model().index(moments.index(time_ns), 0))

    def _parts(self) -> tuple[RowList, LogRecordView]:
        if self.list is None or self.record is None:
            split = QSplitter(Qt.Orientation.Vertical, self)
            self.list = RowList("Log records of the span", _HEADINGS, _WIDTHS, split)
            self.record = LogRecordView(split)
            split.addWidget(self.list)
            split.addWidget(self.record)
            split.setStretchFactor(0, 2)
            split.setStretchFactor(1, 3)
            self._column.addWidget(split, 1)
            self.list.row_chosen.connect(self._show_record)
        return self.list, self.record

    def _show_record(self, row: int) -> None:
        self._parts()[1].show_record(self._records[row], self._start_ns)
