"""Asks with which other run of the same workflow one is to be compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.compare.queries import Candidates, candidates, place_of
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text
from junjo_desktop.widgets.inspector.row_list import RowList
from junjo_desktop.widgets.search_field import SearchField

_WIDTH_PX = 860
_HEADINGS = ("Started", "Outcome", "Duration", "Version", "Correlation", "Failure")
_WIDTHS = (156, 84, 104, 66, 124)


class _RunList(RowList):
    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)


class RunChooser(QWidget):
    """`chosen` carries the place of a run, and whether it began before the run that was asked for.

    `cancelled` comes on Escape and by its button.
    """

    chosen = Signal(object, bool)
    cancelled = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: OpenRun | None = None
        self._found: Candidates | None = None
        self._reader = workbench.reader(self, self._show)
        self.heading = QLabel(self)
        self.previous = QPushButton("Previous run", self)
        self.completed = QPushButton("Last completed run", self)
        self.filter = SearchField("Filter: failure, version, correlation, id", name="Filter runs", parent=self)
        self.list = _RunList("Runs to compare with", _HEADINGS, _WIDTHS, self)
        self.nothing = EmptyState("Looking for other runs …", parent=self)
        self.compare = QPushButton("Compare", self)
        self.back = QPushButton("Cancel", self)
        self._count = QLabel(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.filter.changed.connect(self._read)
        self.filter.submitted.connect(self._to_list)
        self.previous.clicked.connect(self._take_previous)
        self.completed.clicked.connect(self._take_completed)
        for taken in (self.compare.clicked, self.list.entered_row, self.list.doubleClicked):
            taken.connect(self.take_current)
        self.back.clicked.connect(self.cancelled)

    def _lay_out(self) -> None:
        self.heading.setProperty("look", "title")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("look", "dim")
        self.compare.setProperty("look", "primary")
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        column = QWidget(self)
        column.setMaximumWidth(_WIDTH_PX)
        quick, last = QHBoxLayout(), QHBoxLayout()
        for widget in (self.previous, self.completed):
            quick.addWidget(widget)
        quick.addStretch(1)
        last.addWidget(self._count, 1)
        last.addWidget(self.back)
        last.addWidget(self.compare)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(16, 20, 16, 16)
        inner.setSpacing(10)
        inner.addWidget(self.heading)
        inner.addLayout(quick)
        inner.addWidget(self.filter)
        inner.addWidget(self._stack, 1)
        inner.addLayout(last)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(column, 1000)
        layout.addStretch(1)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._reader.busy

    def ask(self, run: OpenRun) -> None:
        """Offer what a run may be compared with."""
        self._run, self._found = run, None
        self.filter.show_text("")
        self.heading.setText("Compare with …")
        self.nothing.set_content("Looking for other runs …")
        self._stack.setCurrentWidget(self.nothing)
        for button in (self.previous, self.completed, self.compare):
            button.setEnabled(False)
        self._read()
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, _text: str = "") -> None:
        if self._run is not None:
            self._reader.submit(partial(candidates, run=self._run, text=self.filter.text()))

    def _show(self, found: Candidates) -> None:
        self._found = found
        this = found.this
        if this is not None:
            started = moment_text(this.start_ns) if this.start_ns else "no start time"
            self.heading.setText(one_line(f"Compare {this.name or '(no name)'} of {started} with …", 160))
        self.list.show_rows([_cells(row) for row in found.rows], [_tips(row) for row in found.rows])
        is_filtered = bool(self.filter.text().strip())
        self.nothing.set_content(
            "No other run matches." if is_filtered else "There is no other run of this name to compare with."
        )
        self._stack.setCurrentWidget(self.list if found.rows else self.nothing)
        more = found.count - len(found.rows)
        newest = f", the newest {count_text(len(found.rows))} of them here" if more > 0 else ""
        self._count.setText(f"{count_text(found.count)} other runs{newest}" if found.count else "")
        for button, row in ((self.previous, found.previous), (self.completed, found.completed)):
            button.setEnabled(row is not None)
            button.setToolTip("" if row is None else " · ".join(filter(None, _cells(row))))
        self.compare.setEnabled(bool(found.rows))

    def take_current(self) -> None:
        """Compare with the run of the current line."""
        row = self.list.currentIndex().row()
        if self._found is not None and 0 <= row < len(self._found.rows):
            self._take(self._found.rows[row])

    def _take_previous(self) -> None:
        self._take(None if self._found is None else self._found.previous)

    def _take_completed(self) -> None:
        self._take(None if self._found is None else self._found.completed)

    def _take(self, row: RunRow | None) -> None:
        if row is not None:
            this = None if self._found is None else self._found.this
            self.chosen.emit(place_of(row), this is not None and row.start_ns < this.start_ns)

    def _to_list(self, _text: str) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


def _cells(row: RunRow) -> tuple[str, ...]:
    return (
        moment_text(row.start_ns) if row.start_ns else "no start time",
        row.outcome.value,
        "" if row.duration_ns is None else duration_text(row.duration_ns),
        row.service_version or "",
        row.correlation_id or "",
        ": ".join(filter(None, (row.error_type, row.error_message))),
    )


def _tips(row: RunRow) -> tuple[str, ...]:
    started, outcome, duration, version, _, failure = _cells(row)
    correlation = " ".join(filter(None, (row.correlation_type, row.correlation_id)))
    exact = iso_text(row.start_ns) if row.start_ns else started
    return exact, outcome, duration, version, correlation, failure
