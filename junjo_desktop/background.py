"""Work off the GUI thread: newest result wins, and late ones are dropped.

This is the only place where calls cross from other threads to the window. They cross through one `_Crossing`, which
is never destroyed: a signal of an object that the GUI thread may destroy at the same moment would end the process.
"""

from __future__ import annotations

import gc
import inspect
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakMethod, ref

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
P = ParamSpec("P")


class Latest(Generic[T]):
    """Runs Qt-free jobs on an executor; only the newest job's outcome is delivered, on the GUI thread.

    A job still waiting in the executor when a newer one is submitted is cancelled; a running one finishes unheard.
    Nothing is delivered after `cancel`, once the owner is destroyed, or when the executor is shut down. To be made and
    used on the GUI thread; the owner is not kept alive.
    """

    def __init__(
        self,
        executor: Executor,
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None],
        owner: QObject,
    ) -> None:
        self._executor = executor
        self._owner = ref(owner)
        self._on_result = _held(on_result, owner)
        self._on_error = _held(on_error, owner)
        self._newest: Future[T] | None = None
        self._crossing = _crossing()

    @property
    def busy(self) -> bool:
        """Whether the newest job has not been delivered yet."""
        return self._newest is not None

    def submit(self, job: Callable[[], T]) -> None:
        """Run `job`; forget any earlier one."""
        self.cancel()
        try:
            future = self._executor.submit(job)
        except RuntimeError:
            return  # shut down: the window is closing, and nobody waits for answers
        self._newest = future
        future.add_done_callback(self._announce)

    def cancel(self) -> None:
        """Forget the newest job: its outcome will not be delivered."""
        if self._newest is not None:
            self._newest.cancel()
            self._newest = None

    def _announce(self, future: Future[T]) -> None:
        # On the worker thread; nothing of Qt is touched here but the crossing.
        if not future.cancelled():
            self._crossing.asked.emit(partial(self._deliver, future))

    def _deliver(self, future: Future[T]) -> None:
        if future is not self._newest:
            return
        self._newest = None
        if not _is_alive(self._owner()):
            return
        error = future.exception()
        if error is None:
            _call(self._on_result(), future.result())
        elif isinstance(error, Exception):
            _call(self._on_error(), error)
        else:
            raise error


def from_any_thread(owner: QObject, slot: Callable[P, None]) -> Callable[P, None]:
    """Return what any thread may call at any time: `slot` then runs on the GUI thread, if `owner` still lives.

    To be called on the GUI thread itself.
    """
    crossing, owned, held = _crossing(), ref(owner), _held(slot, owner)

    def run(*arguments: P.args, **named: P.kwargs) -> None:
        if _is_alive(owned()):
            _call(held(), *arguments, **named)

    def ask(*arguments: P.args, **named: P.kwargs) -> None:
        crossing.asked.emit(partial(run, *arguments, **named))

    return ask


_collecting = threading.Lock()
_holders = 0


@contextmanager
def collection_held_back() -> Iterator[None]:
    """Collect no garbage inside: for a job that makes many objects which are all kept.

    A collection of everything finds nothing then, and stops every thread, the window's too, for a tenth of a second.
    Any thread may enter; the last one to leave allows it again.
    """
    global _holders  # noqa: PLW0603 - collecting is an affair of the whole process, and so is the count of who holds it
    with _collecting:
        _holders += 1
        gc.disable()
    try:
        yield
    finally:
        with _collecting:
            _holders -= 1
            if _holders == 0:
                gc.enable()


class _Crossing(QObject):
    """Takes a call from any thread and runs it on the GUI thread, one after the other."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # Queued also for the GUI thread's own calls: a quick job's result never arrives inside `submit`.
        self.asked.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def _run(self, call: Callable[[], None]) -> None:
        call()


@cache
def _crossing() -> _Crossing:
    return _Crossing()


def _held(callback: Callable[..., None], owner: QObject) -> Callable[[], Callable[..., None] | None]:
    """Return what finds the callback again. A method of the owner's own is held weakly.

    Or owner and `Latest` would keep each other alive until the garbage collector came by, on whatever thread.
    """
    if inspect.ismethod(callback) and callback.__self__ is owner:
        return WeakMethod(callback)
    return lambda: callback


def _call(callback: Callable[..., None] | None, *arguments: Any, **named: Any) -> None:
    if callback is not None:
        callback(*arguments, **named)


def _is_alive(owner: QObject | None) -> bool:
    return owner is not None and shiboken6.isValid(owner)
