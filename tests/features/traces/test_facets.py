"""The facets of the Traces page: what they count, how they narrow the list, and that they stay where they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.widgets.facet_delegate import ROW_ROLE
from junjo_desktop.widgets.facet_rows import FacetRow, RowKind, share_text
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>\u202eevil & co\n" + "x" * 500


def add(telemetry: StoredTelemetry, number: int, name: str, *, model: str = "", error: bool = False) -> None:
    root = span(name, trace=trace_id(number), id=span_id(number), error="no" if error else None)
    asked = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model, "gen_ai.provider.name": "openai"}
    calls = [
        span("chat", trace=trace_id(number), id=span_id(100 * number + each), parent=root.span_id, attributes=asked)
        for each in range(2 if model else 0)
    ]
    telemetry.add(trace_request(root, *calls, service="billing" if error else "shop"))


def add_some(telemetry: StoredTelemetry) -> None:
    add(telemetry, 1, "order", model="gpt-5")
    add(telemetry, 2, "order", model="gpt-5", error=True)
    add(telemetry, 3, HOSTILE)


def items(page: TracesPage) -> dict[tuple[str, str], QTreeWidgetItem]:
    found = {}
    for item in page.facets.panel.tree.all_items():
        row: FacetRow = item.data(0, ROW_ROLE)
        found[row.field, row.value] = item
    return found


def counts(page: TracesPage) -> dict[tuple[str, str], int | None]:
    return {place: item.data(0, ROW_ROLE).count for place, item in items(page).items() if place[1]}


def show_facets(page: TracesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 3)
    page.facets.toggle()
    qtbot.waitUntil(lambda: bool(counts(page)))


def click(page: TracesPage, field: str, value: str) -> None:
    tree = page.facets.panel.tree
    place = tree.visualItemRect(items(page)[field, value]).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_traces_are_counted_once_for_each_value_that_a_span_of_them_has(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add_some(telemetry)
    show_facets(page, qtbot)
    assert counts(page) == {
        ("service", "shop"): 2,
        ("service", "billing"): 1,
        ("name", "order"): 2,
        ("name", HOSTILE): 1,
        ("error", "true"): 1,
        ("model", "gpt-5"): 2,
        ("provider", "openai"): 2,
    }
    assert page.facets.panel.summary.text() == "3 traces"
    page.grab()


def test_a_click_narrows_and_another_one_lets_all_through_again(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add_some(telemetry)
    show_facets(page, qtbot)
    click(page, "model", "gpt-5")
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2)
    assert page.shown_filter.text == "model = gpt-5"
    qtbot.waitUntil(lambda: ("name", HOSTILE) not in counts(page))
    assert items(page)["model", "gpt-5"].data(0, ROW_ROLE).kind is RowKind.CHOSEN
    click(page, "name", "order")
    qtbot.waitUntil(lambda: page.shown_filter.name == "order")
    qtbot.waitUntil(lambda: not page.facets.is_busy)
    click(page, "model", "gpt-5")
    qtbot.waitUntil(lambda: page.shown_filter.text == "")
    assert page.table.model.rowCount() == 2, "the name still narrows"


def test_minus_leaves_out_what_has_the_value_and_hostile_values_are_conditions_too(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add_some(telemetry)
    show_facets(page, qtbot)
    page.facets.panel.tree.setCurrentItem(items(page)["name", HOSTILE])
    QTest.keyClick(page.facets.panel.tree, Qt.Key.Key_Minus)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2)
    qtbot.waitUntil(lambda: ("name", HOSTILE) not in counts(page))


def test_counts_follow_what_arrives_and_folds_and_place_stay(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    add_some(telemetry)
    show_facets(page, qtbot)
    click(page, "service", "")
    page.facets.panel.tree.setCurrentItem(items(page)["name", "order"])
    add(telemetry, 4, "order")
    qtbot.waitUntil(lambda: counts(page)["name", "order"] == 3, timeout=10_000)
    assert not items(page)["service", ""].isExpanded()
    current = page.facets.panel.tree.currentItem()
    assert current is not None
    assert current.data(0, ROW_ROLE).value == "order"


def test_whether_they_are_shown_outlives_the_window(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, tmp_path: Path
) -> None:
    add_some(telemetry)
    show_facets(page, qtbot)
    click(page, "name", "")
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    page.facets.toggle()
    assert page.facets.panel.isHidden()
    page.restore_state(state)
    qtbot.waitUntil(lambda: not page.facets.is_busy)
    assert not page.facets.panel.isHidden()
    assert page.facets.panel.folded == ["name"]


def test_shares_are_never_rounded_to_nothing_or_to_all() -> None:
    assert [share_text(part, 1000) for part in (0, 1, 500, 999, 1000)] == ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]
