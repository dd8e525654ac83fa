"""The table of figures: services and operations, folded and unfolded, and where their figures lead."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.services.distribution import bar_heights
from junjo_desktop.features.services.filters import ServicesFilter, spans_query
from junjo_desktop.features.services.page import ServicesPage
from junjo_desktop.features.services.wait_notice import shorter_than
from junjo_desktop.features.services.words import change_text, rate_text, share_text
from junjo_desktop.shell.destinations import AddToQuery, OpenPage, OpenServices, OpenSpans, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.lookup import find
from junjo_desktop.widgets.time_range import ANY_TIME, MINUTE_NS, PRESETS, TimeRange
from tests.support.qt import Role, press, unnamed_controls
from tests.support.qt import find as find_control
from tests.support.service_worlds import MINUTE, MS, SECOND, World, order
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells, wait_for_cells

SERVICES = ["checkout", "web-front", "inventory", "mailer"]


def fill(telemetry: StoredTelemetry, orders: int = 20, failing: int = 2) -> None:
    world = World()
    now = time.time_ns()
    for number in range(orders):
        order(world, now - 5 * MINUTE + number * SECOND, fails=number < failing)
    world.store(telemetry)


def cell(page: ServicesPage, name: str, key: str) -> QModelIndex:
    table = page.figures.table
    column = [column.key for column in table.model.columns].index(key)
    return table.model.index(cells(table, "name").index(name), column)


def click(page: ServicesPage, index: QModelIndex) -> None:
    view = page.figures.table.view
    view.scrollTo(index)
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        view.visualRect(index).center(),
    )


def test_each_service_has_a_line_with_its_figures(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    assert cells(table, "spans") == ["100", "40", "20", "20"]
    assert cells(table, "errors") == ["2", "2", "0", "0"]
    assert cells(table, "error_rate") == ["10 %", "10 %", "0 %", "0 %"]
    assert all(" ms" in text for key in ("p50", "p95", "p99") for text in cells(table, key))
    assert cells(table, "rate")[0] == "0.01"
    assert cells(table, "distribution")[0].startswith("20 spans, ")
    assert unnamed_controls(page) == []


def test_a_service_unfolds_in_place_by_mouse_and_by_keys(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    click(page, cell(page, "web-front", "name"))
    wait_for_cells(qtbot, table, "name", ["checkout", "web-front", "POST", "POST /orders", "inventory", "mailer"])
    assert cells(table, "type")[2:4] == ["span", "span"]
    table.select_id(table.model.id_at(3))
    QTest.keyClick(table.view, Qt.Key.Key_Left)
    assert table.current_id == table.model.id_at(1)
    QTest.keyClick(table.view, Qt.Key.Key_Left)
    wait_for_cells(qtbot, table, "name", SERVICES)
    QTest.keyClick(table.view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: table.model.rowCount() == 6)
    assert table.current_id == table.model.id_at(1)


def test_few_services_are_unfolded_at_first_and_stay_as_they_are_left(
    telemetry: StoredTelemetry, bench: Workbench, pages: list[QWidget], page: ServicesPage, qtbot: QtBot
) -> None:
    world = World()
    world.add("shop", "work", time.time_ns(), MS)
    world.store(telemetry)
    page.show()
    wait_for_cells(qtbot, page.figures.table, "name", ["shop", "work"])
    page.figures.fold_all()
    wait_for_cells(qtbot, page.figures.table, "name", ["shop"])
    state = QSettings(str(telemetry.data_dir.root / "window.ini"), QSettings.Format.IniFormat)
    page.show_view("map")
    page.save_state(state)
    again = ServicesPage(bench)
    pages.append(again)
    again.restore_state(state)
    assert again.view == "map"
    again.show_view("figures")
    again.show()
    wait_for_cells(qtbot, again.figures.table, "name", ["shop"])


def test_headers_sort_services_and_their_operations(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    page.figures.toggle("checkout")
    qtbot.waitUntil(lambda: table.model.rowCount() == 9)
    table.sort_requested.emit("name", False)
    names = ["GET /stock", "SELECT orders", "chat gpt-4o-mini", "create_order", "orders send"]
    wait_for_cells(
        qtbot, table, "name", ["checkout", *sorted(names, key=str.lower), "inventory", "mailer", "web-front"]
    )
    table.sort_requested.emit("tokens", True)
    qtbot.waitUntil(lambda: cells(table, "name")[1] == "chat gpt-4o-mini")


def test_a_text_keeps_services_that_are_called_so_or_have_an_operation_that_is(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    page.show_filter(ServicesFilter(text="STOCK get"))
    wait_for_cells(qtbot, table, "name", ["checkout", "inventory"])
    page.figures.unfold_all()
    wait_for_cells(qtbot, table, "name", ["checkout", "GET /stock", "inventory", "GET /stock"])
    page.show_filter(ServicesFilter(text="nobody"))
    qtbot.waitUntil(table.empty_state.isVisible)
    press(table, "Clear the filter")
    qtbot.waitUntil(lambda: len(cells(table, "name")) == 4 + 9)


def test_rows_lead_to_their_traces_and_errors_to_the_failed_ones(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot, places: list[object]
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    page.figures.toggle("checkout")
    qtbot.waitUntil(lambda: table.model.rowCount() == 9)
    click(page, cell(page, "SELECT orders", "errors"))
    table.select_id(table.model.id_at(cells(table, "name").index("SELECT orders")))
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    click(page, cell(page, "inventory", "errors"))
    click(page, cell(page, "inventory", "open"))
    queries = [place.text for place in places if isinstance(place, OpenTraces)]
    assert len(queries) == len(places) == 3
    assert queries[0] == '{service = checkout name = "SELECT orders" type = database error = true time >= 24h ago}'
    assert [len(telemetry.read(partial(find, query=query))) for query in queries] == [2, 20, 20]


def test_figures_follow_what_is_stored_and_keep_selection_and_folds(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    page.figures.toggle("web-front")
    qtbot.waitUntil(lambda: table.model.rowCount() == 6)
    table.select_id(table.model.id_at(3))
    fill(telemetry, 5, 0)
    qtbot.waitUntil(lambda: cells(table, "spans")[3] == "25")
    assert (table.current_id, table.model.rowCount()) == (table.model.id_at(3), 6)
    page.bar.live.click()
    fill(telemetry, 5, 0)
    page.bar.live.click()
    qtbot.waitUntil(lambda: cells(table, "spans")[3] == "30")


def test_a_time_without_spans_says_so_and_leads_to_all_time(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    world = World()
    world.add("shop", "work", time.time_ns() - 3 * 24 * 60 * MINUTE, MS)
    world.store(telemetry)
    page.show()
    qtbot.waitUntil(page.figures.table.empty_state.isVisible)
    assert page.figures.table.empty_state.sentence.startswith("No span began in the last 24 hours; the newest")
    press(page.figures.table, "Show all time")
    wait_for_cells(qtbot, page.figures.table, "name", ["shop", "work"])
    assert page.shown_filter.time_range == ANY_TIME


def test_an_empty_store_leads_to_how_to_connect(page: ServicesPage, qtbot: QtBot, places: list[object]) -> None:
    page.show()
    qtbot.waitUntil(page.figures.table.empty_state.isVisible)
    press(page.figures.table, "Show how to connect")
    assert places == [OpenPage("connect")]


def test_a_destination_narrows_to_a_service_and_chooses_a_view(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show_destination(OpenServices("mailer"))
    page.show()
    wait_for_cells(qtbot, page.figures.table, "name", ["mailer", "orders process"])
    page.show_destination(OpenServices(view="restarts"))
    assert page.view == "restarts"
    wait_for_cells(qtbot, page.restarts.table, "service", ["mailer"])


def test_space_shows_every_figure_of_a_row(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    table.select_id(table.model.id_at(0))
    QTest.keyClick(table.view, Qt.Key.Key_Space)
    facts = {fact.label: fact.value for fact in page.figures.peek.facts}
    assert (facts["Service"], facts["Requests"], facts["Spans"], facts["Failed"]) == (
        "checkout",
        "20",
        "100",
        "2 · 10 %",
    )


def test_custom_times_are_asked_for_to_the_microsecond() -> None:
    odd = TimeRange(since_ns=1_790_000_000_000_000_500, until_ns=1_790_000_000_000_001_500)
    assert spans_query(odd, 'a "b" \\') == (
        '{service = "a \\"b\\" \\\\" time >= "2026-09-21T14:13:20+00:00" time <= "2026-09-21T14:13:20.000002+00:00"}'
    )
    assert spans_query(TimeRange(last_ns=15 * MINUTE_NS), "s").endswith("time >= 15m ago}")
    assert spans_query(ANY_TIME, "s") == "{service = s}"


def test_rates_shares_and_changes_claim_no_more_than_they_know() -> None:
    assert [rate_text(rate) for rate in (0, 0.001, 0.5, 12.34, 1234.5)] == ["0", "< 0.01", "0.50", "12.3", "1,234"]
    assert [share_text(share, 1) for share in (0.0001, 0.042, 0.5, 0.9999, 1)] == [
        "< 0.1 %",
        "4.2 %",
        "50 %",
        "> 99 %",
        "100 %",
    ]
    assert share_text(0, 0) == "0 %"
    assert [change_text(change) for change in (0.001, 0.12, -0.5, 2.4)] == ["±0 %", "+12 %", "−50 %", "×3.4"]
    assert bar_heights({3: 100, 4: 1}) == {3: 1.0, 4: 0.1}


def test_a_long_count_says_so_and_offers_a_shorter_time(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    page.show()
    panel = page.figures
    wait_for_cells(qtbot, panel.table, "name", SERVICES)
    assert panel.wait.isHidden()
    panel.wait.begin(page.shown_filter)
    panel.wait.patience.timeout.emit()
    assert panel.wait.text == "Counting all spans: last 24 hours …"
    qtbot.waitUntil(lambda: bool(find_control(panel, Role.Button, "Only last hour")))
    press(panel, "Only last hour")
    qtbot.waitUntil(panel.wait.isHidden)
    assert page.shown_filter.time_range == PRESETS["Last hour"]
    assert shorter_than(ANY_TIME) == PRESETS["Last 7 days"]
    assert shorter_than(PRESETS["Last 15 minutes"]) is None
    assert shorter_than(TimeRange(since_ns=1, until_ns=2)) is None


def test_a_row_leads_to_its_spans(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot, places: list[object]
) -> None:
    fill(telemetry)
    page.show()
    table = page.figures.table
    wait_for_cells(qtbot, table, "name", SERVICES)
    page.figures.toggle("mailer")
    qtbot.waitUntil(lambda: table.model.rowCount() == 5)
    for row in (3, 4):
        table.select_id(table.model.id_at(row))
        actions = {action.text(): action for action in table.menu.build().actions()}
        actions["Show spans"].trigger()
    finds = next(action.menu() for action in table.menu.build().actions() if action.text() == "Find traces")
    assert isinstance(finds, QMenu)
    finds.actions()[0].trigger()
    assert places == [
        OpenSpans(service="mailer"),
        OpenSpans("", "mailer", "orders process", "span"),
        AddToQuery("traces", 'name = "orders process"'),
    ]
