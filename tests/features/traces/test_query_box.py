"""Queries in the search box of the Traces page: what they list, and what is said of one that makes no sense."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.listings import Listing
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.features.traces.queries import first_page, whole_listing
from junjo_desktop.shell.destinations import OpenTraces
from tests.features.traces.test_page import add, wait_for_names
from tests.features.traces.test_queries import NOW, add_trace
from tests.support.stored import StoredTelemetry


def _has_mark(page: TracesPage) -> bool:
    return page.bar.search.has_problem


def _ask(page: TracesPage, text: str) -> None:
    page.bar.search.setFocus()
    page.bar.search.setText(text)
    QTest.keyClick(page.bar.search, Qt.Key.Key_Return)


@pytest.fixture
def filled(page: TracesPage, telemetry: StoredTelemetry, qtbot: QtBot) -> TracesPage:
    """The page with three traces."""
    add(telemetry, 1, "brew")
    add(telemetry, 2, "pour", service="billing")
    add(telemetry, 3, "serve", error="spilled")
    wait_for_names(qtbot, page, ["serve", "pour", "brew"])
    return page


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("service:shop", ["serve", "brew"]),
        ("service:shop -status:error", ["brew"]),
        ("name in (brew, pour)", ["pour", "brew"]),
        ("brew OR spilled", ["serve", "brew"]),
        ("{error = true}", ["serve"]),
    ],
)
def test_a_query_lists_what_matches(filled: TracesPage, qtbot: QtBot, text: str, wanted: list[str]) -> None:
    _ask(filled, text)
    wait_for_names(qtbot, filled, wanted)
    assert filled.query.mistakes.isHidden()
    assert not _has_mark(filled)


def test_a_query_and_the_filters_hold_together(filled: TracesPage, qtbot: QtBot) -> None:
    _ask(filled, "service:shop")
    wait_for_names(qtbot, filled, ["serve", "brew"])
    filled.bar.errors.click()
    wait_for_names(qtbot, filled, ["serve"])


def test_a_mistake_is_marked_and_told_and_the_list_stays(filled: TracesPage, qtbot: QtBot) -> None:
    _ask(filled, "service:shop")
    wait_for_names(qtbot, filled, ["serve", "brew"])
    _ask(filled, "duration > banana name:brew")
    assert _has_mark(filled)
    assert filled.query.mistakes.isVisible()
    assert filled.query.mistakes.text.startswith("“banana” does not fit here. Expected a time with its unit")
    assert "banana" in filled.bar.search.toolTip()
    assert filled.bar.search.accessibleDescription().startswith("“banana”")
    assert filled.shown_filter == TraceFilter(text="service:shop")
    filled.bar.errors.click()
    wait_for_names(qtbot, filled, ["serve"])
    assert filled.bar.search.text() == "duration > banana name:brew", "what was typed is not taken away"
    filled.bar.errors.click()
    _ask(filled, "duration < 5s name:brew")
    wait_for_names(qtbot, filled, ["brew"])
    assert filled.query.mistakes.isHidden()
    assert not _has_mark(filled)
    assert "banana" not in filled.bar.search.toolTip()


def test_the_mark_is_painted_below_the_place(filled: TracesPage, qtbot: QtBot) -> None:
    field = filled.bar.search
    _ask(filled, "name:brew")
    wait_for_names(qtbot, filled, ["brew"])
    field.setText("a duration > 5")
    qtbot.wait(1)
    plain = field.grab().toImage()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.has_problem
    assert field.grab().toImage() != plain


def test_what_is_not_finished_is_no_mistake_before_enter(filled: TracesPage, qtbot: QtBot) -> None:
    field = filled.bar.search
    field.setFocus()
    QTest.keyClicks(field, "service:")
    qtbot.waitUntil(filled.query.mistakes.isVisible)
    assert filled.query.mistakes.text.startswith("Expected one such as shop")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert filled.query.mistakes.text.startswith("A value is missing after `:`.")


def test_escape_takes_query_and_complaint_away(filled: TracesPage, qtbot: QtBot) -> None:
    _ask(filled, "service:shop")
    wait_for_names(qtbot, filled, ["serve", "brew"])
    _ask(filled, "(a")
    assert filled.query.mistakes.isVisible()
    QTest.keyClick(filled.bar.search, Qt.Key.Key_Escape)
    wait_for_names(qtbot, filled, ["serve", "pour", "brew"])
    assert filled.query.mistakes.isHidden()


def test_a_query_may_come_from_elsewhere(filled: TracesPage, qtbot: QtBot) -> None:
    filled.show_destination(OpenTraces(text='"never closed'))
    assert filled.bar.search.text() == '"never closed'
    assert filled.query.mistakes.isVisible()
    filled.show_destination(OpenTraces(text="name:pour"))
    wait_for_names(qtbot, filled, ["pour"])


def test_a_first_look_never_lists_what_does_not_match(
    telemetry: StoredTelemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("junjo_desktop.features.traces.queries.NEWEST_SPANS", 2)
    ids = [add_trace(telemetry, number, "a" if number % 2 else "b") for number in range(1, 7)]
    for text, wanted in (("-name:a", ids[1::2]), ("name:a", ids[::2]), ("name:a OR -a", ids)):
        assert _listed(telemetry, text, whole_listing) == wanted[::-1]
        assert _listed(telemetry, text, first_page) == wanted[::-1]
        by_name = _listed(telemetry, text, first_page, Sort(SortBy.NAME))
        assert set() < set(by_name) < set(wanted), "only the newest spans are looked at"


def _listed(telemetry: StoredTelemetry, text: str, read: Callable[..., Listing], sort: Sort | None = None) -> list[str]:
    return telemetry.read(lambda cursor: read(cursor, TraceFilter(text=text), sort or Sort(), NOW)).ids.page(0, 9)
