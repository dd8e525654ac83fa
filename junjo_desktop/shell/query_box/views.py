"""The saved views as the window knows them: read and written in the background, in the order of the changes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from junjo_desktop.background import Latest

if TYPE_CHECKING:
    from junjo_desktop.shell.workbench import Backend
    from junjo_desktop.state.saved_views import SavedView, SavedViews

Change = Callable[["SavedViews"], None]


class Views(QObject):
    """`changed` comes after every change, from wherever. What cannot be written is reported and read again."""

    changed = Signal()

    def __init__(
        self, backend: Backend, workers: Executor, report_error: Callable[[Exception], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._report_error = report_error
        self._all: tuple[SavedView, ...] = ()
        self._unwritten = _Unwritten()
        self._reading: Latest[tuple[SavedView, ...]] = Latest(workers, self._show, report_error, self)
        self._writing: Latest[tuple[SavedView, ...]] = Latest(workers, self._show, self._fail, self)

    @property
    def all(self) -> tuple[SavedView, ...]:
        """The views by name, as last read."""
        return self._all

    def of_page(self, page: str) -> tuple[SavedView, ...]:
        """Return the views of one list."""
        return tuple(view for view in self._all if view.page == page)

    def named(self, name: str) -> SavedView | None:
        """Return a view, whatever the case of the letters of its name."""
        return next((view for view in self._all if view.name.lower() == name.strip().lower()), None)

    def reload(self) -> None:
        """Read again: another process may have changed something."""
        if not self._reading.busy and not self._writing.busy:
            self._reading.submit(partial(_read, self._backend))

    def save(self, view: SavedView) -> None:
        """Keep a view, in place of one of the same name."""
        self._change(lambda kept: kept.save(view))

    def rename(self, old: str, new: str) -> None:
        """Give a view another name."""
        self._change(lambda kept: kept.rename(old, new))

    def delete(self, name: str) -> None:
        """Forget a view."""
        self._change(lambda kept: kept.delete(name))

    def _change(self, change: Change) -> None:
        self._unwritten.add(change)
        self._reading.cancel()
        self._writing.submit(partial(_write, self._backend, self._unwritten))

    def _fail(self, error: Exception) -> None:
        self._report_error(error)
        self.reload()

    def _show(self, views: tuple[SavedView, ...]) -> None:
        if views != self._all:
            self._all = views
            self.changed.emit()


class _Unwritten:
    """Changes that are not written yet. A job that is dropped leaves its part to the next one."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._changes: deque[Change] = deque()

    def add(self, change: Change) -> None:
        self._changes.append(change)

    def write(self, kept: SavedViews) -> None:
        with self._writing:
            while self._changes:
                self._changes.popleft()(kept)


def _read(backend: Backend) -> tuple[SavedView, ...]:
    return backend.saved_views.all()


def _write(backend: Backend, unwritten: _Unwritten) -> tuple[SavedView, ...]:
    unwritten.write(backend.saved_views)
    return backend.saved_views.all()
