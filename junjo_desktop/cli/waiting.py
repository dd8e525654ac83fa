"""Waiting for the user to end a program that has no window."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class EndSignals:
    """From creation on, SIGINT, SIGTERM and SIGHUP ask for an orderly end; a second one of them ends at once."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._ask)

    def wait(self) -> None:
        """Return when the end was asked for."""
        # In steps: on Windows a handler only runs between two waits.
        while not self._asked.wait(1.0):
            pass

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked.is_set():
            raise KeyboardInterrupt
        self._asked.set()
