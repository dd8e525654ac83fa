"""An area of time, marks on bars, counts that say what they mean, clocks and giving up: on the page, by hand."""

from __future__ import annotations

import threading

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.errors import QueryCancelledError
from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.loading import LoadTrace
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.features.trace.tree import SpanTree, arranged_tree
from junjo_desktop.shell.destinations import OpenPage, OpenTrace
from junjo_desktop.theme.tokens import ROW_PX
from tests.features.trace.lens_hands import run
from tests.features.trace.sample_trace import MODEL, MS, ROOT, START, TOOL, TRACE, add_sample, part, root
from tests.support.otlp import log, logs_request, span_id, trace_request
from tests.support.qt import Role, press
from tests.support.stored import StoredTelemetry


def show(page: TracePage, qtbot: QtBot, trace: str) -> TracePage:
    page.show_destination(OpenTrace(trace))
    waterfall = page.view.waterfall
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None and waterfall.rows_painter.analysis is not None)
    return page


def at(page: TracePage, moment_ns: int, row: int) -> QPoint:
    waterfall, window = page.view.waterfall, page.view.zoom.window
    return QPoint(round(waterfall.lane().x(window, moment_ns)), row * ROW_PX + ROW_PX // 2)


def choose(page: TracePage, first_ms: int, last_ms: int) -> None:
    viewport = page.view.waterfall.viewport()
    first, last = (at(page, START + moment * MS, 2) for moment in (first_ms, last_ms))
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, first)
    QTest.mouseMove(viewport, (first + last) / 2)
    QTest.mouseMove(viewport, last)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, last)


def test_dragging_with_shift_tells_what_is_inside_and_keys_zoom_and_leave(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    view = show(page, qtbot, add_sample(telemetry)).view
    choose(page, 450, 750)
    qtbot.waitUntil(lambda: "failure" in view.area_strip.words.text())
    assert view.area_strip.isVisible()
    assert view.area_strip.words.text().startswith("2 spans · 1 of them wholly inside · ")
    assert "1 failure" in view.area_strip.words.text()
    QTest.keyClick(view.waterfall, Qt.Key.Key_Return)
    assert abs(view.zoom.window.start_ns - (START + 450 * MS)) < 10 * MS
    QTest.keyClick(view.waterfall, Qt.Key.Key_Escape)
    assert not view.area_strip.isVisible()
    assert view.waterfall.selected_span == ROOT.hex()
    run(page, "trace.area")
    qtbot.waitUntil(lambda: view.area_strip.words.text().startswith("4 spans"))
    assert view.area_strip.heading.text() == "1.00 s"


def test_a_click_on_a_mark_leads_to_its_event_and_to_its_log_record(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    trace = add_sample(telemetry)
    record = log("it is refused", trace=TRACE, span=TOOL, time_ns=START + 550 * MS, severity_text="ERROR")
    said = logs_request()
    said.resource_logs[0].scope_logs[0].log_records.append(record)
    telemetry.add(said)
    view = show(page, qtbot, trace).view
    inspector, waterfall = view.inspector, view.waterfall
    qtbot.waitUntil(lambda: {MODEL.hex(), TOOL.hex()} <= set(waterfall.rows_painter.marks))
    rows = {
        waterfall.layout_shown.tree.spans[node].span_id: row for row, node in enumerate(waterfall.layout_shown.nodes)
    }
    event, record_at = at(page, START + 150 * MS, rows[MODEL.hex()]), at(page, START + 550 * MS, rows[TOOL.hex()])
    assert "first_token" in waterfall.tip_at(event)
    assert "error: it is refused" in waterfall.tip_at(record_at)
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(waterfall.viewport(), Qt.MouseButton.LeftButton, none, event)
    qtbot.waitUntil(lambda: inspector.tabs.currentWidget() is inspector.events)
    QTest.mouseClick(waterfall.viewport(), Qt.MouseButton.LeftButton, none, record_at)
    qtbot.waitUntil(lambda: inspector.tabs.currentWidget() is inspector.logs)


def test_spans_that_came_again_or_late_are_counts_that_say_what_they_mean(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    telemetry.add(trace_request(root()), received_ns=START)
    telemetry.add(trace_request(root(), part("on time", MODEL, ROOT, 0, 5)), received_ns=START + 10**9)
    telemetry.add(trace_request(part("too late", TOOL, ROOT, 0, 5)), received_ns=START + 100 * 10**9)
    show(page, qtbot, TRACE.hex())
    assert page.header.tag_words == ["1 late", "1 replaced"]
    press(page, "1 late")
    assert page.view.waterfall.selected_span == TOOL.hex()
    press(page, "1 replaced")
    assert "received again" in page.view.inspector.empty.sentence


def test_clocks_are_corrected_by_a_switch_and_the_inspector_says_by_how_much(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    far = part("far", MODEL, ROOT, 5000, 100)
    telemetry.add(trace_request(root()))
    telemetry.add(trace_request(far, service="stock"))
    view = show(page, qtbot, TRACE.hex()).view
    assert page.header.tag_words == ["1 outside its parent"]
    view.waterfall.select_span(MODEL.hex())
    press(page, "Correct clocks", Role.CheckBox)
    qtbot.waitUntil(lambda: len(view.shifts) == 1)
    assert view.tree.end_ns == START + 1000 * MS
    view.waterfall.select_span(ROOT.hex())
    view.waterfall.select_span(MODEL.hex())
    qtbot.waitUntil(lambda: "4.55 s earlier" in view.inspector.remark.text())
    run(page, "trace.skew")
    assert not view.view_menu.skew.isChecked()
    assert (len(view.shifts), view.tree.end_ns) == (0, START + 5100 * MS)


def test_colours_and_depths_are_commands_and_in_the_menu(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    view = show(page, qtbot, add_sample(telemetry)).view
    run(page, "trace.colors")
    assert view.waterfall.color_by is ColorBy.SERVICE
    run(page, "trace.depth_1")
    assert view.waterfall.outline.is_open(0)
    words = [action.text().partition("\t")[0] for action in view.view_menu.fill().actions()]
    assert {"Collapse to depth 1", "Folded types", "Colour bars by", "Correct clock skew"} <= set(words)


def test_opening_can_be_given_up(telemetry: StoredTelemetry, page: TracePage, places: list[object]) -> None:
    trace = add_sample(telemetry)
    page.show_destination(OpenTrace(trace))
    page.opening.told.emit("Reading 500,000 spans …")
    assert page.absent.sentence == "Reading 500,000 spans …"
    run(page, "trace.cancel")
    assert (page.follower.shown, page.opening.is_open, places) == (None, False, [OpenPage("traces")])


def test_a_read_that_is_given_up_ends_at_its_next_step(telemetry: StoredTelemetry) -> None:
    told, given_up = [], threading.Event()

    def tell(words: str) -> None:
        told.append(words)
        if len(told) == 2:
            given_up.set()
            raise QueryCancelledError

    trace = add_sample(telemetry)
    try:
        telemetry.read(LoadTrace(trace, tell))
    except QueryCancelledError:
        assert told == ["Reading 4 spans …", "Arranging 4 spans …"]
    assert given_up.is_set()


def test_what_is_read_as_columns_is_the_tree_of_its_rows(telemetry: StoredTelemetry) -> None:
    add_sample(telemetry)
    high = part("high", b"\xff" * 8, ROOT, 1, 2)
    higher = part("higher", span_id(2**63), high.span_id, 1, 2)
    telemetry.add(trace_request(high, higher))
    tree: SpanTree = telemetry.read(LoadTrace(TRACE.hex())).tree
    for position, row in enumerate(tree.spans):
        assert tree.position_of(row.span_id) == position
        above = tree.parents[position]
        assert (tree.spans[above].span_id if above >= 0 else None) == (row.parent_span_id if above >= 0 else None)
    again = arranged_tree(tree.columns, tree.parents[:], range(len(tree)))
    assert [tree.spans[position].name for position in again.order] == [
        "handle_message",
        "high",
        "higher",
        "chat gpt-4o",
        "CheckPolicy",
        "late child",
    ]
