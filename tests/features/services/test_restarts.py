"""Restarts, and what the newest run does differently: the answer to "did my change help?"."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.services.page import ServicesPage
from junjo_desktop.features.services.restarts_panel import RestartsPanel
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.store.lookup import find
from junjo_desktop.store.service_verdicts import Verdict
from junjo_desktop.widgets.list_filter import quoted
from tests.support.otlp import Value
from tests.support.qt import Role, press, unnamed_controls
from tests.support.qt import find as find_control
from tests.support.service_worlds import MINUTE, Program, World, run_of
from tests.support.stored import StoredTelemetry
from tests.support.tables import cells, wait_for_cells

SLOW = Program(step_ms=90, tokens=1_500, more=("rerank",))


def process(number: int, version: str) -> dict[str, Value]:
    return {"service.instance.id": f"{number:032x}", "service.version": version, "process.pid": 100 + number}


def fill(telemetry: StoredTelemetry, *programs: tuple[str, Program], requests: int = 20, ago_min: int = 60) -> None:
    """One run after the other, the last one newest."""
    world = World()
    now = time.time_ns()
    for number, (version, program) in enumerate(programs):
        at = now - (ago_min - number * 5) * MINUTE
        run_of(world, "assistant", at, requests, program, process(ago_min * 100 + number, version))
    world.store(telemetry)


def shown(page: ServicesPage) -> RestartsPanel:
    page.show_view("restarts")
    page.show()
    return page.restarts


def operations(panel: RestartsPanel) -> dict[str, str]:
    table = panel.comparison.table
    return dict(zip(cells(table, "name"), cells(table, "verdict"), strict=True))


def test_the_newest_run_is_compared_with_the_one_before_at_once(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry, ("1.0", Program()), ("1.1", Program()), ("1.2", SLOW))
    panel = shown(page)
    wait_for_cells(qtbot, panel.table, "version", ["1.2", "1.1", "1.0"])
    assert cells(panel.table, "requests") == ["20", "20", "20"]
    assert cells(panel.table, "seen")[0].startswith("pid 6102 · ")
    qtbot.waitUntil(
        lambda: (
            operations(panel)
            == {
                "answer": "slower",
                "load context": "slower",
                "chat claude-sonnet-4-5": "more tokens",
                "rerank": "new",
            }
        )
    )
    head = panel.comparison.head
    assert head.sentence.text().startswith("Slower: half of the requests take at most ")
    assert head.texts(1)[0].endswith("· 1.1")
    assert head.texts(2)[0].endswith("· 1.2")
    assert head.texts(2)[1] == "20"
    assert panel.notice.isHidden()
    assert unnamed_controls(panel) == []


def test_any_run_can_be_chosen_and_any_two(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    fill(telemetry, ("1.0", Program()), ("1.1", Program()), ("1.2", SLOW))
    panel = shown(page)
    wait_for_cells(qtbot, panel.table, "version", ["1.2", "1.1", "1.0"])
    panel.table.view.selectRow(1)
    head = panel.comparison.head
    qtbot.waitUntil(lambda: head.sentence.text() == "No sure difference in 20 requests against 20.")
    model = panel.table.view.selectionModel()
    flags = QItemSelectionModel.SelectionFlag
    model.select(panel.table.model.index(0, 0), flags.ClearAndSelect | flags.Rows)
    model.select(panel.table.model.index(2, 0), flags.Select | flags.Rows)
    qtbot.waitUntil(lambda: head.texts(1)[0].endswith("· 1.0") and head.texts(2)[0].endswith("· 1.2"))
    panel.table.view.selectRow(2)
    qtbot.waitUntil(panel.comparison.sentence.isVisible)
    assert panel.comparison.sentence.text().startswith("This is the first run of ")


def test_verdicts_filter_the_operations_and_rows_lead_to_their_traces(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot, places: list[object]
) -> None:
    fill(telemetry, ("1.0", Program(more=("old cache",))), ("1.1", SLOW))
    panel = shown(page)
    qtbot.waitUntil(lambda: len(operations(panel)) == 5)
    panel.comparison.head.buttons[Verdict.GONE].click()
    qtbot.waitUntil(lambda: operations(panel) == {"old cache": "gone"})
    view = panel.comparison.table.view
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Return)
    panel.comparison.head.buttons[Verdict.GONE].click()
    qtbot.waitUntil(lambda: len(operations(panel)) == 5)
    panel.comparison.table.sort_requested.emit("change", True)
    qtbot.waitUntil(lambda: cells(panel.comparison.table, "name")[0] == "load context")
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Return)
    queries = [place.text for place in places if isinstance(place, OpenTraces)]
    assert [len(telemetry.read(partial(find, query=query))) for query in queries] == [20, 20]


def test_a_restart_that_arrives_is_compared_by_itself_and_a_choice_stays(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry, ("1.0", Program()), ("1.1", Program()))
    panel = shown(page)
    wait_for_cells(qtbot, panel.table, "version", ["1.1", "1.0"])
    fill(telemetry, ("1.2", SLOW), ago_min=20)
    wait_for_cells(qtbot, panel.table, "version", ["1.2", "1.1", "1.0"])
    head = panel.comparison.head
    qtbot.waitUntil(lambda: head.texts(2)[0].endswith("· 1.2"))
    panel.table.view.selectRow(1)
    qtbot.waitUntil(lambda: head.texts(2)[0].endswith("· 1.1"))
    fill(telemetry, ("1.3", SLOW), ago_min=10)
    qtbot.waitUntil(lambda: panel.table.news == 1)
    assert head.texts(2)[0].endswith("· 1.1")


def test_a_service_that_does_not_tell_its_process_is_cut_by_pauses_and_says_what_to_add(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    world = World()
    now = time.time_ns()
    for minutes, count in ((30, 3), (10, 2)):
        run_of(world, "assistant", now - minutes * MINUTE, count)
    world.store(telemetry)
    panel = shown(page)
    qtbot.waitUntil(lambda: panel.table.model.rowCount() == 2)
    assert cells(panel.table, "seen") == ["after a pause of 19 min 58 s", "the first in this time"]
    assert panel.notice.text.startswith(f"{quoted('assistant')} does not say which process sent a span")
    qtbot.waitUntil(lambda: bool(find_control(panel, Role.Button, "Copy the line that tells")))
    press(panel, "Copy the line that tells")
    assert '"service.instance.id": str(uuid.uuid4())' in QGuiApplication.clipboard().text()
    qtbot.waitUntil(lambda: panel.comparison.head.sentence.text() == "Too few to tell: 2 requests against 3.")


def test_a_service_that_ran_once_has_nothing_to_compare(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry, ("1.0", Program()))
    panel = shown(page)
    qtbot.waitUntil(panel.comparison.sentence.isVisible)
    wait_for_cells(qtbot, panel.table, "version", ["1.0"])
    assert panel.comparison.sentence.text().startswith("Every service has run only once")


def test_a_run_leads_to_its_traces(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot, places: list[object]
) -> None:
    fill(telemetry, ("1.0", Program()), ("1.1", Program()))
    panel = shown(page)
    wait_for_cells(qtbot, panel.table, "version", ["1.1", "1.0"])
    panel.table.view.selectRow(1)
    actions = {action.text(): action for action in panel.table.menu.build().actions()}
    actions["Show traces"].trigger()
    (place,) = places
    assert isinstance(place, OpenTraces)
    assert len(telemetry.read(partial(find, query=place.text))) == 20


def test_headers_sort_runs(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    fill(telemetry, ("1.0", SLOW), ("1.1", Program(failed=4)), ("1.2", Program()))
    panel = shown(page)
    wait_for_cells(qtbot, panel.table, "version", ["1.2", "1.1", "1.0"])
    panel.table.sort_requested.emit("errors", True)
    wait_for_cells(qtbot, panel.table, "version", ["1.1", "1.2", "1.0"])
    panel.table.sort_requested.emit("p50", True)
    qtbot.waitUntil(lambda: cells(panel.table, "version")[0] == "1.0")
