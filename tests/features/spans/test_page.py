"""The Spans page on a real store: what is shown, what narrows it, and how usual one span is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.spans.filters import Sort, SortBy, SpanFilter
from junjo_desktop.features.spans.page import SpansPage
from junjo_desktop.features.spans.strips import DISTRIBUTION
from junjo_desktop.shell.destinations import OpenLogs, OpenPage, OpenSpans, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.paged_model import PAGE_ROWS
from junjo_desktop.widgets.time_range import TimeRange
from tests.features.spans.looking import MS, SECOND, add, wait_for_names
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import Role, find, press, unnamed_controls
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells

NO = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def opens(number: int) -> OpenTrace:
    return OpenTrace(trace_id(number).hex(), span_id(number).hex())


def test_an_empty_store_says_what_to_do_and_leads_there(page: SpansPage, qtbot: QtBot, places: list[object]) -> None:
    qtbot.waitUntil(page.table.empty_state.isVisible)
    assert page.table.empty_state.sentence.startswith("No spans yet.")
    assert page.strips.isHidden()
    press(page, "Show how to connect")
    assert places == [OpenPage("connect")]


def test_every_span_of_every_trace_is_listed_and_new_ones_slide_in(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    child = span("child", trace=trace_id(1), id=span_id(9), parent=span_id(1), start_ns=10 * SECOND)
    add(telemetry, 1, "parent")
    telemetry.add(trace_request(child))
    wait_for_names(qtbot, page, ["parent", "child"])
    add(telemetry, 2, "chat", attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"})
    wait_for_names(qtbot, page, ["chat", "parent", "child"])
    assert cells(page.table, SortBy.TYPE) == ["LLM", "span", "span"]
    assert cells(page.table, SortBy.MODEL)[0] == "gpt-5"


def test_a_row_opens_its_trace_at_the_span(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot, places: list[object]
) -> None:
    add(telemetry, 1, "first")
    add(telemetry, 2, "second")
    wait_for_names(qtbot, page, ["second", "first"])
    page.table.view.selectRow(1)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    page.open_row("0")
    page.table.model.show_listing(page.make_source(top_first=True), page.table.model.listing)
    page.table.view.selectRow(0)
    page.span_actions.open_trace()
    assert places[:2] == [opens(1), opens(1)]


def test_a_span_of_the_scatter_that_is_not_at_hand_is_looked_up(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot, places: list[object]
) -> None:
    telemetry.add(trace_request(*(span(trace=trace_id(n), id=span_id(n), start_ns=SECOND + n) for n in range(1, 300))))
    qtbot.waitUntil(lambda: len(page.scatter.points) == 299)
    page.scatter.row_chosen.emit("0")
    qtbot.waitUntil(lambda: places == [opens(1)])


def test_space_shows_everything_that_the_span_holds_and_follows(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot, places: list[object]
) -> None:
    add(telemetry, 1, "first", attributes={"order": 17})
    add(telemetry, 2, "second", error="boom")
    wait_for_names(qtbot, page, ["second", "first"])
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    inspector = page.peek.inspector
    qtbot.waitUntil(lambda: inspector.detail is not None and inspector.detail.span.name == "second")
    assert inspector.status.text() == "boom"
    QTest.keyClick(page.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: inspector.detail is not None and inspector.detail.attributes == {"order": 17})
    page.peek.open.click()
    assert places == [opens(1)]
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    assert page.peek.isHidden()


def test_filters_are_shown_as_chips_and_leave_by_one_press(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "fine")
    add(telemetry, 2, "broken", error="boom", service="billing")
    wait_for_names(qtbot, page, ["broken", "fine"])
    press(page, "Only failed spans", Role.CheckBox)
    wait_for_names(qtbot, page, ["broken"])
    press(page, "Remove the filter: failed only")
    wait_for_names(qtbot, page, ["broken", "fine"])
    page.bar.menu.aboutToShow.emit()
    types, outcomes = (menu for action in page.bar.menu.actions() if isinstance(menu := action.menu(), QMenu))
    assert [action.text() for action in types.actions()][2:] == ["\u2068span\u2069 · 2"]
    outcomes.actions()[2].trigger()
    wait_for_names(qtbot, page, ["fine"])


def test_a_query_narrows_the_list_and_a_wrong_one_is_told(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "short", duration_ms=5)
    add(telemetry, 2, "long", duration_ms=5_000)
    wait_for_names(qtbot, page, ["long", "short"])
    page.bar.search.setFocus()
    QTest.keyClicks(page.bar.search, "duration > 2s")
    wait_for_names(qtbot, page, ["long"])
    QTest.keyClicks(page.bar.search, " AND (")
    qtbot.waitUntil(page.query.mistakes.isVisible)
    assert cells(page.table, SortBy.NAME) == ["long"]


def test_a_header_sorts_in_the_store_and_back(telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot) -> None:
    for number, name in enumerate(("b", "c", "a"), 1):
        add(telemetry, number, name)
    wait_for_names(qtbot, page, ["a", "c", "b"])
    page.table.sort_requested.emit(SortBy.NAME, True)
    wait_for_names(qtbot, page, ["c", "b", "a"])
    page.table.sort_requested.emit(SortBy.NAME, False)
    wait_for_names(qtbot, page, ["a", "b", "c"])


def test_how_usual_a_span_is_is_told_in_words_and_its_range_can_be_listed(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    for number in range(1, 21):
        add(telemetry, number, "embed", duration_ms=number * 10, error="boom" if number == 20 else None)
    add(telemetry, 30, "other")
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 21)
    page.table.view.selectRow(4)
    page.span_actions.show_usual()
    assert page.shown_filter == SpanFilter(service="shop", name="embed", span_type="span")
    strip, found = page.strips.histogram, page.distribution
    qtbot.waitUntil(lambda: found.found.total == 20 and found.rank is not None)
    assert strip.isVisible()
    assert strip.caption.startswith("This span, 170 ms: slower than 84 % of 20 · 20 spans of ")
    assert "1 failed" in strip.caption
    assert strip.marked == ("this span", 170 * MS)
    plot = strip.plot()
    QTest.mousePress(strip, LEFT, NO, QPoint(round(plot.right()) - 60, round(plot.bottom()) - 4))
    QTest.mouseMove(strip, QPoint(round(plot.right()) - 30, round(plot.bottom()) - 4))
    QTest.mouseMove(strip, QPoint(round(plot.right()) - 1, round(plot.bottom()) - 4))
    QTest.mouseRelease(strip, LEFT, NO, QPoint(round(plot.right()) - 1, round(plot.bottom()) - 4))
    qtbot.waitUntil(lambda: 0 < page.table.model.rowCount() < 10)
    assert cells(page.table, SortBy.DURATION)[0] == "200 ms"
    assert found.found.total == 20
    strip.grab()


def test_a_destination_narrows_marks_and_shows_the_distribution(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "embed", duration_ms=5)
    add(telemetry, 2, "embed", duration_ms=50)
    add(telemetry, 3, "other")
    wait_for_names(qtbot, page, ["other", "embed", "embed"])
    page.show_destination(OpenSpans(name="embed", service="shop", trace_id=trace_id(2).hex(), span_id=span_id(2).hex()))
    wait_for_names(qtbot, page, ["embed", "embed"])
    qtbot.waitUntil(lambda: page.strips.histogram.caption.startswith("This span, 50 ms: the slowest of 2 · "))
    page.show_destination(OpenSpans(query="name:other"))
    wait_for_names(qtbot, page, ["other"])
    assert page.bar.search.text() == "name:other"
    assert page.strips.histogram.marked is None


def test_the_menu_of_a_row_leads_on_and_ids_are_those_of_the_span(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot, places: list[object]
) -> None:
    add(telemetry, 1, "first")
    wait_for_names(qtbot, page, ["first"])
    page.table.view.selectRow(0)
    entries = {action.text().partition("\t")[0]: action for action in page.table.menu.build().actions()}
    entries["Logs of this span"].trigger()
    assert places == [OpenLogs(trace_id=trace_id(1).hex(), span_id=span_id(1).hex())]
    page.table.menu.copy_ids()
    assert QGuiApplication.clipboard().text() == span_id(1).hex()


def test_a_list_of_a_file_that_was_rewritten_is_read_again_by_itself(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    many = [
        span("work", trace=trace_id(1), id=span_id(number), start_ns=SECOND) for number in range(1, 3 * PAGE_ROWS + 1)
    ]
    telemetry.add(trace_request(*many))
    page.show()
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 3 * PAGE_ROWS)
    with telemetry.store.write() as writer:
        # As after a rewriting: the numbers are there, with other spans.
        writer.execute("UPDATE spans SET span_id = md5(span_id)[:16]")
    page.live.set_live(False)
    page.table.view.scrollToBottom()
    page.grab()
    last = page.table.model.id_at(3 * PAGE_ROWS - 1)
    qtbot.waitUntil(lambda: page.table.model.known_row(last) is not None)


def test_what_was_chosen_is_there_again_after_a_restart_but_not_the_text(
    bench: Workbench, page: SpansPage, pages: list[QWidget], tmp_path: Path
) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    kept = SpanFilter(service="s", name="n", span_type="llm", failed=False, time_range=TimeRange(last_ns=SECOND))
    page.show_filter(
        SpanFilter(
            **{
                **{part: getattr(kept, part) for part in ("service", "name", "span_type", "failed", "time_range")},
                "text": "x",
            }
        )
    )
    page.table.sort_requested.emit(SortBy.MODEL, True)
    page.strips.toggle()
    page.save_state(state)
    other = SpansPage(bench)
    pages.append(other)
    other.restore_state(state)
    assert (other.shown_filter, other.shown_sort, other.strips.mode) == (kept, Sort(SortBy.MODEL, True), DISTRIBUTION)


@pytest.mark.parametrize("junk", ['{"failed": 7, "time_range": "x"}', "\x00", '["nothing", 1]'])
def test_odd_state_is_ignored(page: SpansPage, tmp_path: Path, junk: str) -> None:
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    for key in ("filter", "sort", "columns", "strip", "split", "place"):
        state.setValue(key, junk)
    page.restore_state(state)
    assert (page.shown_filter, page.shown_sort) == (SpanFilter(), Sort())


def test_hostile_text_is_shown_as_text(telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot) -> None:
    hostile = "<b>bold</b>\n\x00\u202e🎉" + "x" * 100_000
    add(telemetry, 1, hostile, service=hostile, error=hostile)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1 and cells(page.table, SortBy.NAME) != [""])
    assert cells(page.table, SortBy.NAME)[0].startswith("<b>bold</b>⏎␀🎉xxx")
    page.table.view.selectRow(0)
    page.span_actions.show_usual()
    qtbot.waitUntil(lambda: page.distribution.found.total == 1 and page.distribution.rank is not None)
    page.grab()
    assert len(page.strips.histogram.caption) < 500


def test_a_span_without_times_says_so(telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot) -> None:
    telemetry.add(trace_request(span("untimed", trace=trace_id(7), start_ns=0, duration_ns=SECOND)))
    wait_for_names(qtbot, page, ["untimed"])
    assert (cells(page.table, SortBy.STARTED), cells(page.table, SortBy.DURATION)) == (["no start time"], ["unknown"])
    page.strips.toggle()
    qtbot.waitUntil(lambda: "1 without a duration" in page.strips.histogram.caption)


def test_every_control_has_a_name_and_every_command_its_own_key(
    telemetry: StoredTelemetry, page: SpansPage, qtbot: QtBot
) -> None:
    add(telemetry, 1, "fine", error="boom")
    page.show_filter(SpanFilter(failed=True, service="shop"))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 1)
    page.strips.toggle()
    page.table.view.selectRow(0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.peek.inspector.detail is not None)
    assert unnamed_controls(page) == []
    assert find(page, Role.CheckBox, "Durations: Distribution").isVisible()
    keys = [command.shortcut for command in page.commands() if command.shortcut]
    assert len(set(keys)) == len(keys)
