"""What Space and Enter show below the list of log records: everything of one, and the way to its span and trace."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from junjo_desktop.features.logs import queries
from junjo_desktop.features.logs.columns import EMPTY
from junjo_desktop.features.logs.listings import LogDetail, LogRow
from junjo_desktop.shell.destinations import AddToQuery, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.log_record.view import LogRecordView
from junjo_desktop.widgets.log_record.words import first_line, severity_role, severity_words
from junjo_desktop.widgets.peek_pane import PeekPane
from junjo_desktop.widgets.tag import Tag

_LONGEST = 60
_TITLE_PX = 44


class LogPeek(PeekPane):
    """`left` comes with Escape: back to the list."""

    left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(name="The current record", parent=parent)
        self._workbench = workbench
        self._head = QFrame(self)
        self.title = ElidedLabel(parent=self._head, look="title")
        self.severity = Tag(parent=self._head)
        self.origin = ElidedLabel(parent=self._head, look="dim")
        self.open = QPushButton("Open in trace", self._head)
        self.record = LogRecordView(self)
        self._reader = workbench.reader(self, self._take)
        self._lay_out()
        self.open.clicked.connect(self.open_trace)
        self.record.set_finds("log records")
        self.record.term_asked.connect(self._find_records)

    def _lay_out(self) -> None:
        self._head.setFixedHeight(_TITLE_PX)
        line = QHBoxLayout(self._head)
        line.setContentsMargins(14, 4, 10, 0)
        line.setSpacing(8)
        line.addWidget(self.severity)
        line.addWidget(self.title, 3)
        line.addWidget(self.origin, 2)
        line.addWidget(self.open)
        self.open.setIcon(icon("traces"))
        self.open.setToolTip("Open the trace at the span in which the record was written (W)")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self.record, 1)
        self._head.hide()

    def _find_records(self, term: str) -> None:
        self._workbench.open(AddToQuery(Subject.LOGS.value, term))

    def mark(self, texts: Sequence[str]) -> None:
        """Let what was searched for stand out."""
        self.record.mark(texts)

    def show_row(self, row: LogRow | None) -> None:
        """Read the record, or say that none is chosen."""
        if row is None:
            self._reader.cancel()
            self._head.hide()
            self.record.show_nothing()
        else:
            self._reader.submit(partial(queries.log_detail, row=row))

    def open_trace(self) -> None:
        """Open the record's trace at its span; nothing for a record without a trace."""
        if isinstance(row := self.row, LogRow) and row.trace_id is not None:
            self._workbench.open(OpenTrace(row.trace_id, row.span_id))

    def take_focus(self) -> None:
        """Go to what the record says."""
        self.record.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def save_state(self, state: QSettings) -> None:
        """Keep which part is in front."""
        state.setValue("part", self.record.tabs.currentIndex())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        part = str(state.value("part", ""))
        if part.isdecimal() and int(part[:3]) < self.record.tabs.count():
            self.record.tabs.setCurrentIndex(int(part[:3]))

    def _take(self, detail: LogDetail | None) -> None:
        if detail is None:
            self._head.hide()
            self.record.show_nothing("This record is no longer stored.")
            return
        row = detail.row
        self.severity.set_tag(severity_words(row.severity_number, row.severity_text), severity_role(row.severity))
        self.title.setText(first_line(row.body_start) or row.event_name or EMPTY)
        self.origin.setText(origin_words(detail))
        self.open.setEnabled(row.trace_id is not None)
        self._head.show()
        self.record.show_record(detail.record, detail.trace_start_ns)


def origin_words(detail: LogDetail) -> str:
    """Return in which span and trace a record was written, or that it was in none."""
    row = detail.row
    if row.trace_id is None:
        return "Written outside of any trace"
    if detail.trace_name is None:
        return "Its trace has not arrived, or was deleted"
    trace = one_line(detail.trace_name.strip() or "(no name)", _LONGEST)
    if row.span_id is None:
        return f"In the trace {trace}, in no span"
    if detail.span_name is None:
        return f"In the trace {trace}; its span has not arrived"
    return f"In {one_line(detail.span_name.strip() or '(no name)', _LONGEST)}, in the trace {trace}"
