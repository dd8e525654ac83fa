"""One thread that waits for many sockets, calls back when one is ready, and runs the coroutines of the gRPC servers.

All of it on one thread, because threads that take turns at the interpreter cost more than the work: with a thread for
each call, a request of one span took 25 context switches. Callbacks and coroutines must not block.
"""

from __future__ import annotations

import asyncio
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")
READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE
BUFFER_BYTES = 256 << 10
REST_S = 0.5


class Reactor:
    """`start`, `run`, `complete` and `stop` are for any thread; everything else is for callbacks only."""

    def __init__(self, name: str) -> None:
        self.buffer = memoryview(bytearray(BUFFER_BYTES))
        """Scratch space for the callback that runs."""
        self._watched: dict[int, int] = {}  # what each socket is watched for, by its number
        self._is_running = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._is_running.wait()

    def run(self, call: Callable[[], T]) -> T:
        """Run `call` between two callbacks; return what it returns. Raises what it raises."""

        async def called() -> T:
            return call()

        return self.complete(called())

    def complete(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end; return what it returns. Raises what it raises."""
        if not self._thread.is_alive():
            work.close()
            raise RuntimeError("the reactor does not run")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def stop(self) -> None:
        """End the thread; the watched sockets are their owners' to close."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def watch(self, watched: socket.socket, events: int, on_ready: Callable[[int], None]) -> None:
        """Call `on_ready(event)` when the socket is ready for one of `events`; none of them: stop watching it."""
        number = watched.fileno()
        before = self._watched.pop(number, 0)
        if events & READ:
            self._loop.add_reader(number, self._call, watched, READ, on_ready)
        elif before & READ:
            self._loop.remove_reader(number)
        if events & WRITE:
            self._loop.add_writer(number, self._call, watched, WRITE, on_ready)
        elif before & WRITE:
            self._loop.remove_writer(number)
        if events:
            self._watched[number] = events

    def call_later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Run `call` after `delay_s` seconds."""
        self._loop.call_later(delay_s, _went_well, call)

    def _serve(self) -> None:
        # The selector's loop also on Windows: that system's own cannot wait for sockets it did not make.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._is_running.set()
        await self._stopped.wait()

    def _call(self, watched: socket.socket, event: int, on_ready: Callable[[int], None]) -> None:
        if not _went_well(on_ready, event):
            self._rest(watched, on_ready)

    def _rest(self, watched: socket.socket, on_ready: Callable[[int], None]) -> None:
        """Look away for a moment from a socket whose callback failed: it would fail again at once, for ever."""
        events = self._watched.get(watched.fileno())
        if events is None:
            return
        awaited = events

        def look_again() -> None:
            if watched.fileno() >= 0 and watched.fileno() not in self._watched:
                self.watch(watched, awaited, on_ready)

        self.watch(watched, 0, on_ready)
        self.call_later(REST_S, look_again)


def _went_well(call: Callable[..., None], *arguments: int) -> bool:
    try:
        call(*arguments)
    except Exception:  # one connection's bug must not end all others
        logger.exception("a callback of the front door failed")
        return False
    return True
