"""Holds Python's garbage collection back while many objects are made that are all kept. Qt-free.

Reading a run of 1,000 spans makes some 100,000 of them. In an open window that set off a collection of everything,
which took half as long as the reading itself and found nothing.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders = 0


@contextmanager
def collection_held_back() -> Iterator[None]:
    """Collect no garbage inside; any thread may enter, and the last one to leave allows it again."""
    global _holders  # noqa: PLW0603 - collecting is an affair of the whole process, and so is the count of who holds it
    with _lock:
        _holders += 1
        if _holders == 1:
            gc.disable()
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if _holders == 0:
                gc.enable()
