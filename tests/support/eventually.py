"""Waits for what another thread or process is about to do, where it offers no event to wait for."""

from __future__ import annotations

import time
from collections.abc import Callable

_LOOK_AGAIN_S = 0.005


def eventually(condition: Callable[[], bool], timeout_s: float = 30.0) -> bool:
    """Return True as soon as the condition holds, False when it does not within the time."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_AGAIN_S)
    return True
