"""Tells when requests come in so fast that other work should stand back until they are acknowledged."""

from __future__ import annotations

import time
from collections.abc import Callable

_WINDOW_S = 0.1
_A_REQUEST_BYTES = 25_000
"""What any request costs, in terms of the bytes that could be taken instead."""
_HIGH_BYTES_A_S = 50_000_000
"""About 2,000 requests of one span, or 45,000 spans in requests of 512: what can be stored while it comes in. Beyond,
both slow each other down."""


class Pressure:
    """Measures what comes in, a tenth of a second at a time. `note` is for one thread at a time."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._since_s = now_s()
        self._bytes = 0
        self._was_high = False

    def note(self, size: int) -> None:
        """Count a request of `size` bytes."""
        now = self._now_s()
        passed = now - self._since_s
        if passed >= _WINDOW_S:
            self._was_high = self._bytes > _HIGH_BYTES_A_S * passed
            self._since_s, self._bytes = now, 0
        self._bytes += size + _A_REQUEST_BYTES

    @property
    def is_high(self) -> bool:
        """Whether the last tenth of a second was busy, or the one under way is already; soon False in silence."""
        if self._bytes > _HIGH_BYTES_A_S * _WINDOW_S:
            return self._now_s() - self._since_s < 2 * _WINDOW_S
        return self._was_high and self._now_s() - self._since_s < _WINDOW_S
