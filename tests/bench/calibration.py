"""How fast this machine is right now, so that figures of different runs and machines can be compared."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from hashlib import sha256

_ROUNDS = 200_000


def calibrate() -> dict[str, float]:
    """Return what a fixed Python loop and a small fsync cost now, in milliseconds, and the load of the machine."""
    return {
        "python_loop_ms": statistics.median(_loop_ms() for _ in range(5)),
        "fsync_ms": statistics.median(_fsync_ms() for _ in range(20)),
        "load_average_1_min": os.getloadavg()[0],
    }


def _loop_ms() -> float:
    start = time.perf_counter()
    digest = b""
    for _ in range(_ROUNDS // 10):
        digest = sha256(digest).digest()
    total = 0
    for number in range(_ROUNDS):
        total += number ^ total & 0xFF
    return (time.perf_counter() - start) * 1e3


def _fsync_ms() -> float:
    with tempfile.TemporaryFile() as file:
        file.write(b"\0" * 4096)
        file.flush()
        start = time.perf_counter()
        os.fsync(file.fileno())
        return (time.perf_counter() - start) * 1e3
