"""A trace that grows through the real receiver stays where the user left it."""

from __future__ import annotations

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.intake import Purpose, open_ports
from tests.features.conftest import Show
from tests.features.trace.row_hands import is_open, line_of, seen, top_of_current
from tests.features.trace.sample_trace import MS, ROOT, START, TRACE
from tests.support.otlp import span, span_id, trace_request
from tests.support.sending import export

STEPS, LATER, PORTION = 100, 2_000, 250
NAMES = 60


def step(number: int, parent: bytes, name: str) -> Span:
    return span(
        name,
        trace=TRACE,
        id=span_id(0x10_0000 + number),
        parent=parent,
        start_ns=START + number * MS,
        duration_ns=MS,
    )


def early() -> list[Span]:
    """Steps of many names, so that none is folded, each with one span below it; then a crowd that is folded."""
    tops = [step(number, ROOT, f"step {number % NAMES}") for number in range(STEPS)]
    below = [step(STEPS + number, top.span_id, "detail") for number, top in enumerate(tops)]
    crowd = [step(2 * STEPS + number, tops[90].span_id, "embed") for number in range(40)]
    return [*tops, *below, *crowd]


def later() -> list[Span]:
    """Many more: before, between and after what is looked at, and in the crowd."""
    tops = [span_id(0x10_0000 + number) for number in range(STEPS)]
    made = []
    for number in range(LATER):
        parent = tops[90] if number % 4 == 0 else tops[number % STEPS] if number % 4 == 1 else ROOT
        name = "embed" if number % 4 == 0 else f"more {number % NAMES}"
        made.append(step(1000 + number, parent, name))
    return made


def test_a_live_trace_moves_neither_rows_nor_folds_nor_zoom(
    engine: Engine, workbench: Workbench, show: Show[TracePage], qtbot: QtBot
) -> None:
    port, key = open_ports(engine.listeners, Purpose.OTLP)[0], str(engine.api_keys.create("test").secret)
    export(port, trace_request(*early()), key=key)
    page = show(TracePage(workbench))
    page.show_destination(OpenTrace(TRACE.hex(), span_id(0x10_0000 + 50).hex()))
    view, waterfall = page.view, page.view.waterfall
    qtbot.waitUntil(lambda: waterfall.selected_span == span_id(0x10_0000 + 50).hex())
    closed = span_id(0x10_0000 + 52).hex()
    waterfall.set_open(line_of(waterfall, closed), False)
    waterfall.verticalScrollBar().setValue(waterfall.verticalScrollBar().value() + 37)
    view.zoom.show(view.zoom.window.shown(START + 20 * MS, START + 80 * MS))
    place = top_of_current(waterfall)
    moved: list[int] = []
    waterfall.rows_rested.connect(lambda: moved.append(top_of_current(waterfall)))

    spans = later()
    for first in range(0, LATER, PORTION):
        export(port, trace_request(*spans[first : first + PORTION]), key=key)
        count = 2 * STEPS + 40 + first + PORTION
        qtbot.waitUntil(lambda count=count: len(view.tree) >= count, timeout=10_000)  # type: ignore[misc]  # its own count

    assert waterfall.selected_span == span_id(0x10_0000 + 50).hex()
    assert {top_of_current(waterfall), *moved} == {place}
    assert not is_open(waterfall, closed)
    assert (view.zoom.window.start_ns, view.zoom.window.end_ns) == (START + 20 * MS, START + 80 * MS)
    assert sum("embed" in row for row in seen(waterfall)) == 1
