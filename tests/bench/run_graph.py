"""What the graph of a run costs: `python -m tests.bench.run_graph [--nodes 500] [--edges 1000] [--json FILE]`.

CPU time of this process, so that other programs on the machine do not count; no screen is needed. The graph leads
mostly forward, with some edges that go back, and conditions on a third of its edges. A frame is one mouse move of a
drag, or one step of zooming, until everything is painted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from junjo_desktop.features.run.graph.picture import picture_of
from junjo_desktop.features.run.graph.picture_model import Choices
from junjo_desktop.features.run.graph.view import RunGraphView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.binding_guard import guard_singletons
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.theme.apply import apply_theme
from junjo_desktop.widgets.layered.fonts import FontMeasure
from junjo_desktop.widgets.layered.layout import lay_out
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, percentile, show
from tests.features.run.graph.runs import RunMaker, graph, node

ROUNDS = 7
FRAMES = 80
_FARTHEST = 8
_WINDOW = (1400, 700)
_FRAME_GOAL_MS = 16.0


def large_graph_run(nodes: int, edges: int) -> Run:
    """Return a run of a graph of this size; two thirds of its nodes ran, some of them several times."""
    random = Random(1)  # noqa: S311 - the same graph each time
    names = [f"n{number}" for number in range(nodes)]
    drawn = [_edge(random, max(0, number - random.randint(1, _FARTHEST)), number) for number in range(1, nodes)]
    while len(drawn) < edges:
        tail = random.randrange(nodes)
        drawn.append(_edge(random, tail, min(nodes - 1, max(0, tail + random.randint(-1, _FARTHEST)))))
    maker = RunMaker()
    executions = {
        name: [maker.step(f"{name} {run}", "run", run, run + 0.05) for run in range(random.choice((0, 1, 1, 3)))]
        for name in names
    }
    counts = {f"e{number}": random.choice((0, 1, 1, 2)) for number in range(len(drawn))}
    maker.ran(graph((node(name, f"Step number {name}") for name in names), *drawn), executions, counts)
    return maker.run()


def _edge(random: Random, tail: int, head: int) -> str:
    condition = f" is ready {tail % 7}" if random.random() < 0.3 else ""
    return f"n{tail} n{head}{condition}"


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1e3


def _best_ms(work: Callable[[], object]) -> float:
    return min(_cpu_ms(work) for _ in range(ROUNDS))


def opening(run: Run) -> list[Figure]:
    """Measure the way from a run to its first paint."""
    measure = FontMeasure()
    picture = picture_of(run, Choices(), measure)
    size = f"{len(picture.nodes):,} nodes, {len(picture.edges):,} edges"
    return [
        Figure(f"layout of {size}", _best_ms(lambda: lay_out(picture.plan)), "ms", 100),
        Figure("what is to be seen, before the layout", _best_ms(lambda: picture_of(run, Choices(), measure)), "ms"),
        Figure("all of it, to the first paint", min(_cpu_ms(lambda: _shown(run)) for _ in range(3)), "ms"),
    ]


def _shown(run: Run) -> RunGraphView:
    view = RunGraphView(RunSelection())
    view.resize(*_WINDOW)
    view.show()
    view.show_run(run)
    QApplication.processEvents()
    return view


def frames(run: Run) -> list[Figure]:
    """Measure dragging at several distances, and zooming."""
    view = _shown(run)
    figures = []
    for zoom in (1.0, 0.5, 0.1, 0.04):
        view.canvas.resetTransform()
        view.canvas.scale(zoom, zoom)
        view.canvas.centerOn(view.layout_shown.width / 2, view.layout_shown.height / 2)
        QApplication.processEvents()
        figures.append(Figure(f"frame while dragging at zoom {zoom}, p95", _drag_ms(view), "ms", _FRAME_GOAL_MS))
    steps = [view.canvas.zoom_in, view.canvas.zoom_out] * (FRAMES // 2)
    zooms = [_cpu_ms(partial(_painted, step)) for step in steps]
    figures.append(Figure("frame while zooming with everything in sight, p95", percentile(zooms, 95), "ms"))
    return figures


def _painted(change: Callable[[], object]) -> None:
    change()
    QApplication.processEvents()


def _drag_ms(view: RunGraphView) -> float:
    viewport = view.canvas.viewport()
    at = viewport.rect().center()
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, no, at)
    times = []
    for number in range(FRAMES):
        at += QPoint(25, 8) if number // 20 % 2 else QPoint(-25, -8)
        times.append(_cpu_ms(partial(_painted, partial(QTest.mouseMove, viewport, QPoint(at)))))
    QTest.mouseRelease(viewport, left, no, at)
    return percentile(times, 95)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--edges", type=int, default=1000)
    options = parser.parse_args()
    guard_singletons()
    app = QApplication([])
    apply_theme(app, "light")
    before = calibrate()
    run = large_graph_run(options.nodes, options.edges)
    show("The graph of a run", [*opening(run), *frames(run)], options.json, before)


if __name__ == "__main__":
    main()
