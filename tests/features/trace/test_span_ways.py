"""From a span of a trace to all spans of its name, and to its log records."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import AddToQuery, OpenLogs, OpenSpans, OpenTrace
from tests.features.trace.lens_hands import statistics_of
from tests.features.trace.sample_trace import MODEL, TRACE, add_sample
from tests.support.otlp import log, log_request
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry


def show_model_call(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    page.show_destination(OpenTrace(add_sample(telemetry), MODEL.hex()))
    inspector = page.view.inspector
    qtbot.waitUntil(lambda: inspector.detail is not None and inspector.detail.span.span_id == MODEL.hex())


def test_a_span_leads_to_all_of_its_name_by_button_key_and_menu(
    telemetry: StoredTelemetry, places: list[object], page: TracePage, qtbot: QtBot
) -> None:
    show_model_call(telemetry, page, qtbot)
    span = page.view.inspector.detail.span if page.view.inspector.detail is not None else None
    assert span is not None
    QTest.mouseClick(find(page, Role.Button, "How usual is this? All spans of its name"), Qt.MouseButton.LeftButton)
    key = next(command for command in page.commands() if "A" in command.shortcuts)
    assert key.enabled()
    key.run()
    menu = {action.text(): action for action in page.menu.build().actions()}
    menu["All spans of this name: how usual is it?\tA"].trigger()
    wanted = OpenSpans(
        service=span.service_name,
        name=span.name,
        span_type=span.span_type,
        trace_id=TRACE.hex(),
        span_id=MODEL.hex(),
    )
    assert places == [wanted] * 3
    menu["Logs of this span"].trigger()
    assert places[3] == OpenLogs(trace_id=TRACE.hex(), span_id=MODEL.hex())


def test_without_pages_for_them_no_way_is_offered(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    show_model_call(telemetry, page, qtbot)
    assert not page.span_ways.usual.isVisible()
    assert not any(command.enabled() for command in page.span_ways.commands())
    assert not any("usual" in action.text() for action in page.menu.build().actions())


def test_every_lens_that_draws_spans_has_their_menu_and_finds_traces_like_them(
    telemetry: StoredTelemetry, places: list[object], page: TracePage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_model_call(telemetry, page, qtbot)
    menu = page.menu.build()
    asked: list[QPoint] = []

    class Menu(QMenu):
        def exec(self, at: QPoint) -> None:  # type: ignore[override]  # one of its forms: no popup is opened here
            asked.append(at)

    monkeypatch.setattr(page.menu, "build", Menu)
    lenses = page.view.lenses
    sandwich = lenses.flame.sandwich
    for lens in (lenses.waterfall, lenses.flame.canvas, sandwich.callers, sandwich.callees, lenses.graph.canvas):
        lens.customContextMenuRequested.emit(QPoint(4, 4))
    assert len(asked) == 5
    finds = next(action.menu() for action in menu.actions() if action.text() == "Find traces")
    assert isinstance(finds, QMenu)
    next(action for action in finds.actions() if "without" in action.text()).trigger()
    assert places == [AddToQuery("traces", '-name = "chat gpt-4o"')]


def test_rows_of_records_and_of_groups_lead_to_what_is_like_them(
    telemetry: StoredTelemetry, places: list[object], page: TracePage, qtbot: QtBot
) -> None:
    telemetry.add(log_request(log("the teapot broke", trace=TRACE, span=MODEL)))
    show_model_call(telemetry, page, qtbot)
    lenses = page.view.lenses
    lenses.show_lens(Lens.LOGS)
    qtbot.waitUntil(lambda: lenses.logs.table.current_id is not None)
    menu = lenses.logs.table.menu.build()
    finds = next(action.menu() for action in menu.actions() if action.text() == "Find records")
    assert isinstance(finds, QMenu)
    finds.actions()[0].trigger()
    assert places == [AddToQuery("logs", 'body = "the teapot broke"')]
    names = [action.text() for action in menu.actions()]
    assert "All spans of this name: how usual is it?\tA" in names
    statistics_of(lenses, qtbot, 4)
    menu = lenses.statistics.table.menu.build()
    next(action for action in menu.actions() if action.text().startswith("Find traces with")).trigger()
    assert places[1:] == [AddToQuery("traces", 'name = "chat gpt-4o"')]
