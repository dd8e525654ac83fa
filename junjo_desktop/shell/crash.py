"""Nothing that goes wrong is lost: exceptions, Qt's own warnings, and the stack of a fatal crash.

Nothing is sent anywhere. A fatal crash leaves its stack in `DataDir.crash_file`, which the next start offers.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from junjo_desktop.shell.crash_report import masked

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_LONGEST_TRACE = 100_000


class CrashHooks(QObject):
    """`bug_seen` carries an exception nobody caught, from whichever thread; it arrives on the GUI thread."""

    bug_seen = Signal(object)

    def __init__(self, crash_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = crash_file
        self.last_fatal_trace = _left_behind(crash_file)
        """The stack of the crash before this start; empty when there was none."""
        self._file: IO[str] | None = None
        self._undo: list[Callable[[], object]] = []

    def install(self) -> None:
        """Take over the process's hooks until `remove`."""
        self._watch_for_crashes()
        main, thread = sys.excepthook, threading.excepthook
        sys.excepthook = self._main_hook
        threading.excepthook = self._thread_hook
        qt = qInstallMessageHandler(_log_qt_message)
        self._undo += [
            lambda: setattr(sys, "excepthook", main),
            lambda: setattr(threading, "excepthook", thread),
            lambda: qInstallMessageHandler(qt),
        ]

    def remove(self) -> None:
        """Give the hooks back; an orderly end leaves no crash file."""
        while self._undo:
            self._undo.pop()()
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _watch_for_crashes(self) -> None:
        try:
            self._file = self._path.open("w", encoding="utf-8")
        except OSError:
            _log.warning("No crash file can be written to %s", self._path)
            return
        # A file and not stderr: a window started from a desktop has no stderr.
        faulthandler.enable(self._file)

    def _main_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("An exception nobody caught", exc_info=(kind, error, trace))
        self.bug_seen.emit(error)

    def _thread_hook(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not isinstance(caught.exc_value, SystemExit):
            self._main_hook(caught.exc_type, caught.exc_value, caught.exc_traceback)


def _left_behind(path: Path) -> str:
    try:
        return masked(path.read_text(encoding="utf-8", errors="replace")[:_LONGEST_TRACE]).strip()
    except OSError:
        return ""


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    _qt_log.log(
        _LEVELS.get(kind, logging.WARNING), "%s%s", f"{context.category}: " if context.category else "", message
    )
