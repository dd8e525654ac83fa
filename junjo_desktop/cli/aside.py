"""Work beside the main thread, so that Ctrl-C is heard at once and strikes nothing that cannot bear it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def _nothing() -> None:
    return None


class Aside:
    """One thread for everything that touches DuckDB: its binding ends the process when Ctrl-C strikes inside of it."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="aside")

    def run(self, work: Callable[[], T], cancel: Callable[[], None] = _nothing) -> T:
        """Return what `work` returns or raise what it raises.

        On Ctrl-C `cancel` is called and the work waited for; then `KeyboardInterrupt` goes on.
        """
        future = self._executor.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            cancel()
            wait([future])
            raise

    def close(self) -> None:
        """End the thread."""
        self._executor.shutdown()
