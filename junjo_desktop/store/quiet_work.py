"""A thread that does its work in steps, when little else happens: nothing waits for it."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from junjo_desktop.errors import QueryCancelledError, UserError
from junjo_desktop.store.cancellation import CancelToken

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuietRhythm:
    """When steps are done, in seconds."""

    first_s: float
    """After the start, when the window is filled and given back what that took."""
    look_s: float
    """How often it looks whether there is anything to do."""
    rests: float = 1.0
    """How long it rests after each step, in times of what that took; while others write, `rests_under_load`."""
    rests_under_load: float = 20.0
    longest_rest_s: float = math.inf


class QuietWork:
    """Calls `step` from `start` to `stop`, on one thread. What goes wrong is tried again."""

    def __init__(self, name: str, rhythm: QuietRhythm, step: Callable[[], bool], is_quiet: Callable[[], bool]) -> None:
        """`name` is the thread's, as the log says it: "Reading words". `step` says whether there was anything to do;
        then `is_quiet` is asked whether nothing else was written meanwhile.
        """
        self._rhythm = rhythm
        self._step = step
        self._is_quiet = is_quiet
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._stopping = threading.Event()
        self._token = CancelToken()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way; returns when the thread has ended."""
        self._stopping.set()
        self._token.cancel()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def token(self) -> CancelToken:
        """Return what `stop` cancels, for the next read of a step."""
        token = self._token = CancelToken()
        if self._stopping.is_set():
            token.cancel()  # `stop` may have seen the one before
        return token

    def _run(self) -> None:
        name = self._thread.name
        pause_s = self._rhythm.first_s
        while not self._stopping.wait(pause_s):
            begun_s = time.monotonic()
            pause_s = self._rhythm.look_s
            try:
                if self._step():
                    pause_s = min(self._rhythm.longest_rest_s, (time.monotonic() - begun_s) * self._rests())
            except QueryCancelledError:
                pass  # it stops, or the file is exchanged
            except UserError as error:
                logger.info("%s waits: %s", name, error)
            except Exception:
                logger.exception("%s failed and is tried again", name)

    def _rests(self) -> float:
        return self._rhythm.rests if self._is_quiet() else self._rhythm.rests_under_load
