"""Lets coroutines wait for the journal's commits: no thread waits for any of them, and one wake-up serves them all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from junjo_desktop.receiver.journal import Journal
from junjo_desktop.receiver.journal_group import Submission
from junjo_desktop.telemetry.intake import Signal


class Commits:
    """Appends to a journal from one event loop."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._settled: deque[_Waiting] = deque()
        self._is_waking = False

    async def append(
        self, signal: Signal, body: bytes, items: int, received_ns: int, on_kept: Callable[[], None]
    ) -> None:
        """Return once the request is on the disk. Raises as `Journal.append`, and what `on_kept` raises.

        `on_kept` is called for a request that is kept, also when its sender has not waited for the answer.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(loop, on_kept)
        waiting.submission = self._journal.submit(signal, body, items, received_ns, lambda: self._report(loop, waiting))
        patience = loop.call_later(self._journal.limits.commit_s, waiting.take_back)
        try:
            await waiting.answer
        finally:
            patience.cancel()

    def _report(self, loop: asyncio.AbstractEventLoop, waiting: _Waiting) -> None:
        # On the journal's thread, once for each request of a commit.
        self._settled.append(waiting)
        if not self._is_waking:
            self._is_waking = True
            with suppress(RuntimeError):  # the loop has ended, and with it all calls
                loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._is_waking = False  # first: what is reported from now on wakes again
        while self._settled:
            self._settled.popleft().settle()


class _Waiting:
    """A request between its submission and its commit."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_kept: Callable[[], None]) -> None:
        self.answer: asyncio.Future[None] = loop.create_future()
        self.submission: Submission
        self._on_kept = on_kept

    def settle(self) -> None:
        """Answer as the commit ended."""
        try:
            self.submission.position()
            self._on_kept()
        except Exception as error:  # whatever it is, the sender must get its answer
            self._fail(error)
        else:
            if not self.answer.done():  # the sender has gone
                self.answer.set_result(None)

    def take_back(self) -> None:
        """Answer that it takes too long, if the request is not being written yet."""
        if self.submission.take_back():
            self.settle()

    def _fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
