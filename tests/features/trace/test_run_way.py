"""From the spans of a trace to the page of the run they belong to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.destinations import OpenRun, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from tests.features.trace.sample_trace import MODEL, ORPHAN, ROOT, TRACE, add_sample
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry

THE_RUN = OpenRun(TRACE.hex(), ROOT.hex())


@pytest.fixture
def opened(bench: Workbench) -> list[object]:
    """The destinations that the page asked for; runs have a page."""
    places: list[object] = []

    def navigate(destination: object) -> bool:
        places.append(destination)
        return True

    bench.connect_shell(
        navigate, lambda error: pytest.fail(f"reported: {error}"), lambda place: isinstance(place, OpenRun)
    )
    return places


@pytest.fixture
def shown(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, opened: list[object]) -> list[object]:
    """What the page that shows the sample trace asked for."""
    page.show_destination(OpenTrace(add_sample(telemetry)))
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)
    return opened


def menu_entries(page: TracePage) -> list[str]:
    return [action.text() for action in page.menu.build().actions()]


def test_a_run_opens_from_the_header_the_keys_and_the_menu(shown: list[object], page: TracePage) -> None:
    QTest.mouseClick(find(page, Role.Button, "Open run: workflow handle_message"), Qt.MouseButton.LeftButton)
    key = next(one for one in page.commands() if "W" in one.shortcuts)
    assert key.enabled()
    key.run()
    menu = page.menu.build()
    next(action for action in menu.actions() if action.text() == "Open this run\tW").trigger()
    assert shown == [THE_RUN] * 3


def test_a_span_within_a_run_leads_to_it(shown: list[object], page: TracePage) -> None:
    page.view.waterfall.select_span(MODEL.hex())
    assert "Open the run around it\tW" in menu_entries(page)
    page.run_way.open_run()
    assert shown == [THE_RUN]


def test_a_span_outside_of_runs_offers_no_way(shown: list[object], page: TracePage) -> None:
    page.view.waterfall.select_span(ORPHAN.hex())
    assert not page.header.run.isVisible()
    assert not any("run" in entry for entry in menu_entries(page))
    assert not page.run_way.command().enabled()
    page.run_way.open_run()
    assert shown == []


def test_without_a_page_for_runs_no_way_is_offered(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    page.show_destination(OpenTrace(add_sample(telemetry)))
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)
    assert not page.header.run.isVisible()
    assert not page.run_way.command().enabled()
