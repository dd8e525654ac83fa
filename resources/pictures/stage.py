"""The window that is photographed: opens places in it, waits until nothing moves in it any more, and keeps pictures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from duckdb import DuckDBPyConnection
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QSplitter, QWidget

from junjo_desktop.app import Engine
from junjo_desktop.shell.launch import OpenWindow

SIZE = (1440, 900)
PATIENCE_S = 30.0
_FIRST_LOOK_MS, _NEXT_LOOK_MS, _LOOKS = 700, 250, 8
_LOSSLESS = 100
"""The quality from which on Qt writes WebP without loss."""

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")


class Stage:
    """One window in one theme. Only pictures whose names are in `wanted` are kept; an empty `wanted` keeps all."""

    def __init__(self, engine: Engine, opened: OpenWindow, theme: str, folder: Path, wanted: Collection[str]) -> None:
        self.engine = engine
        self.window = opened.window
        self._workbench = opened.workbench
        self._theme = theme
        self._folder = folder
        self._wanted = wanted
        self.window.resize(*SIZE)
        self.window.show()

    def ask(self, query: Callable[[DuckDBPyConnection], T]) -> T:
        """Return what a query of the store tells."""
        return self.engine.read(query)

    def open(self, destination: object, page: type[W]) -> W:
        """Go to a place; return the page that shows it."""
        self._workbench.open(destination)
        rest(50)
        return next(found for found in self.window.findChildren(page) if found.isVisible())

    def run(self, command_id: str) -> None:
        """Do what a key of the page in front does."""
        command = next(command for command in self.window.commands() if command.id == command_id)
        if not command.enabled():
            raise RuntimeError(f"{command_id} can not be done here")
        command.run()

    def settle(self) -> QImage:
        """Return the window's picture once it stays the same, or soon: what runs shows how long it does."""
        rest(_FIRST_LOOK_MS)
        before = self._look()
        for _ in range(_LOOKS):
            rest(_NEXT_LOOK_MS)
            if (now := self._look()) == before:
                return now
            before = now
        return before

    @contextmanager
    def low(self, height_px: int) -> Iterator[None]:
        """Lower the window meanwhile, for a page that says above what it has to say."""
        self.window.resize(SIZE[0], height_px)
        rest(_FIRST_LOOK_MS)
        yield
        self.window.resize(*SIZE)

    def keep(self, name: str) -> None:
        """Write the picture of the window."""
        if self._wanted and name not in self._wanted:
            return
        target = self._folder / f"{name}-{self._theme}.webp"
        writer = QImageWriter(str(target), b"webp")
        writer.setQuality(_LOSSLESS)
        if not writer.write(self.settle()):
            raise OSError(f"{target} was not written: {writer.errorString()}")
        sys.stdout.write(f"{target.name} {target.stat().st_size // 1000} kB\n")

    def _look(self) -> QImage:
        return self.window.grab().toImage()


def divide(view: QWidget, left_px: int) -> None:
    """Give the left pane of a view so much of its width, once it has one."""
    rest(_FIRST_LOOK_MS)
    splitter = next(child for child in view.children() if isinstance(child, QSplitter))
    splitter.setSizes([left_px, splitter.width() - left_px])


def until(reached: Callable[[], Any], what: str) -> None:
    """Wait for something; raises `TimeoutError` that says `what` has not come."""
    end_s = time.monotonic() + PATIENCE_S
    while not reached():
        if time.monotonic() > end_s:
            raise TimeoutError(what)
        rest(50)


def rest(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
