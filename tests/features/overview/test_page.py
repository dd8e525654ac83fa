"""The Overview on a real store: what it shows, where it leads, what it says when there is nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.overview import FEATURE
from junjo_desktop.features.overview.filters import OverviewFilter
from junjo_desktop.features.overview.page import OverviewPage
from junjo_desktop.shell.destinations import OpenCalls, OpenPage, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.qt import press, shown, unnamed_controls
from tests.support.stored import StoredTelemetry

SECOND = 10**9
HOSTILE = "<b>\u202eevil & co\n" + "x" * 300


def add_calls(telemetry: StoredTelemetry, *numbers: int, model: str = "gpt-4o-mini") -> None:
    """Store calls of the last minutes, and read them."""
    now_ns = time.time_ns()
    for number in numbers:
        attributes: dict[str, Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        }
        call = span(
            "chat",
            trace=trace_id(number),
            id=span_id(number),
            start_ns=now_ns - number * 60 * SECOND,
            duration_ns=number * SECOND,
            attributes=attributes,
            error="no" if number % 3 == 0 else None,
        )
        telemetry.add(trace_request(call))
    CallIndexing(telemetry.store, lambda: None).catch_up(30)


@pytest.fixture
def page(bench: Workbench, pages: list[QWidget]) -> OverviewPage:
    """The page, shown."""
    return shown(OverviewPage(bench), pages, height=800)


def wait_for(qtbot: QtBot, page: OverviewPage, calls: int) -> None:
    qtbot.waitUntil(lambda: page.board.shown.sums.calls == calls, timeout=10_000)


def test_without_calls_it_says_what_to_do(page: OverviewPage, qtbot: QtBot, places: list[object]) -> None:
    qtbot.waitUntil(lambda: "No calls of models yet" in page.empty.sentence)
    press(page.empty, "Show how to connect")
    assert places == [OpenPage("connect")]


def test_figures_and_charts_are_of_the_calls_that_there_are(
    telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot
) -> None:
    add_calls(telemetry, 1, 2, 3)
    add_calls(telemetry, 4, model=HOSTILE)
    telemetry.add()
    wait_for(qtbot, page, 4)
    bars = page.board.charts["calls"].shown
    assert bars is not None
    assert sum(sum(value or 0 for value in each.values) for each in bars.series) == 4
    cost = page.board.charts["cost"].shown
    assert cost is not None
    assert [each.label for each in cost.series] == ["gpt-4o-mini"]
    qtbot.waitUntil(lambda: page.board.rankings["model"].model.rowCount() == 2)
    assert unnamed_controls(page) == []
    page.grab()


def test_a_bar_leads_to_the_calls_of_its_time_and_a_row_to_those_that_share_its_value(
    telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot, places: list[object]
) -> None:
    add_calls(telemetry, 1, 2)
    telemetry.add()
    wait_for(qtbot, page, 2)
    chart = page.board.charts["calls"]
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    [asked] = places
    assert isinstance(asked, OpenCalls)
    assert asked.since_ns is not None
    assert asked.until_ns is not None
    table = page.board.rankings["model"]
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)
    table.row_activated.emit("gpt-4o-mini")
    assert [place.model for place in places if isinstance(place, OpenCalls)] == [None, "gpt-4o-mini"]
    slowest = page.board.slowest
    qtbot.waitUntil(lambda: slowest.model.rowCount() == 2)
    slowest.row_activated.emit(slowest.model.id_at(0))
    assert places[2:] == [OpenTrace(trace_id(2).hex(), span_id(2).hex())]


def test_it_follows_what_is_stored_unless_it_is_paused(
    telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot
) -> None:
    add_calls(telemetry, 1)
    telemetry.add()
    wait_for(qtbot, page, 1)
    page.bar.live.click()
    add_calls(telemetry, 2)
    telemetry.add()
    qtbot.wait(50)
    assert not page.is_reading
    page.bar.live.click()
    wait_for(qtbot, page, 2)


def test_a_time_without_calls_offers_all_time(telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot) -> None:
    add_calls(telemetry, 30)
    telemetry.add()
    wait_for(qtbot, page, 1)
    page.show_filter(OverviewFilter(time_range=TimeRange(last_ns=60 * SECOND)))
    qtbot.waitUntil(lambda: "No calls of models:" in page.empty.sentence)
    press(page.empty, "Show all time")
    assert page.shown_filter.time_range == ANY_TIME
    qtbot.waitUntil(page.board.isVisible)


def test_time_service_and_group_outlive_the_window(
    telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot, tmp_path: Path
) -> None:
    add_calls(telemetry, 1)
    telemetry.add()
    wait_for(qtbot, page, 1)
    page.board.show_group("node")
    page.show_filter(OverviewFilter(service="shop", time_range=ANY_TIME))
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    page.board.show_group("model")
    page.show_filter(OverviewFilter())
    page.restore_state(state)
    assert page.shown_filter == OverviewFilter(service="shop", time_range=ANY_TIME)
    assert page.board.group.value == "node"


def test_pointing_at_a_bar_says_its_values(telemetry: StoredTelemetry, page: OverviewPage, qtbot: QtBot) -> None:
    add_calls(telemetry, 1)
    telemetry.add()
    wait_for(qtbot, page, 1)
    chart = page.board.charts["latency"]
    place = next(place for place in range(chart.bar_count) if chart.holds_any(place))
    assert "p95: 1.00 s" in chart.words(place)
    assert "p50: 1.00 s" in chart.words(place)
    QTest.mouseMove(chart, QPoint(chart.width() // 2, chart.height() // 2))


def test_it_greets_who_remembers_no_page_once_there_are_calls(telemetry: StoredTelemetry) -> None:
    assert FEATURE.greets is not None
    assert not telemetry.read(FEATURE.greets)
    add_calls(telemetry, 1)
    assert telemetry.read(FEATURE.greets)
