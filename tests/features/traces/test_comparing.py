"""Ways from the list of traces to a comparison."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import CompareTraces
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

START_NS = 1_790_000_000_000_000_000
IDS = [trace_id(number).hex() for number in (1, 2, 3)]


@pytest.fixture
def listed(page: TracesPage, telemetry: StoredTelemetry, places: list[object], qtbot: QtBot) -> list[object]:
    """Three traces, the newest first, and the places that were asked for."""
    for number in (1, 2, 3):
        start_ns = START_NS + number * 1_000_000_000
        one = span("work", trace=trace_id(number), id=span_id(number), start_ns=start_ns)
        telemetry.add(trace_request(one))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 3 and page.table.model.known_row(IDS[0]) is not None)
    return places


def command(page: TracesPage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def test_two_selected_traces_are_compared_the_older_at_the_left(page: TracesPage, listed: list[object]) -> None:
    page.table.view.select_rows([0, 2], current=0)
    compare = command(page, "traces.compare")
    assert compare.enabled()
    compare.run()
    assert listed == [CompareTraces(IDS[0], IDS[2])]
    assert not command(page, "traces.compare_usual").enabled()


def test_one_selected_trace_is_compared_with_the_usual_or_a_chosen_one(page: TracesPage, listed: list[object]) -> None:
    page.table.view.select_rows([1], current=1)
    command(page, "traces.compare_usual").run()
    command(page, "traces.compare").run()
    assert listed == [CompareTraces(IDS[1]), CompareTraces(IDS[1], is_choosing=True)]


def test_more_than_two_are_not_compared(page: TracesPage, listed: list[object]) -> None:
    page.table.view.select_rows([0, 1, 2], current=0)
    assert not command(page, "traces.compare").enabled()
    command(page, "traces.compare").run()
    assert listed == []
