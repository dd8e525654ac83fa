"""How long the page of a run takes to open a large run, and to go from one state update to the next.

    python -m tests.bench.run_page [--spans 1000] [--updates 2000] [--steps 60] [--json FILE]

The run is stored by the real writer and shown in the window of the app (no screen is needed). "First paint" is from
the moment the page is asked for until graph and steps are painted with the run; a step is from the key until the row
and what the update changed are painted.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features import discover_features
from junjo_desktop.features.run.loading import LoadRun
from junjo_desktop.features.run.page import RunPage
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.destinations import OpenPage, OpenRun
from junjo_desktop.shell.launch import build_window
from junjo_desktop.telemetry.intake import Purpose, open_ports
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.large_run import large_run
from tests.support.otlp import trace_id
from tests.support.sending import export

PAINT_GOAL_MS, STEP_GOAL_MS = 150.0, 30.0
_SIZE = (1440, 900)
_PATIENCE_S = 30.0
_RUNS = 5
_LOOK_MS = 3


class Painted(QObject):
    """Notes when each of some views was first painted while `is_right` held; seconds of `perf_counter`."""

    def __init__(self, views: tuple[QWidget, ...], is_right: Callable[[], bool]) -> None:
        super().__init__()
        self._is_right = is_right
        self._waiting = set(views)
        self.last = 0.0
        for view in views:
            view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched in self._waiting:
            # The filter comes before the painting; what is queued now comes after it.
            QTimer.singleShot(0, self, partial(self._note, watched))
        return False

    def _note(self, view: QWidget) -> None:
        if view in self._waiting and self._is_right():
            self._waiting.remove(view)
            self.last = time.perf_counter()

    @property
    def is_complete(self) -> bool:
        """Whether all of them were painted."""
        return not self._waiting


def measure(spans: int, updates: int, steps: int) -> list[Figure]:
    """Open large runs, and step through the last of them."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(
            DataDir(Path(folder)), Settings(), otlp_ports=(0,), validator_port=0, secrets=MemorySecretStore()
        )
        engine.start()
        try:
            traces = [trace_id() for _ in range(_RUNS)]
            port, key = open_ports(engine.listeners, Purpose.OTLP)[0], str(engine.api_keys.create("bench").secret)
            for trace in traces:
                for request in large_run(trace, spans, updates):
                    export(port, request, key=key)
            engine.indexer.drain(_PATIENCE_S)
            return [*_reading(engine, traces[0].hex()), *_window(engine, [trace.hex() for trace in traces], steps)]
        finally:
            engine.stop()


def _reading(engine: Engine, trace: str) -> list[Figure]:
    took = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        engine.read(LoadRun(OpenRun(trace)))
        took.append((time.perf_counter() - start) * 1e3)
    return [Figure("reading and arranging the run in the background, median", statistics.median(took), "ms")]


def _window(engine: Engine, traces: list[str], steps: int) -> list[Figure]:
    opened = build_window(engine, discover_features())
    try:
        window, workbench = opened.window, opened.workbench
        window.resize(*_SIZE)
        window.show()
        workbench.open(OpenPage("traces"))
        until(lambda: not workbench.is_reading)
        cold = _open(window, workbench.open, traces[0])
        warm_first, warm_state = zip(*(_open(window, workbench.open, trace) for trace in traces[1:]), strict=True)
        page = window.findChild(RunPage)
        assert page is not None
        took = [_step(page) for _ in range(steps)]
        return [
            Figure("first paint of the first run after the start (the page is built)", cold[0], "ms"),
            Figure("first paint of another run, median", statistics.median(warm_first), "ms", PAINT_GOAL_MS),
            Figure("until its state is painted, too, median", statistics.median(warm_state), "ms"),
            Figure("a step, median", statistics.median(took), "ms", STEP_GOAL_MS),
            Figure("a step, p95", percentile(took, 95), "ms"),
        ]
    finally:
        opened.close()


def _open(window: QWidget, open_place: Callable[[object], bool], trace: str) -> tuple[float, float]:
    """Open a run; return after how many milliseconds graph and steps, and then the state, were painted."""
    start = time.perf_counter()
    open_place(OpenRun(trace))
    page = window.findChild(RunPage)
    assert page is not None
    view = page.view

    def is_shown() -> bool:
        return page.shown is not None and page.shown.run.trace_id == trace

    first = Painted((view.lists.steps.view.viewport(), view.graph.canvas.viewport()), is_shown)
    state = Painted((view.state.changes.viewport(),), lambda: is_shown() and _has_state(page))
    until(lambda: first.is_complete and state.is_complete)
    until(lambda: not page.is_reading)
    return (first.last - start) * 1e3, (state.last - start) * 1e3


def _has_state(page: RunPage) -> bool:
    shown, step = page.view.state.shown, page.selection.step
    return not page.view.state.is_busy and shown is not None and step is not None and shown.position == step[1]


def _step(page: RunPage) -> float:
    start = time.perf_counter()
    page.view.lists.counter.next()
    row = Painted((page.view.lists.steps.view.viewport(),), lambda: True)
    state = Painted((page.view.state.changes.viewport(),), lambda: _has_state(page))
    until(lambda: row.is_complete and state.is_complete)
    return (max(row.last, state.last) - start) * 1e3


def until(reached: Callable[[], bool]) -> None:
    """Let the event loop run until something is so. Raises `TimeoutError`."""
    loop = QEventLoop()
    watch = QTimer()
    # Asking all the time would take from the reading thread what is to be measured.
    watch.setInterval(_LOOK_MS)
    end = time.monotonic() + _PATIENCE_S

    def look() -> None:
        if reached() or time.monotonic() > end:
            loop.quit()

    watch.timeout.connect(look)
    watch.start()
    if not reached():
        loop.exec()
    watch.stop()
    if not reached():
        raise TimeoutError("the page shows nothing")


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", type=int, default=1000)
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=60)
    given = parser.parse_args()
    _app = QApplication(sys.argv[:1])
    before = calibrate()
    figures = measure(given.spans, given.updates, given.steps)
    show(f"The page of a run: {given.spans:,} spans, {given.updates:,} state updates", figures, given.json, before)


if __name__ == "__main__":
    main()
