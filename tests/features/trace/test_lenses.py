"""Lenses on one trace: one selection, one trail, and nothing that moves while the trace grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.flame.canvas import AXIS_PX, FlameCanvas
from junjo_desktop.features.trace.flame.model import NO_BOX
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.lenses import Lenses
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.theme.state import current
from tests.features.trace.sample_trace import MODEL, ORPHAN, ROOT, TOOL, TRACE, add_sample, children, part, root
from tests.support.otlp import span_id, trace_request
from tests.support.qt import Role, cell_texts, find, press, unnamed_controls
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000


def show(page: TracePage, qtbot: QtBot, trace: str) -> Lenses:
    page.show_destination(OpenTrace(trace))
    lenses = page.view.lenses
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None and lenses.flame.canvas.flame is not None)
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


def test_a_span_selected_anywhere_is_selected_in_every_lens(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = statistics_of(show(page, qtbot, add_sample(telemetry)), qtbot, 4)
    page.view.waterfall.select_span(TOOL.hex())
    assert (selected(lenses), lenses.statistics.table.current_id) == (TOOL.hex(), "CheckPolicy")
    lenses.statistics.table.select_id("chat gpt-4o")
    assert selected(lenses) == MODEL.hex()
    qtbot.waitUntil(
        lambda: page.view.inspector.detail is not None and page.view.inspector.detail.span.name == "chat gpt-4o"
    )
    lenses.show_lens(Lens.FLAME)
    QTest.keyClick(lenses.flame.canvas, Qt.Key.Key_Up)
    assert (selected(lenses), lenses.statistics.table.current_id) == (ROOT.hex(), "handle_message")


def test_keys_lead_from_lens_to_lens_and_put_the_focus_there(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    keys = {command.id: command.shortcut for command in page.commands()}
    assert [keys[f"trace.lens_{lens}"] for lens in Lens] == ["1", "2", "3"]
    for lens, widget in zip(Lens, (lenses.waterfall, lenses.flame.canvas, lenses.statistics.table.view), strict=True):
        run(page, f"trace.lens_{lens}")
        assert (lenses.lens, page.focusWidget()) == (lens, widget)


def test_the_next_failure_is_found_in_every_lens(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    for lens in Lens:
        lenses.show_lens(lens)
        lenses.waterfall.select_span(ROOT.hex())
        run(page, "trace.next_failure")
        assert selected(lenses) == TOOL.hex()


def test_arrow_keys_go_from_box_to_box_and_enter_goes_to_the_values(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    run(page, "trace.lens_flame")
    canvas = lenses.flame.canvas
    found = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key)
        found.append(selected(lenses))
    assert found == [MODEL.hex(), TOOL.hex(), MODEL.hex(), ROOT.hex()]
    assert canvas.accessibleDescription().startswith("workflow handle_message, 1.00 s, ")
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert page.view.inspector.isAncestorOf(page.focusWidget())


def middle_of(canvas: FlameCanvas, span_id: str) -> QPoint:
    """A point on the box of a span."""
    flame = canvas.flame
    assert flame is not None
    box = next(box for box, members in enumerate(flame.members) if flame.tree.spans[members[0]].span_id == span_id)
    lane, window = canvas.lane(), canvas.zoom.window
    x = lane.x(window, (flame.left(box) + flame.right(box)) // 2)
    return QPoint(round(x), AXIS_PX + 4 + flame.row_of[box] * 21 + 9 - canvas.verticalScrollBar().value())


def test_a_click_selects_and_a_double_click_zooms_to_a_box(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.FLAME)
    canvas = lenses.flame.canvas
    viewport, left, none = canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    qtbot.waitUntil(lambda: viewport.width() > 300)
    QTest.mouseClick(viewport, left, none, middle_of(canvas, MODEL.hex()))
    assert selected(lenses) == MODEL.hex()
    QTest.mouseDClick(viewport, left, none, middle_of(canvas, MODEL.hex()))
    by_hand = page.view.zoom.window
    assert not by_hand.is_whole
    page.view.show_whole()
    run(page, "trace.fit")
    assert page.view.zoom.window.span_ns == pytest.approx(by_hand.span_ns, rel=0.02)


def test_the_wheel_zooms_with_ctrl_and_keys_zoom_what_is_in_front(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.FLAME)
    viewport = lenses.flame.canvas.viewport()
    event = QWheelEvent(
        QPointF(100, 60), viewport.mapToGlobal(QPointF(100, 60)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    assert not page.view.zoom.window.is_whole
    in_time = page.view.zoom.window
    run(page, "trace.flame_order")
    assert lenses.zoom is not page.view.zoom
    run(page, "trace.zoom_in")
    assert (page.view.zoom.window, lenses.zoom.window.is_whole) == (in_time, False)
    run(page, "trace.whole")
    assert lenses.zoom.window.is_whole


def add_repeated(telemetry: StoredTelemetry) -> str:
    calls = [part("embed", span_id(0x2000 + number), ROOT, 10 * number, 5) for number in range(12)]
    telemetry.add(trace_request(root(), *calls))
    return TRACE.hex()


def test_spans_with_the_same_names_above_them_are_joined_and_gone_through(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_repeated(telemetry))
    lenses.show_lens(Lens.FLAME)
    run(page, "trace.flame_order")
    canvas = lenses.flame.canvas
    assert canvas.flame is not None
    assert [len(members) for members in canvas.flame.members] == [1, 12]
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert (lenses.trail.words, lenses.trail.place, len(lenses.trail)) == ("embed", 1, 12)
    run(page, "trace.trail_next")
    assert selected(lenses) == span_id(0x2001).hex()
    run(page, "trace.trail_back")
    run(page, "trace.trail_back")
    assert selected(lenses) == span_id(0x200B).hex()


def test_enter_in_the_statistics_goes_through_a_group(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = statistics_of(show(page, qtbot, add_repeated(telemetry)), qtbot, 2)
    lenses.statistics.table.select_id("embed")
    assert selected(lenses) == span_id(0x2000).hex()
    for _ in range(2):
        QTest.keyClick(lenses.statistics.table.view, Qt.Key.Key_Return)
    assert (selected(lenses), lenses.trail_bar.count.text()) == (span_id(0x2002).hex(), "3 of 12")
    press(page, "Leave these spans")
    assert not lenses.trail_bar.isVisible()


def test_statistics_are_read_out_sorted_grouped_filtered_and_copied(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = statistics_of(show(page, qtbot, add_sample(telemetry)), qtbot, 4)
    table = lenses.statistics.table
    assert cell_texts(table.view)[:14] == [
        "Group", "Kind", "Count", "Errors", "Self", "Total", "p50", "p95", "Max", "Tokens",
        "handle_message", "workflow", "1", "500 ms",
    ]  # fmt: skip
    press(page, "Group by: Kind", Role.CheckBox)
    qtbot.waitUntil(lambda: "LLM" in cell_texts(table.view))
    press(page, "Group by: Name", Role.CheckBox)
    lenses.statistics.filter.setText("policy")
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)
    table.select_id("CheckPolicy")
    table.menu.copy_rows()
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[:4] == ["CheckPolicy", "tool", "1", "1"]


def test_counts_of_the_header_lead_to_the_spans_concerned(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    second_root = part("second root", span_id(0x3000), b"", 0, 10)
    second_root.dropped_attributes_count = 4
    early = part("early", span_id(0x3001), ROOT, -500, 10)
    telemetry.add(trace_request(root(), *children(), second_root, early))
    lenses = show(page, qtbot, TRACE.hex())
    wanted = {
        "1 failure": [TOOL],
        "2 roots": [ROOT, span_id(0x3000)],
        "1 parent missing": [ORPHAN],
        "1 outside its parent": [span_id(0x3001)],
        "4 items dropped": [span_id(0x3000)],
    }
    assert page.header.tag_words == list(wanted)
    page.resize(2400, 700)
    qtbot.waitUntil(lambda: not page.header.tags.rest)
    for words, ids in wanted.items():
        press(page, words)
        assert len(lenses.trail) == len(ids)
        found = {selected(lenses)}
        for _ in ids[1:]:
            run(page, "trace.trail_next")
            found.add(selected(lenses))
        assert found == {one.hex() for one in ids}


def test_spans_that_are_gone_through_become_more_while_the_trace_grows(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    press(page, "1 failure")
    telemetry.add(trace_request(part("also failed", span_id(0x4000), ROOT, 900, 5, error="again")))
    qtbot.waitUntil(lambda: lenses.trail_bar.count.text() == "1 of 2")
    assert (lenses.trail_bar.words.text(), selected(lenses)) == ("Failures", TOOL.hex())
    run(page, "trace.trail_next")
    assert lenses.waterfall.selected_span == span_id(0x4000).hex()


def test_tags_without_room_are_in_a_menu(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    second_root = part("second root", span_id(0x3000), b"", 0, 10)
    telemetry.add(trace_request(root(), *children(), second_root, part("early", span_id(0x3001), ROOT, -500, 10)))
    lenses = show(page, qtbot, TRACE.hex())
    page.resize(820, 600)
    strip = page.header.tags
    qtbot.waitUntil(lambda: len(strip.rest) > 0)
    menu = strip.menu()
    actions = {action.text(): action for action in menu.actions()}
    actions["1 outside its parent"].trigger()
    menu.deleteLater()
    assert selected(lenses) == span_id(0x3001).hex()


def test_find_marks_boxes(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.FLAME)
    canvas = lenses.flame.canvas
    qtbot.waitUntil(lambda: canvas.viewport().width() > 300)
    above = middle_of(canvas, MODEL.hex()) - QPoint(0, 9)

    def color() -> QColor:
        return canvas.viewport().grab().toImage().pixelColor(above)

    before = color()
    page.header.finder.field.setText("1042")
    qtbot.waitUntil(lambda: canvas.look.found == {MODEL.hex()})
    assert color() == QColor(current().warning) != before


def test_lens_order_colours_and_switches_survive_a_restart(
    telemetry: StoredTelemetry, bench: Workbench, page: TracePage, qtbot: QtBot, tmp_path: Path, pages: list[QWidget]
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.FLAME)
    run(page, "trace.flame_order")
    run(page, "trace.flame_colors")
    run(page, "trace.path")
    press(lenses, "Lens: Statistics", Role.CheckBox)
    press(lenses, "Group by: Service", Role.CheckBox)
    lenses.statistics.table.sort_requested.emit("max", False)
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = TracePage(bench)
    pages.append(again)
    again.restore_state(state)
    shown = again.view.lenses
    assert (shown.lens, shown.flame.is_in_time, shown.bar.path.isChecked()) == (Lens.STATISTICS, False, False)
    assert (shown.flame.colors.currentText(), shown.statistics.grouping.value) == ("Colour by service", "service")
    show(again, qtbot, TRACE.hex())
    qtbot.waitUntil(lambda: shown.statistics.table.model.rowCount() == 1)
    header = shown.statistics.table.view.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (8, Qt.SortOrder.AscendingOrder)


@pytest.mark.parametrize("odd", ["", "no lens", "{}"])
def test_odd_state_is_no_obstacle(page: TracePage, tmp_path: Path, odd: str) -> None:
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    for key in ("lens", "flame_order", "flame_colors", "statistics_grouping", "statistics_sort", "statistics_columns"):
        state.setValue(key, odd)
    page.restore_state(state)
    assert page.view.lenses.lens is Lens.WATERFALL


def test_a_growing_trace_leaves_lens_zoom_selection_and_trail(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_repeated(telemetry))
    lenses.show_lens(Lens.FLAME)
    lenses.waterfall.select_span(span_id(0x2004).hex())
    run(page, "trace.fit")
    window = page.view.zoom.window
    lenses.statistics.table.select_id("embed")
    canvas = lenses.flame.canvas
    telemetry.add(trace_request(*[part("late", span_id(0x4000 + number), ROOT, 500, 5) for number in range(30)]))
    qtbot.waitUntil(lambda: canvas.flame is not None and len(canvas.flame.members) == 43)
    assert (lenses.lens, selected(lenses)) == (Lens.FLAME, span_id(0x2004).hex())
    assert (page.view.zoom.window.start_ns, page.view.zoom.window.end_ns) == (window.start_ns, window.end_ns)
    statistics_of(lenses, qtbot, 3)
    assert lenses.statistics.table.current_id == "embed"


def test_hostile_names_are_shown_in_every_lens(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    telemetry.add(trace_request(root(), part(HOSTILE, MODEL, ROOT, 100, 300), part("", TOOL, ROOT, 500, 100)))
    lenses = show(page, qtbot, TRACE.hex())
    lenses.waterfall.select_span(MODEL.hex())
    for lens in Lens:
        lenses.show_lens(lens)
        assert not page.grab().isNull()
    canvas = lenses.flame.canvas
    lenses.show_lens(Lens.FLAME)
    tip = canvas._tip_at(middle_of(canvas, MODEL.hex()))
    assert "&lt;b&gt;bold" in tip
    assert "\u202e" not in canvas.accessibleDescription()


def test_every_control_of_every_lens_has_a_name(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    press(page, "1 failure")
    for lens in Lens:
        lenses.show_lens(lens)
        assert unnamed_controls(page) == []
    assert find(page, Role.Table, "Groups of spans") is lenses.statistics.table.view


def test_the_critical_path_can_be_switched_off(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    viewport = lenses.waterfall.viewport()
    with_path = viewport.grab().toImage()
    run(page, "trace.path")
    assert viewport.grab().toImage() != with_path
    run(page, "trace.path")
    assert viewport.grab().toImage() == with_path


def test_colours_mean_what_was_chosen(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(Lens.FLAME)
    canvas = lenses.flame.canvas
    qtbot.waitUntil(lambda: canvas.viewport().width() > 300)
    place = middle_of(canvas, MODEL.hex()) + QPoint(0, 7)

    def color() -> QColor:
        return canvas.viewport().grab().toImage().pixelColor(place)

    by_kind = color()
    lenses.flame.colors.setCurrentIndex(3)
    assert color() != by_kind
    lenses.flame.colors.setCurrentIndex(0)
    assert color() == by_kind


def test_another_trace_starts_without_the_trail_and_selection_of_the_one_before(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    press(page, "1 failure")
    other = part("other", span_id(0x5000), b"", 0, 10)
    other.trace_id = bytes(15) + b"\x77"
    telemetry.add(trace_request(other))
    page.show_destination(OpenTrace(other.trace_id.hex()))
    canvas = lenses.flame.canvas
    qtbot.waitUntil(lambda: canvas.flame is not None and len(canvas.flame.members) == 1)
    assert (lenses.trail.is_set, canvas.look.selected) == (False, 0)
    assert canvas.look.selected != NO_BOX
