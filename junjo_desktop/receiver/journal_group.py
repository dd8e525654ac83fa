"""Requests on their way into the journal: what is committed together, and how long that waits for more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from junjo_desktop.receiver.journal_error import JournalError
from junjo_desktop.telemetry.intake import Signal

logger = logging.getLogger(__name__)

Request: TypeAlias = tuple[Signal, bytes, int, int]
"""Signal, body, items, when it was received (ns)."""

# A commit costs about as much processor time as receiving a small request. With 16 senders, waiting for their next ones
# lets 10 instead of 2 share one. A lone sender never waits, and large bodies are worth a commit of their own.
LONGEST_PAUSE_S = 0.002
_MOST_EXPECTED = 32
_WORTH_A_COMMIT_BYTES = 256 << 10


@dataclass(slots=True)
class Group:
    """Requests that are committed together. `first_seq` or `error` is set before it is settled."""

    requests: list[Request | None] = field(default_factory=list)  # None: taken back
    queued_bytes: int = 0
    settled: threading.Event = field(default_factory=threading.Event)
    on_settled: list[Callable[[], None]] = field(default_factory=list)
    first_seq: int = 0
    error: JournalError | None = None

    def settle(self) -> None:
        """Tell everybody who waits, and forget the requests: who waits holds on to this, and bodies are large."""
        self.settled.set()
        self.requests = []
        calls, self.on_settled = self.on_settled, []
        for call in calls:
            try:
                call()
            except Exception:  # whatever it is, the others must get their answer
                logger.exception("nobody could be told of a commit")

    def is_worth_a_commit(self, expected: int) -> bool:
        """Whether it should not wait for more requests, where `expected` are likely to come soon."""
        return len(self.requests) >= expected or self.queued_bytes >= _WORTH_A_COMMIT_BYTES


def expected_next(expected: int, came: int) -> int:
    """Return how many requests to expect for the next commit, after one of `came`: senders come and go slowly."""
    return min(max(came, expected - 1), _MOST_EXPECTED)


class Submission:
    """One request that waits for its commit. Thread-safe."""

    def __init__(self, group: Group, index: int, take_back: Callable[[Group, int], JournalError | None]) -> None:
        self._group = group
        self._index = index
        self._take_back = take_back
        self._refusal: JournalError | None = None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it is committed, has failed, or the time is over; say whether it is settled."""
        return self._group.settled.wait(timeout_s)

    def take_back(self) -> bool:
        """Give up waiting for a commit that takes too long; False when it may already be on the disk."""
        self._refusal = self._refusal or self._take_back(self._group, self._index)
        return self._refusal is not None

    def position(self) -> int:
        """Return the entry's position, once settled. Raises `JournalError` when there is none."""
        error = self._refusal or self._group.error
        if error is not None:
            raise type(error)(error.message, error.hint)
        return self._group.first_seq + self._index
