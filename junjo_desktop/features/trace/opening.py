"""What is said while a large trace is opened, and the way to give up."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.background import from_any_thread
from junjo_desktop.errors import QueryCancelledError
from junjo_desktop.features.trace.loading import LoadTrace

_QUIET_MS = 150
"""What takes no longer is not spoken of."""


class Opening(QObject):
    """`told` carries what is being done, once it takes a while."""

    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._given_up = threading.Event()
        self._words = ""
        self._is_open = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._speak)
        self._tell = from_any_thread(self, self._take)

    @property
    def is_open(self) -> bool:
        """Whether a trace is being opened."""
        return self._is_open

    def begin(self, trace_id: str) -> LoadTrace:
        """Return the read that opens a trace; give up any earlier one."""
        self.give_up()
        self._given_up = given_up = threading.Event()
        self._words, self._is_open = "Opening the trace …", True
        self._quiet.start()

        def tell(words: str) -> None:
            if given_up.is_set():
                raise QueryCancelledError
            self._tell(words)

        return LoadTrace(trace_id, tell)

    def done(self) -> None:
        """It is open, or not there."""
        self._is_open = False
        self._quiet.stop()

    def give_up(self) -> None:
        """Let the read under way end at its next step."""
        self._given_up.set()
        self.done()

    def _take(self, words: str) -> None:
        self._words = words
        if self._is_open and not self._quiet.isActive():
            self._speak()

    def _speak(self) -> None:
        if self._is_open:
            self.told.emit(self._words)
