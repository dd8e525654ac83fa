"""Starring and deleting the trace that is shown, and what its page says when it is gone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.deletion_dialog import DeletionDialog
from junjo_desktop.shell.destinations import CompareTraces, OpenTrace
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.selection import Selection, Toll
from tests.features.trace.sample_trace import ROOT, TRACE, add_sample
from tests.support.otlp import span, span_id, trace_request
from tests.support.qt import Role, find
from tests.support.stored import StoredTelemetry

HOSTILE = "<b>&evil\n\u202e" + "x" * 500


@pytest.fixture
def shown(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> str:
    """The id of the trace that the page shows."""
    trace = add_sample(telemetry)
    open_trace(page, qtbot, trace)
    return trace


def open_trace(page: TracePage, qtbot: QtBot, trace: str) -> None:
    page.show_destination(OpenTrace(trace))
    qtbot.waitUntil(lambda: page.view.inspector.detail is not None)


def command(page: TracePage, name: str) -> Command:
    return next(one for one in page.commands() if one.id == name)


def menu_entries(page: TracePage) -> list[str]:
    page.trace_actions.menu.aboutToShow.emit()
    return [action.text() for action in page.trace_actions.menu.actions() if action.text()]


def test_the_star_of_the_header_shows_and_changes_the_star(
    shown: str, telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    star = find(page, Role.CheckBox, "Star this trace")
    assert "(S)" in star.toolTip()
    assert "never removed by retention" in star.toolTip()
    QTest.mouseClick(star, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: telemetry.starred() == {shown})
    assert star.accessibleName() == "Remove the star"
    command(page, "trace.star").run()
    qtbot.waitUntil(lambda: telemetry.starred() == frozenset())
    assert not page.header.star.isChecked()
    assert command(page, "trace.star").shortcut == "S"


def test_a_star_from_elsewhere_is_shown(
    shown: str, telemetry: StoredTelemetry, page: TracePage, bench: Workbench, qtbot: QtBot
) -> None:
    telemetry.set_starred(shown, True)
    bench.stars.reload()
    qtbot.waitUntil(page.header.star.isChecked)


def test_a_trace_that_was_deleted_says_so(shown: str, page: TracePage, qtbot: QtBot) -> None:
    command(page, "trace.delete").run()
    [dialog] = page.findChildren(DeletionDialog)
    qtbot.waitUntil(dialog.delete.isEnabled)
    assert dialog.figures["Traces"] == "1"
    dialog.delete.click()
    qtbot.waitUntil(page.absent.isVisible)
    assert page.absent.sentence.startswith("This trace was deleted")
    assert shown == page._trace_id
    assert not page.header.star.isVisible()
    assert not command(page, "trace.delete").enabled()


def test_a_deleted_trace_of_which_more_arrives_is_shown_again(
    shown: str, telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    assert telemetry.delete(Selection(trace_ids=(shown,))).traces == 1
    qtbot.waitUntil(page.absent.isVisible)
    telemetry.add(trace_request(span("late", trace=TRACE, id=span_id(77), parent=ROOT)))
    qtbot.waitUntil(page.view.isVisible)
    assert page.header.name.text() == "late"


def test_a_trace_that_lost_the_spans_of_a_service_shows_the_rest(
    shown: str, telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    telemetry.add(trace_request(span("theirs", trace=TRACE, id=span_id(78), parent=ROOT), service="other"))
    qtbot.waitUntil(lambda: "other" in page.header.service.text() or len(page.view.tree.spans) == 5)
    assert telemetry.delete(Selection(service="other")) == Toll(traces=0, spans=1)
    qtbot.waitUntil(lambda: len(page.view.tree.spans) == 4)
    assert shown == page._trace_id


def test_the_menu_offers_what_can_be_done_with_every_service_of_the_trace(
    shown: str, telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    telemetry.add(trace_request(span("theirs", trace=TRACE, id=span_id(79), parent=ROOT), service=HOSTILE))
    qtbot.waitUntil(lambda: len(page.view.tree.spans) == 5)
    entries = menu_entries(page)
    assert entries[:4] == ["Star\tS", "Copy trace id\tShift+C", "Tags and note…\tJ", "Delete this trace…\tDel"]
    services = [entry for entry in entries if "telemetry of" in entry]
    assert len(services) == 2
    assert any("<b>&&evil⏎" in entry and len(entry) < 100 for entry in services)
    assert shown == page._trace_id


def test_the_trace_is_compared_with_the_usual_or_with_a_chosen_one(
    shown: str, page: TracePage, places: list[object]
) -> None:
    command(page, "trace.compare_usual").run()
    command(page, "trace.compare").run()
    assert places == [CompareTraces(shown), CompareTraces(shown, is_choosing=True)]
    assert "Compare with the usual\tU" in menu_entries(page)
