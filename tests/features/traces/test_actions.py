"""Starring and deleting traces from the list, on a real store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.columns import STAR_COLUMN
from junjo_desktop.features.traces.filters import SortBy, TraceFilter
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.deletion_dialog import DeletionDialog
from junjo_desktop.shell.housekeeping import Outcome
from junjo_desktop.shell.workbench import Workbench
from tests.support.hands import texts
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry

Add = Callable[..., str]


@pytest.fixture
def add(telemetry: StoredTelemetry) -> Add:
    """Stores a trace of one span, and returns its id."""

    def store(number: int, name: str, service: str = "shop") -> str:
        telemetry.add(trace_request(span(name, trace=trace_id(number), id=span_id(number)), service=service))
        return trace_id(number).hex()

    return store


@pytest.fixture
def outcomes(bench: Workbench) -> list[Outcome]:
    """What came of deletions."""
    found: list[Outcome] = []
    bench.housekeeping.ended.connect(found.append)
    return found


def command(page: TracesPage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def column(page: TracesPage, key: str) -> int:
    return [one.key for one in page.table.model.columns].index(key)


def names(page: TracesPage) -> set[str]:
    model = page.table.model
    return {model.index(row, column(page, SortBy.NAME)).data() for row in range(model.rowCount())}


def stars(page: TracesPage) -> list[str]:
    model = page.table.model
    return [model.index(row, column(page, STAR_COLUMN)).data() for row in range(model.rowCount())]


def select(page: TracesPage, *trace_ids: str) -> None:
    rows = [page.table.model.listing.ids.find(one) for one in trace_ids]
    assert -1 not in rows
    page.table.view.select_rows(sorted(rows), rows[0])


def confirm(qtbot: QtBot, page: TracesPage) -> None:
    dialog = opened_dialog(page)
    qtbot.waitUntil(dialog.delete.isEnabled)
    dialog.delete.click()


def opened_dialog(page: TracesPage) -> DeletionDialog:
    found = [one for one in page.window().findChildren(DeletionDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_s_stars_the_selected_traces_and_s_again_takes_the_stars_away(
    add: Add, telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    first, second = add(1, "first"), add(2, "second")
    qtbot.waitUntil(lambda: names(page) == {"first", "second"})
    select(page, first, second)
    command(page, "traces.star").run()
    assert stars(page) == ["starred", "starred"]
    qtbot.waitUntil(lambda: telemetry.starred() == {first, second})
    command(page, "traces.star").run()
    qtbot.waitUntil(lambda: telemetry.starred() == frozenset())
    assert stars(page) == ["", ""]


def test_starring_a_mixed_selection_stars_all_of_it(
    add: Add, telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    first, second = add(1, "first"), add(2, "second")
    telemetry.set_starred(first, True)
    qtbot.waitUntil(lambda: names(page) == {"first", "second"})
    page.activated()
    qtbot.waitUntil(lambda: "starred" in stars(page))
    select(page, first, second)
    command(page, "traces.star").run()
    qtbot.waitUntil(lambda: telemetry.starred() == {first, second})


def test_a_click_on_the_star_of_a_row_stars_it(
    add: Add, telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    wanted = add(1, "first")
    qtbot.waitUntil(lambda: names(page) == {"first"})
    view = page.table.view
    star = view.visualRect(page.table.model.index(0, column(page, STAR_COLUMN)))
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, star.topLeft() + QPoint(8, 8)
    )
    qtbot.waitUntil(lambda: telemetry.starred() == {wanted})


def test_the_starred_filter_lists_starred_traces_and_follows_the_stars(
    add: Add, telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot
) -> None:
    first, _second = add(1, "first"), add(2, "second")
    telemetry.set_starred(first, True)
    qtbot.waitUntil(lambda: names(page) == {"first", "second"})
    QTest.mouseClick(find(page, Role.CheckBox, "Only starred traces"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == {"first"})
    assert find(page, Role.Button, "Remove the filter: starred only").isVisible()
    page.activated()
    qtbot.waitUntil(lambda: stars(page) == ["starred"])
    select(page, first)
    command(page, "traces.star").run()
    qtbot.waitUntil(lambda: names(page) == set())
    qtbot.waitUntil(lambda: "starred only" in page.table.empty_state.sentence)


def test_delete_asks_first_and_then_deletes_what_is_selected(
    add: Add, telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    first, second, _third = add(1, "first"), add(2, "second"), add(3, "third")
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    select(page, first, second)
    command(page, "traces.delete").run()
    assert "Delete 2 traces?" in texts(opened_dialog(page))
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: names(page) == {"third"})
    assert [one.sentence for one in outcomes] == ["Deleted 2 traces, 2 spans."]
    assert telemetry.read(lambda cursor: cursor.execute("SELECT count(*) FROM spans").fetchall()) == [(1,)]


def test_nothing_is_deleted_when_the_dialog_is_left(
    add: Add, page: TracesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    first = add(1, "first")
    qtbot.waitUntil(lambda: names(page) == {"first"})
    select(page, first)
    command(page, "traces.delete").run()
    dialog = opened_dialog(page)
    qtbot.waitUntil(dialog.delete.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert outcomes == []
    assert names(page) == {"first"}


def test_delete_is_offered_only_for_a_selection(add: Add, page: TracesPage, qtbot: QtBot) -> None:
    first = add(1, "first")
    qtbot.waitUntil(lambda: names(page) == {"first"})
    assert not command(page, "traces.delete").enabled()
    assert not command(page, "traces.star").enabled()
    select(page, first)
    assert command(page, "traces.delete").enabled()
    assert command(page, "traces.delete").shortcut == "Del"


def test_a_whole_list_of_many_traces_can_be_deleted_at_once(
    telemetry: StoredTelemetry, page: TracesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    telemetry.add(trace_request(*(span(trace=trace_id(number), id=span_id(number)) for number in range(1, 2_501))))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2_500)
    page.table.view.selectAll()
    command(page, "traces.delete").run()
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 0)
    qtbot.waitUntil(lambda: [one.sentence for one in outcomes] == ["Deleted 2,500 traces, 2,500 spans."])


def test_the_menu_of_a_row_offers_star_deletion_and_its_service(add: Add, page: TracesPage, qtbot: QtBot) -> None:
    hostile = "<b>&shop\n\u202e" + "x" * 500
    first = add(1, "first", hostile)
    qtbot.waitUntil(lambda: names(page) == {"first"})
    select(page, first)
    labels = [action.text() for action in page.table.menu.build().actions()]
    assert {"Star", "Delete trace…"} <= set(labels)
    [service] = [label for label in labels if "telemetry of" in label]
    assert "<b>&&shop⏎" in service
    assert len(service) < 100


def test_a_service_is_deleted_from_where_the_list_is_narrowed_to_it(
    add: Add, page: TracesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    add(1, "first"), add(2, "second", "billing")
    qtbot.waitUntil(lambda: len(names(page)) == 2)
    assert not command(page, "traces.delete_service").enabled()
    page.show_filter(TraceFilter(service="billing"))
    qtbot.waitUntil(lambda: names(page) == {"second"})
    command(page, "traces.delete_service").run()
    assert "billing" in texts(opened_dialog(page))
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: len(outcomes) == 1)
    page.show_filter(TraceFilter())
    qtbot.waitUntil(lambda: names(page) == {"first"})


def test_what_was_deleted_leaves_a_paused_list_too(
    add: Add, page: TracesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    first, _second = add(1, "first"), add(2, "second")
    qtbot.waitUntil(lambda: len(names(page)) == 2)
    page.bar.live.click()
    select(page, first)
    command(page, "traces.delete").run()
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: names(page) == {"second"})
    assert len(outcomes) == 1
