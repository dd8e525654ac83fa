"""What the search box of the traces offers while a query is written: by keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.destinations import OpenView
from junjo_desktop.shell.workbench import Workbench
from tests.features.traces.test_page import wait_for_names
from tests.support.otlp import span, trace_request
from tests.support.stored import StoredTelemetry

_HOSTILE = "<b>\u202eevil\x1b"


@pytest.fixture
def filled(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with two traces, ready to be typed at."""
    llm = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o"}
    telemetry.add(trace_request(span("brew", attributes={**llm, "http.route": "/tea two"}), service="shop"))
    call = span("pour", attributes={**llm, "gen_ai.request.model": "claude", "http.route": _HOSTILE})
    call.events.add(name="boiled")
    telemetry.add(trace_request(call, service="billing"))
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 2)
    page.activateWindow()
    page.bar.search.setFocus()
    qtbot.waitUntil(page.bar.search.hasFocus)
    return page


def _offered(page: TracesPage) -> list[str]:
    listed = page.query.offer_list
    if listed.isHidden():
        return []
    items = (listed.topLevelItem(row) for row in range(listed.topLevelItemCount()))
    return [item.text(0).strip("\u2068\u2069") for item in items if item is not None]


def _type(page: TracesPage, text: str) -> None:
    QTest.keyClicks(page.bar.search, text)


def _press(page: TracesPage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(page.bar.search, key)


def test_a_field_and_its_value_are_chosen_by_keys(filled: TracesPage, qtbot: QtBot) -> None:
    _type(filled, "mo")
    qtbot.waitUntil(lambda: "gen_ai.request.model" in _offered(filled))
    assert _offered(filled)[0] == "model"
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert filled.bar.search.text() == "model:"
    qtbot.waitUntil(lambda: _offered(filled) == ["claude", "gpt-4o"])
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert filled.bar.search.text() == "model:gpt-4o "
    assert filled.bar.search.hasFocus()
    assert _offered(filled) == []
    _press(filled, Qt.Key.Key_Return)
    wait_for_names(qtbot, filled, ["brew"])


def test_values_of_attributes_services_and_events_are_offered(filled: TracesPage, qtbot: QtBot) -> None:
    for text, values in (
        ("service:", {"shop", "billing"}),
        ("event.name = ", {"boiled"}),
        ("resource.service.name = ", {"shop", "billing"}),
        ('"service.name" = ', set()),
        ("status:", {"unset", "ok", "error"}),
        ("http.route:t", {"/tea two"}),
    ):
        filled.bar.search.clear()
        _type(filled, text)
        _wait_for_offers(qtbot, filled, values)
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert filled.bar.search.text() == 'http.route:"/tea two" '


def _wait_for_offers(qtbot: QtBot, page: TracesPage, wanted: set[str]) -> None:
    def shown() -> None:
        assert set(_offered(page)) == wanted, page.bar.search.text()

    qtbot.waitUntil(shown)


def test_a_value_typed_first_finds_the_field_that_has_it(filled: TracesPage, qtbot: QtBot) -> None:
    _type(filled, "tea t")
    _press(filled, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    filled.bar.search.clear()
    _type(filled, "gpt")
    qtbot.waitUntil(lambda: "model:gpt-4o" in _offered(filled))
    assert _offered(filled)[:2] == ["model:gpt-4o", "gen_ai.request.model:gpt-4o"]
    _type(filled, "-4O")
    assert _offered(filled)[:1] == ["model:gpt-4o"], "what is known already is offered at once"
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert filled.bar.search.text() == "model:gpt-4o "
    wait_for_names(qtbot, filled, ["brew"])
    filled.bar.search.setFocus()
    for typed, wanted in (("boil", "event.name:boiled"), ("tea", 'http.route:"/tea two"'), ("bill", "service:billing")):
        filled.bar.search.clear()
        _type(filled, typed)
        _wait_for_offer(qtbot, filled, wanted)


def test_recent_queries_and_views_are_offered_by_what_is_typed(
    filled: TracesPage, qtbot: QtBot, places: list[object]
) -> None:
    filled.bar.search.setText("name:brew service:shop")
    _press(filled, Qt.Key.Key_Return)
    filled.views.save_as("Brewing")
    qtbot.waitUntil(lambda: len(filled.views.all) == 1)
    filled.bar.search.clear()
    filled.bar.search.setFocus()
    _type(filled, "bre")
    qtbot.waitUntil(lambda: "name:brew" in _offered(filled))
    offered = _offered(filled)
    assert offered.index("Brewing") < offered.index("name:brew service:shop")
    _press(filled, *[Qt.Key.Key_Down] * (offered.index("name:brew service:shop") + 1), Qt.Key.Key_Tab)
    assert filled.bar.search.text() == "name:brew service:shop"
    filled.bar.search.clear()
    _press(filled, Qt.Key.Key_Down)
    assert _offered(filled) == ["Brewing", "name:brew service:shop"]
    _press(filled, Qt.Key.Key_Return)
    assert places == [OpenView("traces", "Brewing")]
    assert _offered(filled) == []


def _wait_for_offer(qtbot: QtBot, page: TracesPage, wanted: str) -> None:
    qtbot.waitUntil(lambda: wanted in _offered(page))


def test_hostile_values_are_only_text(filled: TracesPage, qtbot: QtBot) -> None:
    _type(filled, "http.route = <")
    qtbot.waitUntil(lambda: len(_offered(filled)) == 1)
    assert "\x1b" not in _offered(filled)[0]
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: filled.table.model.rowCount() == 1)


def test_enter_searches_while_nothing_is_chosen(filled: TracesPage, qtbot: QtBot) -> None:
    _type(filled, "na")
    qtbot.waitUntil(lambda: "name" in _offered(filled))
    _press(filled, Qt.Key.Key_Return)
    assert _offered(filled) == []
    assert filled.bar.search.text() == "na"


def test_escape_takes_the_list_away_first(filled: TracesPage, qtbot: QtBot) -> None:
    _type(filled, "na")
    qtbot.waitUntil(lambda: "name" in _offered(filled))
    _press(filled, Qt.Key.Key_Escape)
    assert (_offered(filled), filled.bar.search.text()) == ([], "na")
    _press(filled, Qt.Key.Key_Escape)
    assert filled.bar.search.text() == ""


def test_recent_queries_are_offered_and_outlive_the_window(
    filled: TracesPage, bench: Workbench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for text in ("name:brew", "pour", "(wrong", "name:brew"):
        filled.bar.search.setText(text)
        filled.bar.search.setFocus()
        _press(filled, Qt.Key.Key_Return)
    filled.bar.search.setFocus()
    filled.bar.search.clear()
    assert _offered(filled) == []
    _press(filled, Qt.Key.Key_Down)
    assert _offered(filled) == ["name:brew", "pour"]
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert filled.bar.search.text() == "pour"
    state = QSettings(str(tmp_path_factory.mktemp("state") / "window.ini"), QSettings.Format.IniFormat)
    filled.save_state(state)
    again = TracesPage(bench)
    again.restore_state(state)
    assert again.query.offers.recent == ("name:brew", "pour")
    again.deleteLater()


def test_what_is_written_beyond_the_plane_keeps_its_place(filled: TracesPage, qtbot: QtBot) -> None:
    filled.bar.search.setText("💩💩 ")
    _type(filled, "serv")
    qtbot.waitUntil(lambda: "service" in _offered(filled))
    _press(filled, Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert filled.bar.search.text() == "💩💩 service:"
