"""The starred traces as the window knows them: changed at once on screen, written in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from junjo_desktop.background import Latest

if TYPE_CHECKING:
    from junjo_desktop.shell.workbench import Backend

KEPT_WORDS = "Starred traces are never removed by retention"


class Stars(QObject):
    """Which traces are starred. `changed` comes after every change, from wherever."""

    changed = Signal()

    def __init__(
        self, backend: Backend, workers: Executor, report_error: Callable[[Exception], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._report_error = report_error
        self._ids: frozenset[str] = frozenset()
        self._unwritten = _Unwritten()
        self._reading: Latest[frozenset[str]] = Latest(workers, self._show, report_error, self)
        self._writing: Latest[frozenset[str]] = Latest(workers, self._show, self._fail, self)

    @property
    def ids(self) -> frozenset[str]:
        """The starred traces, as last read or changed here."""
        return self._ids

    def __contains__(self, trace_id: object) -> bool:
        return trace_id in self._ids

    def reload(self) -> None:
        """Read again: the command line may have starred something."""
        if not self._reading.busy and not self._writing.busy:
            self._reading.submit(self._backend.starred)

    def toggle(self, trace_ids: Iterable[str]) -> None:
        """Star these traces, or take the star from all of them when each has one."""
        chosen = frozenset(trace_ids)
        if chosen:
            self.set_starred(chosen, is_starred=not chosen <= self._ids)

    def set_starred(self, trace_ids: Iterable[str], *, is_starred: bool) -> None:
        """Star traces, or not."""
        chosen = frozenset(trace_ids)
        self._unwritten.add(chosen, is_starred=is_starred)
        self._reading.cancel()
        self._writing.submit(partial(_write, self._backend, self._unwritten))
        self._show(self._ids | chosen if is_starred else self._ids - chosen)

    def _fail(self, error: Exception) -> None:
        self._report_error(error)
        # What is shown must be what is kept.
        self.reload()

    def _show(self, ids: frozenset[str]) -> None:
        if ids != self._ids:
            self._ids = ids
            self.changed.emit()


class _Unwritten:
    """What was changed on screen and is not written yet. A job that is dropped leaves its part to the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wanted: dict[str, bool] = {}

    def add(self, trace_ids: Iterable[str], *, is_starred: bool) -> None:
        with self._lock:
            self._wanted.update(dict.fromkeys(trace_ids, is_starred))

    def write(self, backend: Backend) -> None:
        # One at a time: of two changes of one trace the later one must be written last.
        with self._writing:
            with self._lock:
                wanted, self._wanted = self._wanted, {}
            for trace_id, is_starred in wanted.items():
                backend.set_starred(trace_id, is_starred)


def _write(backend: Backend, unwritten: _Unwritten) -> frozenset[str]:
    unwritten.write(backend)
    return backend.starred()
