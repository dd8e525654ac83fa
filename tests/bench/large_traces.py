"""What opening, scrolling, zooming and searching traces of any size takes.

    python -m tests.bench.large_traces [--spans 5000,50000,500000] [--json FILE]

The traces are sent through the real receiver once, and kept in `build/bench/large-traces`. They are shown in the window
of the app (no screen is needed). "First paint" is from the moment the trace is asked for until its rows are painted; a
frame is one step of scrolling, or of zooming, until it is painted; memory is what the page holds of a trace, with
all that the waterfall shows worked out.
"""

from __future__ import annotations

import gc
import os
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from PySide6.QtWidgets import QApplication

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.features.trace.analysis import Analyse
from junjo_desktop.features.trace.layout import layout_of
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.loading import LoadedTrace, LoadTrace
from junjo_desktop.features.trace.outline import Outline
from junjo_desktop.features.trace.overview import Overview
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.tree import build_tree
from junjo_desktop.shell.destinations import OpenPage, OpenTrace
from junjo_desktop.shell.launch import OpenWindow, build_window
from junjo_desktop.theme.tokens import ROW_PX
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, percentile, show
from tests.bench.run_page import Painted, until
from tests.bench.scrolled_window import Lateness
from tests.bench.served import BUILD
from tests.bench.stores import open_engine
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.sending import export

_KEPT = BUILD / "large-traces"
_FIRST_PAINT_MS = {5_000: 100.0, 50_000: 500.0, 500_000: 3_000.0}
_FRAME_MS, _SPAN_BYTES, _FIND_MS, _FLAME_MS, _GAP_MS = 16.0, 200.0, 100.0, 500.0, 100.0
_FRAMES = 120
_REQUEST = 5_000
_DEEPEST = 30
_NAMES = ("load", "plan", "embed", "search", "rank", "chat", "answer", "check", "store", "notify")
_START_NS = 1_795_000_000 * 10**9
_MS = 10**6
_STEP = 0.8
_TEXT = "Where is my order 1042? It should have come yesterday. " * 4


def _spans(trace: bytes, first_id: int, count: int) -> Iterator[Span]:
    """Yield a root, and trees of random shape below it, with some crowds of equal siblings."""
    random = Random(count)  # noqa: S311 - the same trace each time
    made: list[tuple[bytes, int, int, int]] = []
    while len(made) < count:
        number = len(made)
        if not made:
            parent, start, end, depth = b"", _START_NS, _START_NS + count * _MS, 0
        else:
            near = max(1, number - int(random.expovariate(1 / 60)))
            if made[near - 1][3] >= _DEEPEST:
                near = 1
            parent, above_start, above_end, above_depth = made[near - 1]
            depth = above_depth + 1
            start = above_start + int(random.random() * (above_end - above_start) * 0.9)
            end = start + int(random.random() * (above_end - start))
        crowd = min(40, count - number) if number and random.random() < 0.002 else 1
        name = random.choice(_NAMES)
        for _ in range(crowd):
            own = span_id(first_id + len(made))
            made.append((own, start, end, depth))
            attributes: dict[str, str | int] = {"step": len(made), "customer": f"customer {random.randrange(900)}"}
            if name == "chat":
                attributes |= {"gen_ai.operation.name": "chat", "gen_ai.input.messages": _TEXT}
            yield span(
                f"{name} {len(made) % 40}" if crowd == 1 else name,
                trace=trace,
                id=own,
                parent=parent,
                start_ns=start,
                duration_ns=end - start,
                attributes=attributes,
                error="refused" if random.random() < 0.001 else None,
            )


def _trace_of(count: int) -> bytes:
    return trace_id(count)


def _fill(engine: Engine, port: int, sizes: list[int]) -> None:
    for size in sizes:
        trace, waiting = _trace_of(size), list[Span]()
        if _is_stored(engine, trace):
            continue
        for one in _spans(trace, 1, size):
            waiting.append(one)
            if len(waiting) == _REQUEST:
                export(port, trace_request(*waiting, service="bench"))
                waiting.clear()
        if waiting:
            export(port, trace_request(*waiting, service="bench"))
        engine.indexer.drain(120)
        print(f"{size:,} spans sent", file=sys.stderr)


def _is_stored(engine: Engine, trace: bytes) -> bool:
    query = "SELECT count(*) FROM traces WHERE trace_id = ?"
    found = engine.read(lambda cursor: cursor.execute(query, [trace.hex()]).fetchone())
    return bool(found and found[0])


def measure(folder: Path, sizes: list[int]) -> list[Figure]:
    """Open a trace of each size, and use it."""
    engine, port = open_engine(folder)
    try:
        _fill(engine, port, sizes)
        opened = build_window(engine, discover_features())
        try:
            opened.window.resize(1440, 900)
            opened.window.show()
            opened.workbench.open(OpenPage("traces"))
            until(lambda: not opened.workbench.is_reading)
            _open(opened, _trace_of(sizes[0]))
            _close(opened)
            return [figure for size in sizes for figure in _figures_of(engine, opened, size)]
        finally:
            opened.close()
    finally:
        engine.stop()


def _figures_of(engine: Engine, opened: OpenWindow, size: int) -> list[Figure]:
    held = _held_bytes(engine, _trace_of(size))
    first_ms, first_gap_ms = _open(opened, _trace_of(size))
    _close(opened)
    paint_ms, gap_ms = _open(opened, _trace_of(size))
    page = opened.window.findChild(TracePage)
    assert page is not None
    view = page.view
    view.waterfall.unfold_all()
    scrolled, zoomed = _scroll(page), _zoom(page)
    found_ms = min(_find(page, text) for text in ("customer 77", "order 1042", "refused"))
    flame_ms = _flame(page)
    view.lenses.show_lens(Lens.WATERFALL)
    told = f"{size:,} spans"
    return [
        Figure(f"{told}: click → first paint", min(first_ms, paint_ms), "ms", _FIRST_PAINT_MS.get(size)),
        Figure(f"{told}: longest that the window does not answer meanwhile", min(gap_ms, first_gap_ms), "ms", _GAP_MS),
        Figure(f"{told}: a frame of scrolling, all unfolded, p95", percentile(scrolled, 95), "ms", _FRAME_MS),
        Figure(f"{told}: a frame of zooming, p95", percentile(zoomed, 95), "ms", _FRAME_MS),
        Figure(f"{told}: memory a span", held / size, "B", _SPAN_BYTES),
        Figure(f"{told}: find in trace", found_ms, "ms", _FIND_MS if size <= 50_000 else None),
        Figure(f"{told}: click → flame graph painted", flame_ms, "ms", _FLAME_MS if size <= 50_000 else None),
    ]


def _open(opened: OpenWindow, trace: bytes) -> tuple[float, float]:
    """Open a trace; return after how long it was painted, and the longest that the event loop stood still."""
    lateness = Lateness(opened.window)
    lateness.start()
    start = time.perf_counter()
    opened.workbench.open(OpenTrace(trace.hex()))
    page = opened.window.findChild(TracePage)
    assert page is not None
    painted = Painted(
        (page.view.waterfall.viewport(),),
        lambda: page.follower.shown is not None and page.follower.shown.head.trace_id == trace.hex(),
    )
    until(lambda: painted.is_complete)
    tree = page.view.tree
    until(lambda: _is_analysed(page, tree) and not opened.workbench.is_reading)
    lateness.stop()
    return (painted.last - start) * 1e3, max(lateness.milliseconds, default=0.0)


def _close(opened: OpenWindow) -> None:
    """Show a trace that is not stored, and forget the one before."""
    opened.workbench.open(OpenTrace("ab" * 16))
    until(lambda: not opened.workbench.is_reading)
    page = opened.window.findChild(TracePage)
    assert page is not None
    tree = build_tree(())
    head = TraceHead("ab" * 16, None, "", "", 0, 0, 0, 0, 0, None, None, 0, 0, 0, 0, ())
    page.view.show_trace(LoadedTrace(head, tree, layout_of(tree), Overview(), 0.0))


def _is_analysed(page: TracePage, tree: object) -> bool:
    analysis = page.view.waterfall.rows_painter.analysis
    return analysis is not None and analysis.tree is tree


def _scroll(page: TracePage) -> list[float]:
    waterfall = page.view.waterfall
    bar, random = waterfall.verticalScrollBar(), Random(1)  # noqa: S311 - the same way each time
    taken = []
    for number in range(_FRAMES):
        bar.setValue(bar.value() + 3 * ROW_PX if number % 10 else random.randrange(bar.maximum() + 1))
        taken.append(_took_ms(waterfall.viewport().repaint))
    return taken


def _zoom(page: TracePage) -> list[float]:
    view, random = page.view, Random(1)  # noqa: S311 - the same way each time
    taken = []
    for number in range(_FRAMES):
        if number % 30 == 0:
            view.zoom.show_whole()
        window = view.zoom.window
        view.zoom.zoom_by(_STEP, window.start_ns + int(window.span_ns * random.random()))
        taken.append(_took_ms(view.waterfall.viewport().repaint) + _took_ms(view.minimap.repaint))
    view.zoom.show_whole()
    return taken


def _find(page: TracePage, text: str) -> float:
    start = time.perf_counter()
    page.header.finder.field.setText("")
    page.header.finder.asked.emit("")
    page.header.finder.asked.emit(text)
    until(lambda: len(page.view.waterfall.rows_painter.found) > 0)
    took_ms = (time.perf_counter() - start) * 1e3
    page.header.finder.asked.emit("")
    return took_ms


def _flame(page: TracePage) -> float:
    canvas = page.view.lenses.flame.canvas
    start = time.perf_counter()
    page.view.lenses.show_lens(Lens.FLAME)
    painted = Painted((canvas.viewport(),), lambda: canvas.flame is not None)
    until(lambda: painted.is_complete)
    return (painted.last - start) * 1e3


def _took_ms(work: Callable[[], object]) -> float:
    # Time of this thread: what else runs on the machine does not count.
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1e3


def _held_bytes(engine: Engine, trace: bytes) -> int:
    """Return what the page holds of a trace: columns, tree, rows, overview, own times and the critical path."""
    gc.collect()
    tracemalloc.start()
    try:
        loaded = engine.read(LoadTrace(trace.hex()))
        held = (loaded, Outline(loaded.layout), Analyse(loaded.tree)())
        gc.collect()
        return tracemalloc.get_traced_memory()[0] if held else 0
    finally:
        tracemalloc.stop()


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", default="5000,50000,500000")
    given = parser.parse_args()
    _app = QApplication(sys.argv[:1])
    before = calibrate()
    figures = measure(_KEPT, [int(size) for size in given.spans.split(",")])
    show("Traces of any size", figures, given.json, before)


if __name__ == "__main__":
    main()
