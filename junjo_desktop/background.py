"""Work off the GUI thread: newest result wins, and late ones are dropped.

This is the only place where results cross from worker threads to the window.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class Latest(QObject, Generic[T]):
    """Runs Qt-free jobs on an executor; only the newest job's outcome is delivered, on the GUI thread.

    A job still waiting in the executor when a newer one is submitted is cancelled; a running one finishes unheard.
    Nothing is delivered after `cancel`, or once this object (or its parent) is destroyed.
    """

    _settled = Signal(object)

    def __init__(
        self,
        executor: Executor,
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._executor = executor
        self._on_result = on_result
        self._on_error = on_error
        self._newest: Future[T] | None = None
        # Queued also when a quick job settles before `submit` returns: results never arrive inside the call.
        self._settled.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether the newest job has not been delivered yet."""
        return self._newest is not None

    def submit(self, job: Callable[[], T]) -> None:
        """Run `job`; forget any earlier one."""
        self.cancel()
        future = self._executor.submit(job)
        self._newest = future
        future.add_done_callback(self._announce)

    def cancel(self) -> None:
        """Forget the newest job: its outcome will not be delivered."""
        if self._newest is not None:
            self._newest.cancel()
            self._newest = None

    def _announce(self, future: Future[T]) -> None:
        # Runs on the worker thread; the page may be gone by now, or go between the question and the call.
        if shiboken6.isValid(self):
            with contextlib.suppress(RuntimeError):
                self._settled.emit(future)

    def _deliver(self, future: Future[T]) -> None:
        if future is not self._newest:
            return
        self._newest = None
        try:
            result = future.result()
        except CancelledError:
            return
        except Exception as error:
            self._on_error(error)
        else:
            self._on_result(result)
