"""The app as its command starts it, told what to show and asked how late its event loop is. Used by `window`.

`python -m tests.bench.scrolled_window ARGUMENTS` prints `port NUMBER` once the window is open, and then does what each
line on standard input says: `traces` and `trace ID` show a page and print `shown` once it is filled; `measure SECONDS`
scrolls what is shown and prints lateness in milliseconds, one number for each moment that was due, in one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from junjo_desktop.cli.main import main
from junjo_desktop.features.trace.waterfall import Waterfall
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell import launch
from junjo_desktop.shell.destinations import OpenTrace, OpenTraces
from junjo_desktop.shell.launch import OpenWindow
from junjo_desktop.telemetry.intake import Purpose, open_ports

TICK_MS = 5
"""How far the moments are apart at which the event loop should be free."""
_FRAME_MS = 16
_TURN_AFTER = 120
_NOTCH = 120
"""One step of a mouse wheel, in eighths of a degree: three rows."""


class Lateness(QObject):
    """A timer that notes how late it is.

    A loop that stands still for long misses many moments; each of them counts, or a long stall would hardly show.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._due = 0.0
        self.milliseconds: list[float] = []

    def start(self) -> None:
        """Begin anew."""
        self.milliseconds = []
        self._wait()

    def stop(self) -> None:
        """Note nothing more."""
        self._timer.stop()

    def _wait(self) -> None:
        self._due = time.perf_counter() + TICK_MS / 1e3
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        late = max(0.0, (time.perf_counter() - self._due) * 1e3)
        self.milliseconds.append(late)
        while late > TICK_MS:
            late -= TICK_MS
            self.milliseconds.append(late)
        self._wait()


class _Driver(QObject):
    """Shows and scrolls what standard input asks for."""

    def __init__(self, opened: OpenWindow) -> None:
        super().__init__(opened.window)
        self._opened = opened
        self._words: SimpleQueue[list[str]] = SimpleQueue()
        self._lateness = Lateness(self)
        self._frames = 0
        self._steps = 0
        self._view: Any = None
        self._scrolling = self._timer(_FRAME_MS, self._scroll)
        self._listening = self._timer(20, self._obey)
        self._looking = self._timer(20, self._look)
        self._is_filled: Any = None
        self._listening.start()
        Thread(target=self._listen, daemon=True).start()

    def _timer(self, interval_ms: int, slot: Any) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _listen(self) -> None:
        for line in sys.stdin:
            self._words.put(line.split())

    def _obey(self) -> None:
        try:
            words = self._words.get_nowait()
        except Empty:
            return
        match words:
            case ["traces"]:
                self._opened.workbench.open(OpenTraces())
                page: Any = self._opened.window.findChild(TracesPage)
                self._show(page.table.view, lambda: page.table.model.rowCount() > 0)
            case ["trace", trace_id]:
                self._opened.workbench.open(OpenTrace(trace_id))
                self._is_filled = self._waterfall_filled
                self._looking.start()
            case ["measure", seconds]:
                self._measure(float(seconds))

    def _show(self, view: Any, is_filled: Any) -> None:
        self._view, self._is_filled = view, is_filled
        self._looking.start()

    def _waterfall_filled(self) -> bool:
        waterfall: Any = self._opened.window.findChild(Waterfall)
        self._view = waterfall
        return waterfall is not None and waterfall.isVisible() and waterfall.verticalScrollBar().maximum() > 0

    def _look(self) -> None:
        if self._is_filled():
            self._looking.stop()
            print("shown", flush=True)

    def _measure(self, seconds: float) -> None:
        self._frames = self._steps = 0
        self._view.viewport().installEventFilter(self)
        # A wheel over the list of traces would hold back its news: it stays as it is and renews itself.
        if isinstance(self._view, Waterfall):
            self._scrolling.start()
        self._listening.stop()
        self._lateness.start()
        QTimer.singleShot(round(seconds * 1e3), self._measured)

    def _measured(self) -> None:
        self._lateness.stop()
        self._scrolling.stop()
        self._view.viewport().removeEventFilter(self)
        print(json.dumps({"late_ms": self._lateness.milliseconds, "frames": self._frames}), flush=True)
        self._listening.start()

    def _scroll(self) -> None:
        self._steps += 1
        down = (self._steps // _TURN_AFTER) % 2 == 0
        viewport = self._view.viewport()
        middle = QPointF(viewport.rect().center())
        event = QWheelEvent(
            middle,
            QPointF(viewport.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, -_NOTCH if down else _NOTCH),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._frames += 1
        return super().eventFilter(watched, event)


def _build_and_drive(backend: Any, *arguments: Any, **options: Any) -> OpenWindow:
    opened = _build_window(backend, *arguments, **options)
    _drivers.append(_Driver(opened))
    print("port", open_ports(backend.listeners, Purpose.OTLP)[0], flush=True)
    return opened


if __name__ == "__main__":
    _build_window = launch.build_window
    _drivers: list[_Driver] = []
    launch.build_window = _build_and_drive
    status = main()
    _drivers.clear()
    sys.exit(status)
