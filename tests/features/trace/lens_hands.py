"""Hands on the lenses of a trace: show one, run a command, ask what is selected, point at a box."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.flame.canvas import AXIS_PX, FlameCanvas
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenTrace
from tests.features.trace.sample_trace import ROOT, TRACE, part, root
from tests.support.otlp import span_id, trace_request
from tests.support.stored import StoredTelemetry


def show(page: TracePage, qtbot: QtBot, trace: str) -> Lenses:
    page.show_destination(OpenTrace(trace))
    lenses = page.view.lenses
    lens = lenses.lens
    lenses.show_lens(Lens.FLAME)
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None and lenses.flame.canvas.flame is not None)
    lenses.show_lens(lens)
    return lenses


def statistics_of(lenses: Lenses, qtbot: QtBot, count: int) -> Lenses:
    """Show the statistics and wait for their rows."""
    lenses.show_lens(Lens.STATISTICS)
    qtbot.waitUntil(lambda: lenses.statistics.table.model.rowCount() == count)
    return lenses


def run(page: TracePage, command_id: str) -> None:
    command = next(command for command in page.commands() if command.id == command_id)
    assert command.enabled()
    command.run()


def selected(lenses: Lenses) -> str:
    """The one selection; every lens must agree on it."""
    span_id = lenses.waterfall.selected_span
    canvas = lenses.flame.canvas
    flame = canvas.flame
    assert flame is not None
    members = [flame.tree.spans[position].span_id for position in flame.members[canvas.look.selected]]
    assert span_id in members
    return span_id


def middle_of(canvas: FlameCanvas, span_id: str) -> QPoint:
    """A point on the box of a span."""
    flame = canvas.flame
    assert flame is not None
    box = next(box for box, members in enumerate(flame.members) if flame.tree.spans[members[0]].span_id == span_id)
    lane, window = canvas.lane(), canvas.zoom.window
    x = lane.x(window, (flame.left(box) + flame.right(box)) // 2)
    return QPoint(round(x), AXIS_PX + 4 + flame.row_of[box] * 21 + 9 - canvas.verticalScrollBar().value())


def add_repeated(telemetry: StoredTelemetry) -> str:
    calls = [part("embed", span_id(0x2000 + number), ROOT, 10 * number, 5) for number in range(12)]
    telemetry.add(trace_request(root(), *calls))
    return TRACE.hex()
