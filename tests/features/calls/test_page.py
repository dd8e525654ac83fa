"""The page of LLM calls on a real store: what is listed, what narrows it, what it adds up to, what a call said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QSettings
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.calls.filters import CallFilter, Sort, SortBy
from junjo_desktop.features.calls.page import CallsPage
from junjo_desktop.shell.destinations import OpenCalls, OpenConversation, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.display_text import isolated
from tests.support.model_calls import chat, hour_ago, read_all_calls
from tests.support.otlp import span_id, trace_id, trace_request
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>bold</b>\x07\u202e" + "x" * 3_000


@pytest.fixture
def page(bench: Workbench, places: list[object], pages: list[QWidget]) -> CallsPage:  # noqa: ARG001 - every place has a page
    """The page, shown."""
    page = CallsPage(bench)
    pages.append(page)
    page.resize(1440, 700)
    page.show()
    return page


def add(telemetry: StoredTelemetry, bench: Workbench) -> None:
    """Store five calls, of which one repeats another, and have them read."""
    telemetry.add(
        trace_request(
            chat(1, "First of all", conversation="thread-7", attributes={"gen_ai.usage.cache_read.input_tokens": 400}),
            chat(2, "Second", model="claude-sonnet-4-5", duration_ms=3_000),
            chat(3, "Third", model="my-own-model", tokens=None, error="no such model"),
            chat(4, "Told twice", duration_ms=5_000),
            chat(5, "Told twice", trace=trace_id(4), parent=span_id(4), duration_ms=100),
        )
    )
    read_all_calls(telemetry)
    bench.batch_stored.emit()


def cells(page: CallsPage, key: str) -> list[str]:
    """What stands in a column."""
    model = page.table.model
    column = next(column for column in model.columns if column.key == key)
    rows = [model.known_row(model.id_at(row)) for row in range(model.rowCount())]
    return [column.text(row) for row in rows if row is not None]


def facts(page: CallsPage) -> dict[str, str]:
    """What the listed calls add up to."""
    return {fact.label: fact.value for fact in page.facts.facts}


def test_every_call_is_listed_once_read_and_added_up_once(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot
) -> None:
    qtbot.waitUntil(page.table.empty_state.isVisible)
    assert page.table.empty_state.sentence.startswith("No LLM calls yet.")
    add(telemetry, bench)
    qtbot.waitUntil(lambda: cells(page, SortBy.FIRST_WORDS)[-3:] == ["Third", "Second", "First of all"])
    qtbot.waitUntil(lambda: facts(page).get("calls") == "5 (1 repeated not counted)")
    assert cells(page, SortBy.COST) == ["$0.0035", "repeated", "unpriced", "$0.0045", "$0.0030"]
    assert cells(page, SortBy.INPUT)[2] == ""
    shown = facts(page)
    assert (shown["tokens in"], shown["out"], shown["of these cached"]) == ("3,000", "300", "400 read")
    assert shown["cost"].endswith(" + 1 unpriced")
    assert (shown["failed"], shown["without usage"], shown["p95"]) == ("1", "1", "3.00 s")
    assert unnamed_controls(page) == []


def test_selected_calls_are_added_up_by_themselves(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot
) -> None:
    add(telemetry, bench)
    qtbot.waitUntil(lambda: facts(page).get("calls", "")[:1] == "5")
    model, view = page.table.model, page.table.view
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (3, 4):
        view.selectionModel().select(model.index(row, 0), flags)
    qtbot.waitUntil(lambda: facts(page).get("selected calls") == "2")
    assert facts(page)["tokens in"] == "2,000"
    view.clearSelection()
    assert facts(page)["calls"] == "5 (1 repeated not counted)"


def test_a_call_opens_its_span_and_shows_what_was_said(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot, places: list[object]
) -> None:
    add(telemetry, bench)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 5)
    page.table.view.selectRow(4)
    page.table.open_current()
    assert places == [OpenTrace(trace_id(1).hex(), span_id(1).hex())]
    page.table.peek_requested.emit(page.table.current_id)
    qtbot.waitUntil(lambda: len(page.peek.reading.entries) > 1)
    asked, answered, *_ = page.peek.reading.entries
    assert (asked.tag, asked.parts[0].whole(), answered.parts[0].whole()) == ("user", "First of all", "On its way.")
    told = {fact.label: fact.value for fact in page.peek.facts.facts}
    assert told["tokens"] == "1,000 in = 600 fresh + 400 cache read, 100 out"
    page.peek.conversation.click()
    assert places[-1] == OpenConversation("thread-7")
    page.table.view.selectRow(2)
    page.call_actions.open_conversation()
    assert places[-1] == OpenConversation(trace_id=trace_id(3).hex())


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        (OpenCalls(query="cost > $0.004"), ["Second"]),
        (OpenCalls(model="my-own-model"), ["Third"]),
        (OpenCalls(provider="openai", failed=True), ["Third"]),
        (OpenCalls(until_ns=1), []),
        (OpenCalls(query="kettle"), []),
        (OpenCalls(query="counted = false"), ["Told twice"]),
    ],
)
def test_places_lead_to_some_calls(
    telemetry: StoredTelemetry,
    bench: Workbench,
    page: CallsPage,
    qtbot: QtBot,
    destination: OpenCalls,
    words: list[str],
) -> None:
    add(telemetry, bench)
    page.show_destination(destination)
    qtbot.waitUntil(lambda: not page.table.is_loading and cells(page, SortBy.FIRST_WORDS) == words)
    qtbot.waitUntil(lambda: bool(words) or page.table.empty_state.isVisible())


def test_filters_and_order_outlive_the_window_and_facets_count(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot, tmp_path: Path, pages: list[QWidget]
) -> None:
    add(telemetry, bench)
    page.show_filter(CallFilter(model="gpt-4o", only_counted=True))
    page.sort_by(SortBy.COST, True)
    qtbot.waitUntil(lambda: cells(page, SortBy.FIRST_WORDS) == ["Told twice", "First of all"])
    page.facets.toggle()
    qtbot.waitUntil(lambda: "2 calls" in page.facets.panel.accessibleName() or page.facets.panel.isVisible())
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = CallsPage(bench)
    pages.append(again)
    again.restore_state(state)
    assert again.shown_filter == CallFilter(model="gpt-4o", only_counted=True)
    assert again.shown_sort == Sort(SortBy.COST, True)


def test_calls_that_are_not_read_yet_are_said(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot
) -> None:
    telemetry.add(trace_request(chat(1), chat(2)))
    qtbot.waitUntil(lambda: page.sums.unread_traces == 2)
    page.live.list_anew()
    qtbot.waitUntil(lambda: page.table.empty_state.sentence == "Calls of 2 traces are being read …")
    read_all_calls(telemetry)
    bench.batch_stored.emit()
    qtbot.waitUntil(lambda: page.sums.unread_traces == 0 and page.table.model.rowCount() == 2)


def test_hostile_texts_are_shown_as_texts(
    telemetry: StoredTelemetry, page: CallsPage, bench: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    evil = {"gen_ai.provider.name": HOSTILE, "gen_ai.operation.name": HOSTILE, "gen_ai.agent.name": HOSTILE}
    strange = chat(1, HOSTILE, model=HOSTILE, conversation=HOSTILE, finish=HOSTILE, attributes=evil)
    telemetry.add(trace_request(strange, chat(2, start_ns=hour_ago()), service=HOSTILE))
    read_all_calls(telemetry)
    bench.batch_stored.emit()
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2 and facts(page).get("calls") == "2")
    page.bar.menu.aboutToShow.emit()
    models = page.bar.menu.actions()[0].menu()
    assert isinstance(models, QMenu)
    assert any(isolated("<b>bold</b>")[1:10] in action.text() for action in models.actions())
    page.table.view.selectRow(0)
    page.table.peek_requested.emit(page.table.current_id)
    qtbot.waitUntil(lambda: bool(page.peek.reading.entries))
    assert page.grab().save(str(tmp_path / "hostile.png"))
