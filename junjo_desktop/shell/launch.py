"""Opens the window on an engine that runs, and takes it down again."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from junjo_desktop.background import from_any_thread
from junjo_desktop.shell.application import Application
from junjo_desktop.shell.binding_guard import guard_singletons
from junjo_desktop.shell.crash import CrashHooks
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.feed import Feed
from junjo_desktop.shell.main_window import MainWindow
from junjo_desktop.shell.workbench import Backend, Workbench
from junjo_desktop.theme.apply import Theme, apply_theme

_READERS = 3
_WORKERS = 3
"""One may delete for minutes and one count for a dialog: reports of the intake still come every second."""


class RaisableBackend(Backend, Protocol):
    """An engine that other processes can ask for the window."""

    on_raise: Callable[[], None] | None
    on_link: Callable[[str], None] | None


@dataclass(slots=True)
class OpenWindow:
    """A window and what works for it."""

    window: MainWindow
    workbench: Workbench
    feed: Feed
    executors: tuple[ThreadPoolExecutor, ...]
    is_closed: bool = False

    def close(self) -> None:
        """Close the window and wait until nothing reads any more. Again does nothing."""
        if self.is_closed:
            return
        self.is_closed = True
        self.feed.stop()
        self.window.close()
        self.workbench.cancel_reads()
        for executor in self.executors:
            executor.shutdown(wait=True, cancel_futures=True)


def run_window(
    engine: RaisableBackend, features: Sequence[Feature], *, demo: bool = False, link: str | None = None
) -> int:
    """Show the window of a started engine until it is closed; return the exit status. The engine is not stopped.

    It begins where `link` leads.
    """
    guard_singletons()
    app = QApplication.instance() or Application(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("Qt runs already, without widgets")
    app.setApplicationName("Junjo Desktop")
    app.setDesktopFileName("dev.junjo.junjo-desktop")
    hooks = CrashHooks(engine.data_dir.crash_file)
    with ExitStack() as undo:
        hooks.install()
        undo.callback(hooks.remove)
        opened = build_window(engine, features, demo=demo)
        undo.callback(opened.close)
        hooks.bug_seen.connect(opened.window.notices.show_error)
        if hooks.last_fatal_trace:
            opened.window.notices.show_last_crash(hooks.last_fatal_trace)
        if isinstance(app, Application):
            app.link_clicked.connect(opened.window.open_link)
        if link is not None:
            opened.window.go_to(link)
        engine.on_raise = from_any_thread(opened.window, opened.window.raise_window)
        undo.callback(setattr, engine, "on_raise", None)
        engine.on_link = from_any_thread(opened.window, opened.window.open_link)
        undo.callback(setattr, engine, "on_link", None)
        for number in (signal.SIGINT, signal.SIGTERM):
            # Python's handlers run between Qt's events; the feed asks for a report every second, so at the latest then.
            undo.callback(signal.signal, number, signal.signal(number, _Quit(opened.window)))
        opened.window.show()
        return app.exec()


def build_window(backend: Backend, features: Sequence[Feature], *, demo: bool = False) -> OpenWindow:
    """Build the window of these features with its first page, without showing it. A `QApplication` exists."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a QApplication must exist before its window")
    guard_singletons()
    theme = apply_theme(app, backend.settings.theme)
    readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")
    workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="worker")
    workbench = Workbench(backend, readers, workers)
    state = QSettings(str(backend.data_dir.window_state), QSettings.Format.IniFormat)
    window = MainWindow(workbench, tuple(features), state, demo=demo)
    theme.changed.connect(workbench.theme_changed)
    workbench.settings_changed.connect(_FollowSettings(theme, backend))
    workbench.setParent(window)
    feed = Feed(backend, workbench)
    window.restore_window()
    window.open_first_page()
    feed.start()
    return OpenWindow(window, workbench, feed, (readers, workers))


class _FollowSettings:
    """Puts the theme on that the settings name now."""

    def __init__(self, theme: Theme, backend: Backend) -> None:
        self._theme = theme
        self._backend = backend

    def __call__(self) -> None:
        self._theme.use(self._backend.settings.theme)


class _Quit:
    """Closes the window on a signal of the operating system."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(self, _number: int, _frame: object) -> None:
        # Not at once: the signal may come before the window is shown, and closing it would then end nothing.
        QTimer.singleShot(0, self._window.close)
