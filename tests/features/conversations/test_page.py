"""The page of conversations on a real store: how calls are grouped, and how one conversation reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.features.conversations.filters import ConversationFilter, Sort, SortBy
from junjo_desktop.features.conversations.page import ConversationsPage
from junjo_desktop.shell.destinations import OpenCalls, OpenConversation, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from tests.support.model_calls import chat, read_all_calls, said
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry

HELLO = [said("user", "Hello, a teapot please"), said("assistant", "Which colour?")]


@pytest.fixture
def page(bench: Workbench, places: list[object], pages: list[QWidget]) -> ConversationsPage:  # noqa: ARG001 - every place has a page
    """The page, shown."""
    page = ConversationsPage(bench)
    pages.append(page)
    page.resize(1440, 700)
    page.show()
    return page


def add(telemetry: StoredTelemetry, bench: Workbench) -> None:
    """Store a conversation over two traces, two calls of a trace that tell none, and one more conversation."""
    called = {
        "role": "assistant",
        "parts": [{"type": "tool_call", "id": "call-1", "name": "paint", "arguments": {"colour": "red"}}],
    }
    tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "paint", "gen_ai.tool.call.id": "call-1"}
    telemetry.add(
        trace_request(
            chat(1, "Hello, a teapot please", "Which colour?", conversation="thread-7"),
            chat(
                2,
                "Red",
                conversation="thread-7",
                model="gpt-5",
                history=HELLO,
                attributes={"gen_ai.output.messages": json.dumps([called])},
            ),
            span("execute_tool paint", trace=trace_id(2), id=span_id(22), parent=span_id(2), attributes=tool),
            chat(3, "Alone", tokens=None, error="no tea"),
            chat(4, "Alone again", trace=trace_id(3)),
            service="shop",
        ),
        trace_request(chat(5, "Of another", conversation="thread-8"), service="support"),
    )
    read_all_calls(telemetry)
    bench.batch_stored.emit()


def cells(page: ConversationsPage, key: str) -> list[str]:
    """What stands in a column."""
    model = page.table.model
    column = next(column for column in model.columns if column.key == key)
    rows = [model.known_row(model.id_at(row)) for row in range(model.rowCount())]
    return [column.text(row) for row in rows if row is not None]


def wait_for(qtbot: QtBot, page: ConversationsPage, words: list[str]) -> None:
    """Wait until the list shows conversations with these first words."""
    qtbot.waitUntil(lambda: not page.table.is_loading and cells(page, SortBy.FIRST_WORDS) == words)


def test_calls_are_grouped_by_conversation_else_by_trace(
    telemetry: StoredTelemetry, page: ConversationsPage, bench: Workbench, qtbot: QtBot
) -> None:
    add(telemetry, bench)
    wait_for(qtbot, page, ["Of another", "Alone", "Hello, a teapot please"])
    assert cells(page, SortBy.CALLS) == ["1", "2", "2"]
    assert cells(page, SortBy.MODEL)[2] == "gpt-4o, gpt-5"
    assert cells(page, SortBy.TOKENS) == ["1,100", "1,100", "2,200"]
    assert cells(page, SortBy.ID) == ["thread-8", "of one trace", "thread-7"]
    assert cells(page, SortBy.FAILURES) == ["0", "1", "0"]
    qtbot.waitUntil(page.grouping.isVisible)
    assert page.grouping.text() == "2 conversations · calls of 1 trace tell no conversation: a row for each trace"
    page.bar.named.click()
    wait_for(qtbot, page, ["Of another", "Hello, a teapot please"])
    assert unnamed_controls(page) == []


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (ConversationFilter(text="model = gpt-5"), ["Hello, a teapot please"]),
        (ConversationFilter(text="teapot"), ["Hello, a teapot please"]),
        (ConversationFilter(service="support"), ["Of another"]),
        (ConversationFilter(failed=True), ["Alone"]),
        (ConversationFilter(min_duration_ns=10**12), []),
    ],
)
def test_a_conversation_is_listed_whole_where_one_call_fits(
    telemetry: StoredTelemetry,
    page: ConversationsPage,
    bench: Workbench,
    qtbot: QtBot,
    chosen: ConversationFilter,
    words: list[str],
) -> None:
    add(telemetry, bench)
    page.show_filter(chosen)
    wait_for(qtbot, page, words)
    if chosen.text:
        assert cells(page, SortBy.CALLS) == ["2"]


def test_a_conversation_reads_as_one_across_traces(
    telemetry: StoredTelemetry, page: ConversationsPage, bench: Workbench, qtbot: QtBot, places: list[object]
) -> None:
    add(telemetry, bench)
    page.show_destination(OpenConversation("thread-7"))
    qtbot.waitUntil(lambda: len(page.peek.pane.entries) == 6)
    entries = page.peek.pane.entries
    assert [entry.tag for entry in entries] == ["user", "assistant", "history", "user", "assistant", "tool"]
    assert entries[2].facts == "2 earlier messages repeated"
    assert entries[1].facts.endswith("· $0.0035")
    assert (entries[5].title, entries[5].span_id) == ("paint", span_id(22).hex())
    page.peek.pane.view.way_taken.emit(entries[4].ways[0].destination)
    page.peek.pane.view.way_taken.emit(entries[2].ways[0].destination)
    qtbot.waitUntil(lambda: len(page.peek.pane.entries) == 8)
    page.peek.pane.copy_as("markdown")
    qtbot.waitUntil(lambda: "Hello, a teapot please" in QGuiApplication.clipboard().text())
    page.peek.calls.click()
    opened = OpenTrace(trace_id(2).hex(), span_id(2).hex()), OpenCalls(query="conversation = thread-7")
    assert tuple(places) == opened


def test_where_a_word_stands_is_said_below_a_conversation(
    telemetry: StoredTelemetry, page: ConversationsPage, bench: Workbench, qtbot: QtBot
) -> None:
    add(telemetry, bench)
    page.show_filter(ConversationFilter(text="colour"))
    wait_for(qtbot, page, ["Hello, a teapot please"])
    qtbot.waitUntil(lambda: page.hits.line_of("cthread-7") is not None)
    line = page.hits.line_of("cthread-7")
    assert line is not None
    assert line.where == "attribute gen_ai.output.messages"


def test_the_list_and_a_conversation_take_turns(
    telemetry: StoredTelemetry, page: ConversationsPage, bench: Workbench, qtbot: QtBot
) -> None:
    add(telemetry, bench)
    wait_for(qtbot, page, ["Of another", "Alone", "Hello, a teapot please"])
    page.table.view.selectRow(1)
    page.table.open_current()
    qtbot.waitUntil(lambda: page.is_open and page.table.isHidden())
    qtbot.waitUntil(lambda: len(page.peek.pane.entries) == 4)
    telemetry.add(trace_request(chat(6, "One more", trace=trace_id(3))))
    read_all_calls(telemetry)
    bench.batch_stored.emit()
    qtbot.waitUntil(lambda: len(page.peek.pane.entries) == 6)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.is_open
    qtbot.waitUntil(lambda: cells(page, SortBy.CALLS) == ["1", "3", "2"])
    assert page.table.current_id == f"t{trace_id(3).hex()}"
    page.show_destination(OpenConversation("gone"))
    qtbot.waitUntil(lambda: "not stored" in page.peek.pane.empty.sentence)
    page.show_destination(OpenConversation())
    assert page.table.isVisible()


def test_what_is_chosen_outlives_the_window(
    page: ConversationsPage, bench: Workbench, tmp_path: Path, pages: list[QWidget]
) -> None:
    page.show_filter(ConversationFilter(service="shop", only_named=True))
    page.sort_by(SortBy.COST, True)
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = ConversationsPage(bench)
    pages.append(again)
    again.restore_state(state)
    assert again.shown_filter == ConversationFilter(service="shop", only_named=True)
    assert again.sort_shown() == (Sort(SortBy.COST, True).by, True)
