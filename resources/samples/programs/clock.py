"""Time that jumps: a pretended day passes in a second, read by the true asyncio and the true OpenTelemetry SDK."""

from __future__ import annotations

import asyncio
import importlib
import random
import selectors
import sys
import threading

DAY_START_NS = 1_795_035_600_000_000_000
"""When the pretended day begins: 2026-11-18 21:00 UTC. Replay moves everything to the last 24 hours anyway."""

_TICK_S = 0.000_021


class Clock:
    """Pretended seconds since the day began; every reading moves on a little, so that no two moments are equal."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time_ns(self) -> int:
        """Stands in for `time.time_ns`. Exporter threads may read it, but only the program moves it."""
        if threading.current_thread() is threading.main_thread():
            self.seconds += _TICK_S
        return DAY_START_NS + round(self.seconds * 1e9)


class _JumpingSelector(selectors.SelectSelector):
    """Moves the clock on instead of waiting."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._clock.seconds += max(timeout or 0.0, 0.0)
        return super().select(0)


class PretendLoop(asyncio.SelectorEventLoop):
    """An event loop that lives in pretended time: `asyncio.sleep(3600)` is over at once."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(_JumpingSelector(clock))
        self._pretended = clock

    def time(self) -> float:
        return self._pretended.seconds


def pretend(clock: Clock, seed: int) -> None:
    """Make the OpenTelemetry SDK read `clock`, and Junjo draw the same ids in every recording.

    Both only inside this process, which records samples and does nothing else.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("opentelemetry.") and hasattr(module, "time_ns"):
            module.__dict__["time_ns"] = clock.time_ns
    nano = importlib.import_module("nanoid.generate")
    draw = random.Random(seed)  # noqa: S311 - ids of sample data, not secrets
    nano.__dict__["algorithm_generate"] = draw.randbytes
