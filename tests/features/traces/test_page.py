"""The Traces page on a real store: what is shown, what narrows it, and that nothing moves by itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.destinations import OpenPage, OpenTrace, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.time_range import TimeRange
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import Role, find, unnamed_controls
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells, wait_for_cells

SECOND = 10**9


def add(telemetry: StoredTelemetry, number: int, name: str = "work", *, service: str = "shop", error: str = "") -> str:
    """Store a trace that started `number` seconds after a fixed moment of today."""
    start = time.time_ns() // SECOND * SECOND - 3600 * SECOND + number * SECOND
    root = span(name, trace=trace_id(number), id=span_id(number), start_ns=start, error=error or None)
    telemetry.add(trace_request(root, service=service))
    return trace_id(number).hex()


def names(page: TracesPage) -> list[str]:
    return cells(page.table, SortBy.NAME)


def wait_for_names(qtbot: QtBot, page: TracesPage, wanted: list[str]) -> None:
    wait_for_cells(qtbot, page.table, SortBy.NAME, wanted)


@pytest.fixture
def opened(bench: Workbench) -> list[object]:
    """Collects the destinations the page asks for."""
    places: list[object] = []

    def navigate(destination: object) -> bool:
        places.append(destination)
        return True

    bench.connect_shell(navigate, lambda error: pytest.fail(f"reported: {error}"))
    return places


def test_an_empty_store_says_what_to_do_and_leads_there(page: TracesPage, qtbot: QtBot, opened: list[object]) -> None:
    qtbot.waitUntil(page.table.empty_state.isVisible)
    assert page.table.empty_state.sentence.startswith("No traces yet.")
    button = find(page, Role.Button, "Show how to connect")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [OpenPage("connect")]


def test_new_traces_slide_in_while_the_list_is_untouched(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    add(telemetry, 2, "second")
    wait_for_names(qtbot, page, ["second", "first"])


def test_new_traces_wait_behind_a_button_once_a_trace_is_selected(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    first = add(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    page.table.view.selectRow(0)
    add(telemetry, 2, "second")
    qtbot.waitUntil(lambda: page.table.news == 1)
    assert names(page) == ["first"]
    QTest.mouseClick(find(page, Role.Button, "1 new trace"), Qt.MouseButton.LeftButton)
    wait_for_names(qtbot, page, ["second", "first"])
    assert page.table.current_id == first


def test_a_selected_trace_that_grows_is_updated_in_place(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    page.table.view.selectRow(0)
    telemetry.add(trace_request(span("child", trace=trace_id(1), id=span_id(1_001), parent=span_id(1))))
    spans = [column.key for column in page.table.model.columns].index(SortBy.SPANS)
    qtbot.waitUntil(lambda: page.table.model.index(0, spans).data() == "2")


def test_a_trace_that_started_long_ago_is_listed_by_itself_in_a_large_store(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    spans = (span(trace=trace_id(number), id=span_id(number)) for number in range(1, 2_101))
    telemetry.add(trace_request(*spans))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2_100)
    newest = add(telemetry, 3_000, "newest", service="billing")
    telemetry.add(trace_request(span("oldest", trace=trace_id(3_001), start_ns=SECOND)))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2_102)
    ids = page.table.model.listing.ids
    assert ids[2_101] == trace_id(3_001).hex()
    assert ids.find(newest) >= 0
    qtbot.waitUntil(lambda: page.scatter.caption.startswith("2,000 of 2,102 traces"))
    assert page.bar.service.count() == 3


def test_the_selected_trace_stays_selected_in_another_order_however_far_down(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    spans = (span(trace=trace_id(number), id=span_id(number), start_ns=SECOND + number) for number in range(1, 301))
    telemetry.add(trace_request(*spans))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 300)
    page.table.view.selectRow(0)
    with qtbot.assertNotEmitted(page.table.current_changed), qtbot.waitSignal(page.table.listed):
        page.table.sort_requested.emit(SortBy.TRACE_ID, False)
    assert page.table.view.currentIndex().row() == 299
    assert page.table.selected_ids() == [trace_id(300).hex()]


def test_paused_means_nothing_changes_until_live_again(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    page.bar.live.click()
    add(telemetry, 2, "second")
    qtbot.wait(120)  # proves that nothing happens
    assert (names(page), page.table.is_loading) == (["first"], False)
    page.bar.live.click()
    wait_for_names(qtbot, page, ["second", "first"])


def test_filters_are_shown_as_chips_and_leave_by_one_press(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "fine")
    add(telemetry, 2, "broken", error="boom", service="billing")
    wait_for_names(qtbot, page, ["broken", "fine"])
    QTest.mouseClick(page.bar.errors, Qt.MouseButton.LeftButton)
    wait_for_names(qtbot, page, ["broken"])
    QTest.mouseClick(find(page, Role.Button, "Remove the filter: errors only"), Qt.MouseButton.LeftButton)
    wait_for_names(qtbot, page, ["broken", "fine"])
    assert not page.chips.isVisible()
    assert not page.bar.errors.isChecked()


def test_the_service_box_counts_and_filters(telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot) -> None:
    add(telemetry, 1, "fine")
    add(telemetry, 2, "bill", service="billing")
    qtbot.waitUntil(lambda: page.bar.service.count() == 3)
    page.bar.service.setFocus()
    QTest.keyClick(page.bar.service, Qt.Key.Key_Down)
    wait_for_names(qtbot, page, ["bill"])
    assert page.shown_filter == TraceFilter(service="billing")
    assert page.bar.service.currentText().replace("\u2068", "").replace("\u2069", "") == "billing · 1"


def test_typing_searches_and_an_empty_answer_names_the_filters(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "checkout")
    add(telemetry, 2, "refund", error="card declined")
    wait_for_names(qtbot, page, ["refund", "checkout"])
    QTest.keyClicks(page.bar.search, "DECLINED")
    wait_for_names(qtbot, page, ["refund"])
    QTest.keyClicks(page.bar.search, "!!")
    qtbot.waitUntil(page.table.empty_state.isVisible)
    qtbot.waitUntil(lambda: "DECLINED!!" in page.table.empty_state.sentence)
    QTest.mouseClick(find(page.table, Role.Button, "Clear filters"), Qt.MouseButton.LeftButton)
    wait_for_names(qtbot, page, ["refund", "checkout"])
    assert page.bar.search.text() == ""


def test_enter_in_the_search_leads_to_the_list_and_enter_there_opens(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, opened: list[object]
) -> None:
    wanted = add(telemetry, 1, "checkout")
    wait_for_names(qtbot, page, ["checkout"])
    page.bar.search.setFocus()
    QTest.keyClick(page.bar.search, Qt.Key.Key_Return)
    assert page.table.current_id == wanted
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    assert opened == [OpenTrace(wanted)]


def test_one_click_on_the_arrow_of_a_row_opens_it(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, opened: list[object]
) -> None:
    wanted = add(telemetry, 1, "checkout")
    wait_for_names(qtbot, page, ["checkout"])
    view = page.table.view
    arrow = view.visualRect(page.table.model.index(0, len(page.table.model.columns) - 1))
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, arrow.topLeft() + QPoint(8, 8)
    )
    assert opened == [OpenTrace(wanted)]


def test_a_header_sorts_in_the_store_and_back(telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot) -> None:
    for number, name in enumerate(("b", "c", "a"), 1):
        add(telemetry, number, name)
    wait_for_names(qtbot, page, ["a", "c", "b"])
    page.table.sort_requested.emit(SortBy.NAME, False)
    wait_for_names(qtbot, page, ["a", "b", "c"])
    page.table.sort_requested.emit(SortBy.NAME, True)
    wait_for_names(qtbot, page, ["c", "b", "a"])


def test_a_destination_sets_service_and_text(telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot) -> None:
    add(telemetry, 1, "fine")
    add(telemetry, 2, "bill", service="billing")
    page.show_destination(OpenTraces(service="billing", text="bill"))
    wait_for_names(qtbot, page, ["bill"])
    assert page.bar.search.text() == "bill"


def test_a_drag_over_the_scatter_narrows_time_and_duration(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, opened: list[object]
) -> None:
    for number in range(1, 11):
        add(telemetry, number, f"t{number}")
    qtbot.waitUntil(lambda: page.scatter.isVisible() and page.table.model.rowCount() == 10)
    strip = page.scatter
    points = sorted(page.scatter.points, key=lambda point: point.start_ns)
    third, fifth = (strip.position_of(points[place]).toPoint() for place in (2, 4))
    left, middle = Qt.MouseButton.LeftButton, strip.rect().center().y()
    no = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(strip, left, no, QPoint(third.x() - 5, middle))
    QTest.mouseMove(strip, QPoint(third.x() + 9, middle + 2))
    QTest.mouseMove(strip, QPoint(fifth.x() + 5, middle + 2))
    QTest.mouseRelease(strip, left, no, QPoint(fifth.x() + 5, middle + 2))
    wait_for_names(qtbot, page, ["t5", "t4", "t3"])
    assert page.shown_filter.min_duration_ns is None
    point = page.scatter.points[0]
    QTest.mouseClick(strip, left, no, strip.position_of(point).toPoint())
    assert opened == [OpenTrace(point.row_id)]


def test_columns_order_and_filters_are_kept_but_not_the_text(
    bench: Workbench, page: TracesPage, pages: list[QWidget], tmp_path: Path
) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.show_filter(
        TraceFilter(service="billing", errors_only=True, text="x", time_range=TimeRange(last_ns=900 * SECOND))
    )
    page.table.sort_requested.emit(SortBy.DURATION, True)
    page.table.view.horizontalHeader().resizeSection(1, 321)
    page.save_state(state)
    other = TracesPage(bench)
    pages.append(other)
    other.restore_state(state)
    assert other.shown_filter == TraceFilter(
        service="billing", errors_only=True, time_range=TimeRange(last_ns=900 * SECOND)
    )
    assert other.shown_sort == Sort(SortBy.DURATION, True)
    assert other.table.view.horizontalHeader().sectionSize(1) == 321


@pytest.mark.parametrize("junk", ["", "null", "[1]", '{"service": 7, "time_range": "x"}', "\x00", '["nothing", 1]'])
def test_odd_state_is_ignored(page: TracesPage, tmp_path: Path, junk: str) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    for key in ("filter", "sort", "columns"):
        state.setValue(key, junk)
    page.restore_state(state)
    assert (page.shown_filter, page.shown_sort) == (TraceFilter(), Sort())


def test_hostile_names_and_services_are_shown_as_text(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    hostile = "<b>bold</b>\n\x00\u202e🎉" + "x" * 100_000
    telemetry.add(trace_request(span(hostile, trace=trace_id(1)), service=hostile))
    qtbot.waitUntil(lambda: names(page) != [] and names(page)[0] != "")
    assert names(page)[0].startswith("<b>bold</b>⏎␀🎉xxx")
    assert len(names(page)[0]) < 500
    page.show_filter(TraceFilter(service=hostile, text=hostile[:2000]))
    qtbot.waitUntil(lambda: not page.table.is_loading)
    page.grab()


def test_every_control_has_a_name(telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot) -> None:
    add(telemetry, 1, "fine", error="boom")
    page.show_filter(TraceFilter(errors_only=True, service="shop"))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1)
    assert unnamed_controls(page) == []


def test_every_command_has_its_own_key(page: TracesPage) -> None:
    keys = [command.shortcut for command in page.commands()]
    assert len(set(keys)) == len(keys)


def test_a_trace_without_a_start_time_says_so(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, opened: list[object]
) -> None:
    telemetry.add(trace_request(span("untimed", trace=trace_id(7), start_ns=0, duration_ns=time.time_ns())))
    wait_for_names(qtbot, page, ["untimed"])
    row = page.table.model.known_row(trace_id(7).hex())
    assert row is not None
    texts = {column.key: column.text(row) for column in page.table.model.columns}
    assert (texts[SortBy.STARTED], texts[SortBy.DURATION]) == ("no start time", "unknown")
    assert opened == []


def test_space_shows_the_current_trace_whole_and_follows_it(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, opened: list[object]
) -> None:
    first, second = add(telemetry, 1, "first"), add(telemetry, 2, "second")
    wait_for_names(qtbot, page, ["second", "first"])
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    assert {fact.label: fact.value for fact in page.peek.facts}["Trace"] == second
    QTest.keyClick(page.table.view, Qt.Key.Key_Down)
    assert {fact.label: fact.value for fact in page.peek.facts}["Trace"] == first
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    assert page.peek.isHidden()
    assert opened == []
