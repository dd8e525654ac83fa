"""How long a trace takes from its acknowledgement to its row on screen, while spans arrive at a steady rate.

    python -m tests.bench.visible [--rate 200] [--seconds 10] [--stored 0] [--json FILE]

The window is the real one on the real engine, drawn off screen unless QT_QPA_PLATFORM says otherwise; the sender is a
process of its own. A row counts when the list has been painted with its text.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from threading import Thread
from typing import IO

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from junjo_desktop.features import discover_features
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.shell.launch import build_window
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.stores import folder_with, open_engine
from tests.bench.watching import PaintWatcher

GOAL_MS = 300.0
_SETTLE_MS = 1500
_WARM_UP = 20


class _Times:
    """When traces were acknowledged (told by the sender) and painted (seen here), on the shared monotonic clock."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.painted: dict[str, int] = {}

    def listen(self, lines: IO[str]) -> None:
        for line in lines:
            moment, *traces = line.split()
            self.acknowledged.update(dict.fromkeys(traces, int(moment)))

    def see(self, traces: list[str]) -> None:
        now = time.monotonic_ns()
        for trace in traces:
            self.painted.setdefault(trace, now)

    def delays_ms(self) -> list[float]:
        """One for each trace that was seen, in the order of acknowledgement, without those of the warm-up."""
        traces = list(self.acknowledged)[_WARM_UP:]
        return [(self.painted[each] - self.acknowledged[each]) / 1e6 for each in traces if each in self.painted]


def measure(rate: int, seconds: float, stored: int) -> list[Figure]:
    """Run the window against the sender and return the figures."""
    engine, port = open_engine(folder_with(stored))
    app = QApplication([])
    opened = build_window(engine, discover_features())
    opened.window.resize(1440, 900)
    opened.window.show()
    opened.workbench.open(OpenTraces())
    times = _Times()
    watcher = PaintWatcher(opened, times.see)
    command = [sys.executable, "-m", "tests.bench.sender", str(port), str(seconds), str(rate)]
    sender = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert sender.stdout is not None
    listener = Thread(target=times.listen, args=(sender.stdout,))
    listener.start()
    QTimer.singleShot(round(seconds * 1000) + _SETTLE_MS, app.quit)
    began, used = time.monotonic(), time.process_time()
    app.exec()
    processor_share = (time.process_time() - used) / (time.monotonic() - began)
    sender.wait()
    listener.join()
    watcher.deleteLater()
    opened.close()
    engine.stop()
    return [*_figures(times), Figure("processor used meanwhile, of one core", processor_share * 100, "%")]


def _figures(times: _Times) -> list[Figure]:
    delays = times.delays_ms()
    unseen = len(times.acknowledged) - _WARM_UP - len(delays)
    if not delays:
        raise SystemExit("Nothing became visible: there is nothing to measure.")
    return [
        Figure("acknowledged to visible, p50", percentile(delays, 50), "ms"),
        Figure("acknowledged to visible, p95", percentile(delays, 95), "ms", GOAL_MS),
        Figure("acknowledged to visible, p99", percentile(delays, 99), "ms"),
        Figure("acknowledged to visible, slowest", max(delays), "ms"),
        Figure("traces measured", len(delays), ""),
        Figure("traces never painted", unseen, "", 0),
    ]


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rate", type=int, default=200, help="spans a second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--stored", type=int, default=0, help="spans that are stored before")
    given = parser.parse_args()
    figures = measure(given.rate, given.seconds, given.stored)
    title = f"Visible: {given.rate} spans/s for {given.seconds:g} s, {given.stored:,} spans stored before"
    show(title, figures, given.json)


if __name__ == "__main__":
    main()
