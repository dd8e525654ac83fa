"""A row that is listed because of something its cells do not show says what, and the trace is searched for it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.theme.tokens import ROW_PX
from tests.features.traces.test_page import add, wait_for_names
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>\u202e a refund\x1b " + "x" * 5_000


@pytest.fixture
def filled(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with a trace that shows the word, and one that holds it."""
    add(telemetry, 1, "refund desk")
    add(telemetry, 2, "pay")
    chat = span("chat", trace=trace_id(2), id=span_id(22), parent=span_id(2), attributes={"prompt": HOSTILE})
    telemetry.add(trace_request(chat))
    wait_for_names(qtbot, page, ["pay", "refund desk"])
    return page


def _height(page: TracesPage) -> int:
    return page.table.view.visualRect(page.table.model.index(0, 0)).height()


def test_a_hidden_hit_is_told_below_its_row_and_taken_away_with_the_query(filled: TracesPage, qtbot: QtBot) -> None:
    assert _height(filled) == ROW_PX
    filled.show_filter(TraceFilter(text="refund"))
    pay, desk = trace_id(2).hex(), trace_id(1).hex()
    qtbot.waitUntil(lambda: filled.hits.line_of(pay) is not None)
    line = filled.hits.line_of(pay)
    assert line is not None
    assert line.where == "chat · attribute prompt"
    assert line.text[line.start : line.end] == "refund"
    assert filled.hits.line_of(desk) is None, "its name shows it"
    assert _height(filled) > ROW_PX
    filled.grab()
    filled.show_filter(TraceFilter(text="service:shop"))
    qtbot.waitUntil(lambda: _height(filled) == ROW_PX)


def test_a_searched_trace_opens_at_the_hit_and_is_searched_too(
    filled: TracesPage, places: list[object], qtbot: QtBot
) -> None:
    filled.show_filter(TraceFilter(text="refund -tea"))
    pay = trace_id(2).hex()
    qtbot.waitUntil(lambda: filled.hits.line_of(pay) is not None)
    filled.open_row(pay)
    assert places == [OpenTrace(pay, span_id(22).hex(), "refund")]


def test_a_query_without_words_makes_rows_no_higher(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_filter(TraceFilter(text="duration < 1h error = false"))
    wait_for_names(qtbot, filled, ["pay", "refund desk"])
    qtbot.waitUntil(lambda: not filled.workbench.is_reading)
    assert _height(filled) == ROW_PX
    assert filled.hits.words == ()
