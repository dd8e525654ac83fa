"""What the lenses of a large trace cost: `python -m tests.bench.trace_lenses [--spans 50000] [--json FILE]`.

CPU time of this process, so that other programs on the machine do not count; no screen is needed. Three shapes: a deep
tree as programs make it, one root with all others below it, and 31 full rows of which every span is on the critical
path. A frame is one step of zooming (every third with a pan, every fifth with a scroll) until everything is painted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from junjo_desktop.features.trace.analysis import ALL_PARTS, Analyse, Analysis
from junjo_desktop.features.trace.flame.lens import FlameLens
from junjo_desktop.features.trace.tree import SpanRow, SpanTree, build_tree
from junjo_desktop.features.trace.zoom import STEP, Zoom
from junjo_desktop.shell.binding_guard import guard_singletons
from junjo_desktop.theme.apply import apply_theme
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, percentile, show

FRAMES = 150
_SIZE = (1100, 760)
_FRAME_GOAL_MS = 16.0
_FIRST_PAINT_GOAL_MS = 500.0
_START_NS = 1_795_000_000 * 10**9
_MS = 10**6
_ROWS = 30
_TYPES = ("llm", "tool", "node", "database", "http")


def _span(number: int, parent: int | None, start_ns: int, end_ns: int, random: Random) -> SpanRow:
    return SpanRow(
        str(number),
        None if parent is None else str(parent),
        random.choice(("shop", "api", "stock")),
        f"step {random.randrange(12)}",
        random.choice(_TYPES),
        start_ns,
        end_ns,
        random.random() < 0.001,
    )


def deep_tree(count: int) -> SpanTree:
    """Return a tree in which a span begins at a random moment of one of those just before it."""
    random = Random(1)  # noqa: S311 - the same trace each time
    spans = [_span(0, None, _START_NS, _START_NS + count * _MS, random)]
    for number in range(1, count):
        above = spans[max(0, number - 1 - int(random.expovariate(1 / 60)))]
        start_ns = above.start_ns + int(random.random() * above.duration_ns)
        end_ns = start_ns + int(random.random() * (above.end_ns - start_ns) * 0.9)
        spans.append(_span(number, int(above.span_id), start_ns, end_ns, random))
    return build_tree(spans)


def flat_tree(count: int) -> SpanTree:
    """Return a root with all other spans below it, one after the other."""
    random = Random(1)  # noqa: S311 - the same trace each time
    spans = [_span(0, None, _START_NS, _START_NS + count * _MS, random)]
    for number in range(1, count):
        start_ns = _START_NS + number * _MS
        spans.append(_span(number, 0, start_ns, start_ns + random.randrange(_MS), random))
    return build_tree(spans)


def full_rows(count: int) -> SpanTree:
    """Return a root over chains of spans beside each other: every row is full, every span on the critical path."""
    random = Random(1)  # noqa: S311 - the same trace each time
    width = count // _ROWS
    spans = [_span(0, None, _START_NS, _START_NS + width * _MS, random)]
    for number in range(1, width * _ROWS + 1):
        row, place = divmod(number - 1, width)
        start_ns = _START_NS + place * _MS
        parent = number - width if row else 0
        spans.append(_span(number, parent, start_ns, start_ns + _MS * 9 // 10 - row, random))
    return build_tree(spans)


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1e3


def _lens(analysis: Analysis) -> tuple[FlameLens, float]:
    """Return the flame graph of a trace, shown, and what its first paint cost."""
    zoom = Zoom()
    lens = FlameLens(zoom)
    lens.resize(*_SIZE)
    lens.show()
    QApplication.processEvents()
    zoom.show_trace(analysis.tree.start_ns, analysis.tree.end_ns)

    def paint() -> None:
        lens.show_analysis(analysis)
        lens.canvas.viewport().repaint()

    return lens, _cpu_ms(paint)


def _frames_ms(lens: FlameLens) -> list[float]:
    random, zoom, bar = Random(1), lens.zoom, lens.canvas.verticalScrollBar()  # noqa: S311 - the same way each time
    taken = []
    for number in range(FRAMES):
        if number % 30 == 0:
            zoom.show_whole()
        window = zoom.window
        zoom.zoom_by(STEP, window.start_ns + int(window.span_ns * random.random()))
        if number % 3 == 0:
            zoom.show(zoom.window.panned(zoom.window.span_ns // 9))
        if number % 5 == 0:
            bar.setValue(random.randrange(bar.maximum() + 1))
        taken.append(_cpu_ms(lens.canvas.viewport().repaint))
    return taken


def figures_of(shape: str, tree: SpanTree) -> list[Figure]:
    """Measure one trace."""
    analyses: list[Analysis] = []
    worked_ms = min(_cpu_ms(lambda: analyses.append(Analyse(tree, ALL_PARTS)())) for _ in range(3))
    lens, first_ms = _lens(analyses[-1])
    figures = [
        Figure(f"{shape}: self time, critical path, groups, both flame graphs (background)", worked_ms, "ms"),
        Figure(f"{shape}: first paint of the flame graph once worked out", first_ms, "ms", _FIRST_PAINT_GOAL_MS),
    ]
    for order in ("time order", "left heavy"):
        lens.canvas.viewport().repaint()
        frames = _frames_ms(lens)
        figures.append(Figure(f"{shape}, {order}: frame, p95", percentile(frames, 95), "ms", _FRAME_GOAL_MS))
        figures.append(Figure(f"{shape}, {order}: frame, p50", percentile(frames, 50), "ms"))
        lens.toggle_order()
    lens.close()
    return figures


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", type=int, default=50_000)
    options = parser.parse_args()
    guard_singletons()
    app = QApplication([])
    apply_theme(app, "light")
    before = calibrate()
    figures = [
        *figures_of("deep", deep_tree(options.spans)),
        *figures_of("flat", flat_tree(options.spans)),
        *figures_of("full rows", full_rows(options.spans)),
    ]
    show(f"Lenses of a trace of {options.spans:,} spans", figures, options.json, before)


if __name__ == "__main__":
    main()
