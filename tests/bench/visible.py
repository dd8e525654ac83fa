"""How long a trace takes from its acknowledgement to a query's answer and to its row on screen, at steady rates.

    python -m tests.bench.visible [--rate 200] [--seconds 10] [--stored 0] [--json FILE]

The window is the real one on the real engine, drawn off screen unless QT_QPA_PLATFORM says otherwise; the sender is a
process of its own. A query asks for new traces after each stored batch, as the window does. A row counts when the list
has been painted with its text. Where more arrives than a screen shows, a trace is listed when a newer one is painted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from threading import Event, Thread
from typing import IO

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from duckdb import DuckDBPyConnection
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.shell.launch import OpenWindow, build_window
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.sender import SPANS_A_TRACE
from tests.bench.served import ended_at_last
from tests.bench.stores import folder_with, open_engine
from tests.bench.watching import PaintWatcher

RATES = (10, 200, 1_000, 10_000)
QUERY_GOALS_MS = {1_000: 250.0, 10_000: 1_000.0}
PAINT_GOALS_MS = {200: 300.0}
_ROWS_KEPT_RATE = 200
"""Up to this rate every trace stays on the screen long enough to be painted itself."""
_SETTLE_MS = 1500
_WARM_UP_S = 1.0


class _Times:
    """When traces were acknowledged (told by the sender), answered and painted, on the shared monotonic clock."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.answered: dict[str, int] = {}
        self._painted: dict[str, int] = {}

    def listen(self, lines: IO[str]) -> None:
        for line in lines:
            moment, *traces = line.split()
            self.acknowledged.update(dict.fromkeys(traces, int(moment)))

    def answer(self, traces: Sequence[str]) -> None:
        now = time.monotonic_ns()
        for trace in traces:
            self.answered.setdefault(trace, now)

    def see(self, traces: Sequence[str]) -> None:
        now = time.monotonic_ns()
        for trace in traces:
            self._painted.setdefault(trace, now)

    @property
    def counted(self) -> list[str]:
        """The traces after the warm-up, in the order of acknowledgement."""
        first = next(iter(self.acknowledged.values()), 0) + _WARM_UP_S * 1e9
        return [trace for trace, moment in self.acknowledged.items() if moment >= first]

    def painted(self, *, or_newer: bool) -> dict[str, int]:
        """When each trace was painted, or the first of it and all that came later."""
        if not or_newer:
            return self._painted
        moments: dict[str, int] = {}
        earliest = sys.maxsize
        for trace in reversed(self.acknowledged):
            earliest = min(earliest, self._painted.get(trace, sys.maxsize))
            if earliest < sys.maxsize:
                moments[trace] = earliest
        return moments

    def delays_ms(self, moments: dict[str, int]) -> list[float]:
        """One for each counted trace that has a moment."""
        return [(moments[each] - self.acknowledged[each]) / 1e6 for each in self.counted if each in moments]


class _Asker:
    """Asks for the traces that are new after each stored batch, on a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._news = Event()
        self._ending = False
        self._last_ns = engine.read(_newest_received)
        self.times = _Times()
        self._unsubscribe = engine.subscribe(self._news.set)
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while self._news.wait() and not self._ending:
            self._news.clear()
            found = self._engine.read(self._new)
            if found:
                self.times.answer([trace for trace, _ in found])
                self._last_ns = max(received for _, received in found)

    def _new(self, cursor: DuckDBPyConnection) -> list[tuple[str, int]]:
        return cursor.execute(
            "SELECT trace_id, first_received_ns FROM traces WHERE first_received_ns > ?", [self._last_ns]
        ).fetchall()

    def close(self) -> None:
        self._unsubscribe()
        self._ending = True
        self._news.set()
        self._thread.join()


def _newest_received(cursor: DuckDBPyConnection) -> int:
    [(newest,)] = cursor.execute("SELECT coalesce(max(first_received_ns), 0) FROM traces").fetchall()
    return int(newest)


def measure(rates: Sequence[int], seconds: float, stored: int) -> list[Figure]:
    """Run the window against a sender of each rate and return the figures."""
    engine, port = open_engine(folder_with(stored))
    _app = QApplication([])
    opened = build_window(engine, discover_features())
    opened.window.resize(1440, 900)
    opened.window.show()
    opened.workbench.open(OpenTraces())
    asker = _Asker(engine)
    figures: list[Figure] = []
    try:
        for rate in rates:
            asker.times = _Times()
            figures += _run(opened, asker.times, port, rate, seconds)
    finally:
        asker.close()
        opened.close()
        engine.stop()
    return figures


def _run(opened: OpenWindow, times: _Times, port: int, rate: int, seconds: float) -> Iterator[Figure]:
    watcher = PaintWatcher(opened, times.see)
    command = [sys.executable, "-m", "tests.bench.sender", str(port), str(seconds), str(rate)]
    with ended_at_last(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as sender:
        assert sender.stdout is not None
        listener = Thread(target=times.listen, args=(sender.stdout,))
        listener.start()
        # Not the application's own loop: leaving that one closes the window.
        loop, look = QEventLoop(), QTimer()
        look.timeout.connect(_Ending(loop, listener))
        look.start(50)
        began, used = time.monotonic(), time.process_time()
        loop.exec()
        look.stop()
        share = (time.process_time() - used) / (time.monotonic() - began)
        listener.join()
    watcher.deleteLater()
    return _figures(f"{rate:,} spans/s", rate, times, share)


class _Ending:
    """Quits the event loop some time after the listener has nothing more to hear."""

    def __init__(self, loop: QEventLoop, listener: Thread) -> None:
        self._loop = loop
        self._listener = listener
        self._is_over = False

    def __call__(self) -> None:
        if not self._is_over and not self._listener.is_alive():
            self._is_over = True
            QTimer.singleShot(_SETTLE_MS, self._loop.quit)


def _figures(name: str, rate: int, times: _Times, share: float) -> Iterator[Figure]:
    painted = times.painted(or_newer=rate > _ROWS_KEPT_RATE)
    answers, paints, counted = times.delays_ms(times.answered), times.delays_ms(painted), times.counted
    if not answers or not paints:
        raise SystemExit(f"At {name} {len(answers)} traces were returned and {len(paints)} painted of {len(counted)}.")
    seconds = (times.acknowledged[counted[-1]] - times.acknowledged[counted[0]]) / 1e9
    later = sum(times.acknowledged[trace] > times.acknowledged[counted[0]] for trace in counted)
    yield Figure(f"{name}: really sent", later * SPANS_A_TRACE / seconds if seconds else 0, "/s")
    yield from _delays(f"{name}: acknowledged to returned by a query", answers, QUERY_GOALS_MS.get(rate))
    yield Figure(f"{name}: traces never returned", len(counted) - len(answers), "", 0)
    yield from _delays(f"{name}: acknowledged to painted", paints, PAINT_GOALS_MS.get(rate))
    yield Figure(f"{name}: traces never listed", len(counted) - len(paints), "", 0)
    yield Figure(f"{name}: processor of the app, of one core", share * 100, "%")


def _delays(name: str, delays: Sequence[float], goal_ms: float | None) -> Iterator[Figure]:
    yield Figure(f"{name}, p50", percentile(delays, 50), "ms")
    yield Figure(f"{name}, p95", percentile(delays, 95), "ms", goal_ms)
    yield Figure(f"{name}, p99", percentile(delays, 99), "ms")
    yield Figure(f"{name}, slowest", max(delays), "ms")


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rate", type=int, action="append", help="spans a second; repeatable")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--stored", type=int, default=0, help="spans that are stored before")
    given = parser.parse_args()
    before = calibrate()
    figures = measure(given.rate or RATES, given.seconds, given.stored)
    show(f"Visible: {given.seconds:g} s each, {given.stored:,} spans stored before", figures, given.json, before)


if __name__ == "__main__":
    main()
