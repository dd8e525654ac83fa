"""One thread that waits for many sockets and calls back when one is ready. Callbacks must not block."""

from __future__ import annotations

import heapq
import itertools
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")
READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE
BUFFER_BYTES = 256 << 10
REST_S = 0.5


class Reactor:
    """`start`, `run` and `stop` are for any thread; everything else is for callbacks only."""

    def __init__(self, name: str) -> None:
        self.buffer = memoryview(bytearray(BUFFER_BYTES))
        """Scratch space for the callback that runs."""
        self._selector = selectors.DefaultSelector()
        self._callbacks: dict[int, tuple[socket.socket, Callable[[int], None]]] = {}
        self._wake_from, self._wake_to = socket.socketpair()
        self._wake_from.setblocking(False)
        self._wake_to.setblocking(False)
        self.watch(self._wake_from, READ, self._drain_wakes)
        self._calls: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def run(self, call: Callable[[], T]) -> T:
        """Run `call` between two callbacks; return what it returns. Raises what it raises."""
        if not self._thread.is_alive():
            raise RuntimeError("the reactor does not run")
        outcome: list[T] = []
        failure: list[BaseException] = []
        done = threading.Event()

        def job() -> None:
            try:
                outcome.append(call())
            except BaseException as error:  # handed to the waiting thread
                failure.append(error)
            done.set()

        self._calls.append(job)
        self._wake()
        done.wait()
        if failure:
            raise failure[0]
        return outcome[0]

    def stop(self) -> None:
        """End the thread and close what belongs to this object; the watched sockets are their owners' to close."""
        self._stopping = True
        self._wake()
        self._thread.join()
        self._selector.close()
        self._wake_from.close()
        self._wake_to.close()

    def watch(self, watched: socket.socket, events: int, on_ready: Callable[[int], None]) -> None:
        """Call `on_ready(events)` when the socket is ready for one of `events`; none of them: stop watching it."""
        fd = watched.fileno()
        if not events:
            if self._callbacks.pop(fd, None) is not None:
                self._selector.unregister(watched)
            return
        if fd in self._callbacks:
            self._selector.modify(watched, events, watched)
        else:
            self._selector.register(watched, events, watched)
        self._callbacks[fd] = (watched, on_ready)

    def call_later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Run `call` after `delay_s` seconds."""
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._order), call))

    def _loop(self) -> None:
        while not self._stopping:
            for key, events in self._selector.select(self._pause_s()):
                watched, on_ready = self._callbacks.get(key.fd, (None, None))
                # An earlier callback of this round may have closed the socket, and a new one may have its number.
                if watched is key.data and on_ready is not None and not _went_well(on_ready, events):
                    self._rest(watched, key.events, on_ready)
            while self._calls:
                _went_well(self._calls.popleft())
            while self._timers and self._timers[0][0] <= time.monotonic():
                _went_well(heapq.heappop(self._timers)[2])

    def _rest(self, watched: socket.socket, events: int, on_ready: Callable[[int], None]) -> None:
        """Look away for a moment from a socket whose callback failed: it would fail again at once, for ever."""

        def look_again() -> None:
            if watched.fileno() >= 0 and watched.fileno() not in self._callbacks:
                self.watch(watched, events, on_ready)

        if watched.fileno() in self._callbacks:
            self.watch(watched, 0, on_ready)
            self.call_later(REST_S, look_again)

    def _pause_s(self) -> float | None:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full of wakes: it will wake
            self._wake_to.send(b"!")

    def _drain_wakes(self, _events: int) -> None:
        with suppress(BlockingIOError):
            self._wake_from.recv(4096)


def _went_well(call: Callable[..., None], *arguments: int) -> bool:
    try:
        call(*arguments)
    except Exception:  # one connection's bug must not end all others
        logger.exception("a callback of the front door failed")
        return False
    return True
