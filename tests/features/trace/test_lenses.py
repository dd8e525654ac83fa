"""Lenses on one trace: one selection, one trail, and nothing that moves while the trace grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.flame.model import NO_BOX
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.theme.state import current
from tests.features.trace.lens_hands import add_repeated, middle_of, run, selected, show, statistics_of
from tests.features.trace.sample_trace import MODEL, ROOT, TOOL, TRACE, add_sample, part, root
from tests.support.otlp import span_id, trace_request
from tests.support.qt import Role, cell_texts, find, press, unnamed_controls
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000


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
    assert [keys[f"trace.lens_{lens}"] for lens in Lens] == [str(number) for number in range(1, len(Lens) + 1)]
    widgets = {
        Lens.WATERFALL: lenses.waterfall,
        Lens.FLAME: lenses.flame.canvas,
        Lens.STATISTICS: lenses.statistics.table.view,
        Lens.GRAPH: lenses.graph.canvas,
        Lens.LOGS: lenses.logs.table.view,
    }
    assert {*widgets, Lens.CONVERSATION} == set(Lens)
    for lens, widget in widgets.items():
        run(page, f"trace.lens_{lens}")
        assert (lenses.lens, page.focusWidget()) == (lens, widget)
    run(page, "trace.lens_conversation")
    qtbot.waitUntil(lambda: bool(lenses.conversation.view.views))
    run(page, "trace.lens_conversation")
    assert lenses.conversation.isAncestorOf(page.focusWidget())


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
    again.show()
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
    lenses.show_lens(Lens.STATISTICS)
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
    lenses.show_lens(Lens.FLAME)
    canvas = lenses.flame.canvas
    qtbot.waitUntil(lambda: canvas.flame is not None and len(canvas.flame.members) == 1)
    assert (lenses.trail.is_set, canvas.look.selected) == (False, 0)
    assert canvas.look.selected != NO_BOX


@pytest.mark.parametrize("lens", list(Lens))
def test_in_a_small_window_no_button_is_cut(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, lens: Lens
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    lenses.show_lens(lens)
    page.resize(852, 560)
    buttons = [one for one in lenses.findChildren(QPushButton) if one.isVisible()]
    assert len(buttons) > 1
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in buttons if one.text()))
    finder = page.header.finder
    assert finder.before.x() >= finder.field.geometry().right()
