"""The calls of models and the Overview: `python -m tests.bench.overview [--spans N] [--json FILE]`.

The store is that of `search`: a million spans, a tenth of them calls with 2 KB of text. Its calls are read first (a
minute or two); then everything the Overview asks is asked, and its page is shown.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from junjo_desktop.features import discover_features
from junjo_desktop.features.overview.filters import OverviewFilter
from junjo_desktop.features.overview.page import OverviewPage
from junjo_desktop.paths import DataDir
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.launch import build_window
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.call_lookup import GROUPS, calls, usage
from junjo_desktop.store.database import Store
from junjo_desktop.store.overview import read_overview
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.run_page import until
from tests.bench.search import KIND
from tests.bench.search_load import searched_requests
from tests.bench.stores import folder_with, open_engine

_ROUNDS = 7
_QUERY_MS, _PAGE_MS = 100.0, 400.0
_NS_PER_HOUR = 3600 * 10**9
_PATIENCE_S = 1800.0


def _best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return min(times)


def reading(folder: Path) -> list[Figure]:
    """Read all calls of the store; return how many there are, and what each took."""
    store = Store.open(DataDir(folder).telemetry)
    begun = time.process_time()
    CallIndexing(store).catch_up(_PATIENCE_S)
    took_s = time.process_time() - begun
    [(count,)] = store.read(lambda cursor: cursor.execute("SELECT count(*) FROM calls").fetchall())
    store.checkpoint()
    store.close()
    return [Figure("calls", count, ""), Figure("processor to read one call", took_s / max(1, count) * 1e6, "µs")]


def questions(folder: Path) -> list[Figure]:
    """Ask what the Overview and the command line ask."""
    store = Store.open(DataDir(folder).telemetry)
    [(newest_ns,)] = store.read(lambda cursor: cursor.execute("SELECT max(start_ns) FROM calls").fetchall())
    found = []
    for title, since_ns in (("of all time", None), ("of the newest hour", newest_ns - _NS_PER_HOUR)):
        whole = partial(read_overview, since_ns=since_ns, until_ns=None, service=None, now_ns=newest_ns)
        found.append(Figure(f"all figures of the Overview, {title}", _best_ms(partial(store.read, whole)), "ms"))
    for by in GROUPS:
        told = _best_ms(partial(store.read, partial(usage, by=by)))
        # A group of its own for each of a hundred thousand conversations is no figure of the page.
        found.append(Figure(f"usage by {by}", told, "ms", None if by == "conversation" else _QUERY_MS))
    found.append(Figure("the newest 100 calls", _best_ms(partial(store.read, calls)), "ms", _QUERY_MS))
    store.close()
    return found


def page(folder: Path) -> list[Figure]:
    """Show the page again and again, each time with figures of its own."""
    _app = QApplication.instance() or QApplication(["overview"])
    engine, _ = open_engine(folder)
    opened = build_window(engine, discover_features())
    try:
        opened.window.resize(1440, 900)
        opened.window.show()
        opened.workbench.open(OpenPage("overview"))
        shown = opened.window.findChild(OverviewPage)
        if not isinstance(shown, OverviewPage):
            raise TypeError("There is no Overview.")
        until(lambda: not shown.is_reading)
        took = [_filled_ms(shown, chosen) for _ in range(_ROUNDS) for chosen in (TimeRange(since_ns=1), ANY_TIME)]
    finally:
        opened.close()
        engine.stop()
    return [Figure("another time chosen → the page filled, median", statistics.median(took), "ms", _PAGE_MS)]


def _filled_ms(shown: OverviewPage, chosen: TimeRange) -> float:
    before = shown.board.shown
    begun = time.perf_counter()
    shown.show_filter(OverviewFilter(time_range=chosen))
    until(lambda: shown.board.shown is not before and not shown.is_reading)
    shown.board.grab()
    return (time.perf_counter() - begun) * 1e3


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", type=int, default=1_000_000)
    options = parser.parse_args()
    before = calibrate()
    folder = folder_with(options.spans, KIND, searched_requests)
    figures = [*reading(folder), *questions(folder), *page(folder)]
    show("Calls of models and the Overview", figures, options.json, before)


if __name__ == "__main__":
    main()
