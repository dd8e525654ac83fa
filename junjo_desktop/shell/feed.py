"""Brings news of the engine to the window: stored batches, throttled, and the intake's report once a second."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.shell.footprint import give_back
from junjo_desktop.shell.workbench import Backend, Workbench
from junjo_desktop.telemetry.intake import IntakeReport

_BATCH_MS = 80
"""A little less than what lies between two batches of a steady stream, so that each is told at once."""
_REPORT_MS = 1000
_IDLE_MS = 3000
"""Quiet for this long: what the start or the last burst needed is given back to the system."""


class Throttle(QObject):
    """Passes the first call on at once, and then at most one every `interval_ms`; the last one is never lost."""

    passed = Signal()

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waits = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(interval_ms)
        self._rest.timeout.connect(self._rested)

    def call(self) -> None:
        """Something happened."""
        if self._rest.isActive():
            self._waits = True
        else:
            self._rest.start()
            self.passed.emit()

    def _rested(self) -> None:
        if self._waits:
            self._waits = False
            self.call()


class Feed(QObject):
    """Feeds a workbench's signals from its backend, from `start` to `stop`."""

    _stored = Signal()

    def __init__(self, backend: Backend, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._backend = backend
        self._workbench = workbench
        self._lock = threading.Lock()
        self._is_announced = False
        self._report: IntakeReport | None = None
        self._was_changing = True
        self._unsubscribe: Callable[[], None] | None = None
        self._throttle = Throttle(_BATCH_MS, self)
        self._throttle.passed.connect(workbench.batch_stored)
        self._stored.connect(self._arrived)
        self._reports = workbench.worker(self, self._take, self._fail)
        self._poll = QTimer(self)
        self._poll.setInterval(_REPORT_MS)
        self._poll.timeout.connect(self.ask)
        self._giving_back = workbench.worker(self, self._given_back, self._fail)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._rest)

    def start(self) -> None:
        """Begin to listen, and ask for the first report."""
        self._unsubscribe = self._backend.subscribe(self._announce)
        self._poll.start()
        self._idle.start()
        self.ask()

    def stop(self) -> None:
        """Listen no more."""
        self._poll.stop()
        self._idle.stop()
        self._reports.cancel()
        self._giving_back.cancel()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def ask(self) -> None:
        """Ask for a report now, unless one is on its way."""
        if not self._reports.busy:
            self._reports.submit(self._backend.report)

    def _announce(self) -> None:
        # On the indexer's thread, maybe hundreds of times a second: one event in the queue is enough.
        with self._lock:
            if self._is_announced:
                return
            self._is_announced = True
        self._stored.emit()

    def _arrived(self) -> None:
        with self._lock:
            self._is_announced = False
        self._throttle.call()

    def _take(self, report: IntakeReport) -> None:
        changed = report != self._report
        self._report = report
        # The rate falls to zero after the last span: one more report says so.
        if changed or self._was_changing:
            self._workbench.take_intake(report)
        if changed:
            self._idle.start()
        self._was_changing = changed

    def _rest(self) -> None:
        self._giving_back.submit(give_back)

    def _given_back(self, _nothing: None) -> None:
        """The next change starts the wait anew."""

    def _fail(self, error: Exception) -> None:
        if self._poll.isActive():
            self._workbench.report_error(error)
