"""From a span of a trace to all spans of its name, and to its log records."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenLogs, OpenSpans, OpenTrace
from tests.features.trace.sample_trace import MODEL, TRACE, add_sample
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
    menu["How usual is this?\tA"].trigger()
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
    assert not any("How usual" in action.text() for action in page.menu.build().actions())
