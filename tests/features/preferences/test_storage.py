"""Storage and Retention in Preferences, on a running engine with telemetry of the last forty days."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.features.preferences.page import PreferencesPage
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import load_settings
from junjo_desktop.shell.deletion_dialog import DeletionDialog
from junjo_desktop.shell.housekeeping import Outcome
from junjo_desktop.shell.workbench import Workbench
from tests.features.conftest import FREE, Show
from tests.support import hands
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry

DAY_NS = 86_400 * 10**9
AGES = (1, 2, 3, 5, 9, 12, 20, 28, 32, 34, 36, 40)
HOSTILE = "<b>&evil\n\u202e" + "x" * 500


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """A started engine; twelve traces were received in the last forty days, half of them of a second service."""
    telemetry = StoredTelemetry(data_dir.root)
    now_ns = time.time_ns()
    for age in AGES:
        one = span(trace=trace_id(age), id=span_id(age), start_ns=now_ns - age * DAY_NS)
        service = HOSTILE if age % 4 == 0 else "shop"  # six of each
        telemetry.add(trace_request(one, service=service), received_ns=now_ns - age * DAY_NS)
    telemetry.set_starred(trace_id(40).hex(), True)
    telemetry.close()
    engine = Engine(data_dir, replace(FREE, retention_days=0, retention_gb=0.0), secrets=MemorySecretStore())
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def page(workbench: Workbench, show: Show[PreferencesPage], qtbot: QtBot) -> PreferencesPage:
    page = show(PreferencesPage(workbench))
    qtbot.waitUntil(lambda: bool(page.storage.facts))
    qtbot.waitUntil(lambda: bool(page.storage.service_entries))
    return page


@pytest.fixture
def outcomes(workbench: Workbench) -> list[Outcome]:
    """What came of deletions."""
    found: list[Outcome] = []
    workbench.housekeeping.ended.connect(found.append)
    return found


def confirm(qtbot: QtBot, page: PreferencesPage) -> DeletionDialog:
    [dialog] = [one for one in page.findChildren(DeletionDialog) if one.isVisible()]
    qtbot.waitUntil(dialog.delete.isEnabled)
    dialog.delete.click()
    return dialog


def test_what_is_stored_and_what_it_takes_is_shown(page: PreferencesPage, engine: Engine) -> None:
    facts = page.storage.facts
    assert (facts["Spans"], facts["Traces"], facts["Starred"]) == ("12", "12", "1")
    assert facts["Oldest"].endswith("40 days ago")
    name, size, _share = page.storage.files.lines[0]
    assert name == "telemetry.duckdb"
    assert not size.startswith("0")
    assert page.storage.files.bar.accessibleDescription().startswith("telemetry.duckdb ")
    assert engine.data_dir.telemetry.exists()


def test_it_follows_what_is_stored_while_it_is_looked_at(page: PreferencesPage, engine: Engine, qtbot: QtBot) -> None:
    page._panel._again.setInterval(10)
    engine.set_starred(trace_id(36).hex(), True)
    page._workbench.stars.reload()
    qtbot.waitUntil(lambda: page.storage.facts["Starred"] == "2")


def test_it_is_not_read_while_nobody_looks(page: PreferencesPage, qtbot: QtBot) -> None:
    page._panel._again.setInterval(10)
    page.hide()
    page._workbench.batch_stored.emit()
    qtbot.wait(60)  # proves that nothing happens
    assert not page._panel._reading.busy
    page.show()
    assert page._panel._reading.busy


def test_what_cannot_be_read_is_said_and_can_be_tried_again(
    page: PreferencesPage, engine: Engine, qtbot: QtBot
) -> None:
    with closing(sqlite3.connect(engine.data_dir.state)) as state:
        state.execute("ALTER TABLE stars RENAME TO elsewhere")
        page._panel.read()
        qtbot.waitUntil(lambda: "could not be read" in hands.texts(page.storage))
        assert page.storage.facts["Spans"] == "12"  # what was known stays
        state.execute("ALTER TABLE elsewhere RENAME TO stars")
    hands.button(page.storage, "Try again").click()
    qtbot.waitUntil(lambda: "could not be read" not in hands.texts(page.storage))


def test_no_limit_is_said_in_place(page: PreferencesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.retention.next.text() == "Nothing: there is no limit.")
    assert hands.texts(page.retention).count("no limit") >= 2


def test_what_new_limits_would_remove_is_said_before_they_apply(
    page: PreferencesPage, engine: Engine, qtbot: QtBot
) -> None:
    hands.write(page.retention.days.field, "30")
    assert not page.retention.apply.isEnabled()
    # Of four that are older the starred one stays.
    qtbot.waitUntil(lambda: "3 traces with 3 spans" in page.retention.preview.text())
    assert "older than 30 days" in page.retention.preview.text()
    assert page.retention.apply.isEnabled()
    assert engine.settings.retention_days == 0
    assert "limits not applied" in [tag.text for tag in page._header._tags]


def test_limits_are_applied_saved_and_said(page: PreferencesPage, engine: Engine, qtbot: QtBot) -> None:
    hands.write(page.retention.days.field, "100")
    hands.write(page.retention.gb.field, "0,5")
    qtbot.waitUntil(page.retention.apply.isEnabled)
    assert page.retention.preview.text().startswith("These limits remove nothing now")
    QTest.keyClick(page.retention.gb.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The new limits hold." in page.notice.text)
    saved, _ = load_settings(engine.data_dir.settings)
    assert (saved.retention_days, saved.retention_gb) == (100, 0.5)
    assert page.retention.gb.text == "0.5"
    assert not page.retention.is_edited
    qtbot.waitUntil(lambda: "older than 100 days" in page.retention.next.text())


@pytest.mark.parametrize(("days", "gb"), [("x", "10"), ("", "10"), ("30", "0.01"), ("30", "1e9")])
def test_bad_limits_say_why_and_are_not_applied(page: PreferencesPage, engine: Engine, days: str, gb: str) -> None:
    hands.write(page.retention.days.field, days)
    hands.write(page.retention.gb.field, gb, enter=True)
    problems = page.retention.days.problem + page.retention.gb.problem
    assert "no limit" in problems
    assert not page.retention.apply.isEnabled()
    hands.button(page.retention, "Revert").click()
    assert (page.retention.days.text, page.retention.gb.text) == ("0", "0")
    assert engine.settings.retention_days == 0


def test_everything_can_be_deleted_but_what_is_starred(
    page: PreferencesPage, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    hands.button(page, "Delete everything…").click()
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: [one.sentence for one in outcomes] == ["Deleted 11 traces, 11 spans."])
    qtbot.waitUntil(lambda: page.storage.facts["Traces"] == "1")


def test_a_service_can_be_deleted_from_the_menu(page: PreferencesPage, qtbot: QtBot, outcomes: list[Outcome]) -> None:
    hostile, shop = page.storage.service_entries
    assert "<b>&&evil⏎" in hostile
    assert shop.endswith("· 6 spans")
    [action] = [one for one in page.storage._services.actions() if "shop" in one.text()]
    action.trigger()
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: [one.sentence for one in outcomes] == ["Deleted 6 traces, 6 spans."])
    qtbot.waitUntil(lambda: len(page.storage.service_entries) == 1)


def test_old_telemetry_can_be_deleted(page: PreferencesPage, qtbot: QtBot, outcomes: list[Outcome]) -> None:
    hands.button(page, "Delete older than…").click()
    confirm(qtbot, page)
    qtbot.waitUntil(lambda: [one.sentence for one in outcomes] == ["Deleted 7 traces, 7 spans."])


def test_nothing_else_can_be_begun_while_something_is_deleted(
    page: PreferencesPage, engine: Engine, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    hands.button(page, "Delete everything…").click()
    with engine.store.write():
        confirm(qtbot, page)
        assert not hands.is_offered(page, "Delete everything…")
        assert not hands.is_offered(page, "Delete a service…")
    qtbot.waitUntil(lambda: len(outcomes) == 1)
    qtbot.waitUntil(lambda: hands.is_offered(page, "Delete everything…"))


def test_free_room_is_offered_back_to_the_disk(
    page: PreferencesPage, engine: Engine, qtbot: QtBot, outcomes: list[Outcome]
) -> None:
    assert not hands.is_offered(page, "Give space back now")
    page.storage.show_report(replace(engine.storage(), reclaimable_bytes=4_200_000))
    assert "4.2 MB within telemetry.duckdb" in hands.texts(page.storage)
    hands.button(page, "Give space back now").click()
    qtbot.waitUntil(lambda: len(outcomes) == 1)
    assert "given back" in outcomes[0].sentence


def test_an_empty_store_offers_nothing_to_delete(page: PreferencesPage, engine: Engine) -> None:
    page.storage.show_report(replace(engine.storage(), spans=0, traces=0, logs=0, metrics=0, oldest_ns=None))
    assert page.storage.facts["Oldest"] == "nothing yet"
    assert not hands.is_offered(page, "Delete everything…")
    assert not hands.is_offered(page, "Delete older than…")


def test_every_control_has_a_name_and_nothing_is_markup(page: PreferencesPage) -> None:
    hands.write(page.retention.days.field, "30")
    assert unnamed_controls(page) == []
    assert hands.rich_labels(page) == []
