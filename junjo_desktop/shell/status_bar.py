"""The bottom line of the window: is it listening, what comes in, what is stored, what was refused."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from junjo_desktop.shell import intake_words
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, paint_dot
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 26
_DOT_PX = 8
_EDGES_PX = 19
_LEAST_PX = 60


class StatusBar(QFrame):
    """`connect_pressed` when more is wanted about receiving, `palette_pressed` for the commands."""

    connect_pressed = Signal()
    palette_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setFixedHeight(_HEIGHT_PX)
        self._before: tuple[float, IntakeReport] | None = None
        self._dot = _Dot(self)
        self._ports = "Starting…"
        self._listening = QPushButton(self._ports, self)
        self._received = QLabel(self)
        self._waiting = QLabel(self)
        self._stored = QLabel(self)
        self._trouble = QPushButton(self)
        self._commands = QPushButton("Ctrl+K commands", self)
        self._lay_out()
        self._trouble.hide()
        self._listening.setToolTip("Open Connect")
        self._commands.setToolTip("Commands and places (Ctrl+K)")
        self._listening.clicked.connect(self.connect_pressed)
        self._trouble.clicked.connect(self.connect_pressed)
        self._commands.clicked.connect(self.palette_pressed)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(11, 0, 8, 0)
        line.setSpacing(0)
        line.addWidget(self._dot)
        line.addWidget(self._listening)
        for label in (self._received, self._waiting, self._stored):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(10, 0, 10, 0)
            line.addWidget(label)
        line.addStretch(1)
        line.addWidget(self._trouble)
        line.addWidget(self._commands)

    def show_report(self, report: IntakeReport, at_s: float | None = None) -> None:
        """Show the state of the intake at `at_s` (monotonic seconds, now by default)."""
        at_s = time.monotonic() if at_s is None else at_s
        reached = intake_words.listening(report)
        self._dot.show_state("full" if reached.is_well else "ring", "ok" if reached.is_well else "error")
        self._ports = reached.text
        self._listening.setAccessibleName(reached.text)
        self._listening.setToolTip(plain_tooltip(reached.problem) or "Open Connect")
        before, elapsed_s = (None, 0.0) if self._before is None else (self._before[1], at_s - self._before[0])
        self._received.setText(
            f"{counted(report.spans, 'span')} received · {intake_words.rate(before, report, elapsed_s)}"
        )
        self._waiting.setText(f"{report.waiting:,} waiting")
        self._waiting.setToolTip("Acknowledged and not yet searchable")
        self._stored.setText(intake_words.stored(report))
        self._stored.setToolTip("Stored spans, and the size of the database")
        self._before = (at_s, report)
        self._show_trouble(report)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave figures out, the least telling first, rather than cut words; Connect has them all."""
        asked = (self._listening, self._trouble, self._commands)
        margins = self.contentsMargins()
        room = self.width() - _EDGES_PX - self._dot.width() - margins.left() - margins.right()
        self._listening.setText(self._ports)
        room -= sum(button.sizeHint().width() for button in asked if not button.isHidden())
        if room < 0:
            room += self._cut_listening(-room)
        for label in (self._stored, self._received, self._waiting):
            room -= label.sizeHint().width()
            label.setVisible(room >= 0)

    def _cut_listening(self, missing_px: int) -> int:
        """Cut the list of ports by that much; return what it gave."""
        before, metrics = self._listening.sizeHint().width(), self._listening.fontMetrics()
        width = metrics.horizontalAdvance(self._ports) - missing_px
        self._listening.setText(metrics.elidedText(self._ports, Qt.TextElideMode.ElideRight, max(width, _LEAST_PX)))
        return before - self._listening.sizeHint().width()

    def _show_trouble(self, report: IntakeReport) -> None:
        short, sentence = intake_words.trouble(report)
        self._trouble.setVisible(bool(short))
        self._trouble.setText(short)
        self._trouble.setToolTip(plain_tooltip(sentence))


class _Dot(QWidget):
    """Full and green, or an empty red ring: the shape says it too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_DOT_PX + 2, _HEIGHT_PX))
        self._shape: Shape = "half"
        self._role: Role = "dim"

    def show_state(self, shape: Shape, role: Role) -> None:
        self._shape = shape
        self._role = role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = QPointF(self.width() / 2, self.height() / 2)
        paint_dot(painter, middle, self._shape, role_color(current(), self._role), _DOT_PX)
        painter.end()
