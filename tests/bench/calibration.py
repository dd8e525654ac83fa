"""How fast this machine is right now, so that figures of different runs and machines can be compared."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256

_ROUNDS = 200_000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a fixed Python loop and a small fsync cost, and how busy the machine is with everything else."""

    python_loop_ms: float
    fsync_ms: float
    load_average_1_min: float
    cores: int

    def __str__(self) -> str:
        return (
            f"Python loop {self.python_loop_ms:.1f} ms, fsync {self.fsync_ms:.2f} ms, "
            f"load {self.load_average_1_min:.2f} on {self.cores} cores"
        )


def calibrate() -> Calibration:
    """Measure now; takes a quarter of a second."""
    return Calibration(
        python_loop_ms=statistics.median(_loop_ms() for _ in range(5)),
        fsync_ms=statistics.median(_fsync_ms() for _ in range(20)),
        load_average_1_min=os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        cores=os.cpu_count() or 1,
    )


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
