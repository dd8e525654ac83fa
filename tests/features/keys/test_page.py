"""The Keys page on a running engine."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features.keys.page import KeysPage
from junjo_desktop.settings import load_settings
from junjo_desktop.shell.workbench import Workbench
from tests.features.conftest import Show
from tests.support import hands


@pytest.fixture
def page(workbench: Workbench, show: Show[KeysPage], qtbot: QtBot) -> KeysPage:
    page = show(KeysPage(workbench))
    wait_for_names(qtbot, page, ["default"])
    return page


def names(page: KeysPage) -> list[str]:
    model = page.table.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def wait_for_names(qtbot: QtBot, page: KeysPage, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: sorted(names(page)) == sorted(expected))


def create(page: KeysPage, name: str) -> None:
    hands.button(page, "New key").click()
    hands.write(next(edit for edit in page.new_key.findChildren(QLineEdit) if not edit.isReadOnly()), name, enter=True)


def test_until_the_keys_are_read_the_page_says_so(workbench: Workbench, show: Show[KeysPage], qtbot: QtBot) -> None:
    page = show(KeysPage(workbench))
    assert (page.table.empty_state.isVisible(), page.table.empty_state.sentence) == (True, "Reading the keys …")
    wait_for_names(qtbot, page, ["default"])
    assert not page.table.empty_state.isVisible()


def test_a_new_key_is_ready_to_be_copied_and_works(page: KeysPage, engine: Engine, qtbot: QtBot) -> None:
    create(page, "nightly evaluation")
    qtbot.waitUntil(lambda: "nightly evaluation" in hands.texts(page.new_key))
    next(one for one in page.new_key.findChildren(type(page.new_key._copy)) if one.text() == "Copy secret").click()
    assert engine.api_keys.is_valid(QGuiApplication.clipboard().text())
    wait_for_names(qtbot, page, ["default", "nightly evaluation"])


def test_the_secret_is_covered_shown_on_request_and_forgotten(page: KeysPage, qtbot: QtBot) -> None:
    create(page, "ci")
    secret = next(edit for edit in page.new_key.findChildren(QLineEdit) if edit.isReadOnly())
    qtbot.waitUntil(lambda: bool(secret.text()))
    text = secret.text()
    assert text not in secret.displayText()
    hands.button(page, "Show").click()
    assert secret.displayText() == text
    assert text not in hands.spoken(page)
    hands.button(page, "Done").click()
    assert secret.text() == ""


@pytest.mark.parametrize("name", ["", "   "])
def test_a_key_without_a_name_is_not_made(page: KeysPage, engine: Engine, name: str) -> None:
    create(page, name)
    assert "Give the key a name first." in hands.texts(page.new_key)
    assert len(engine.api_keys.list()) == 1


def test_a_name_the_key_store_refuses_says_why_in_place(page: KeysPage, qtbot: QtBot) -> None:
    create(page, "bad\u202ename")
    qtbot.waitUntil(lambda: "printable characters" in hands.texts(page.new_key))
    assert hands.is_offered(page, "Create key")


def test_revoking_asks_first_and_then_holds_at_once(page: KeysPage, engine: Engine, qtbot: QtBot) -> None:
    secret = engine.api_keys.secret_of(engine.api_keys.list()[0].id)
    assert secret is not None
    page.table.view.selectRow(0)
    hands.button(page, "Revoke…").click()
    assert "Programs that send with it are refused" in page.notice.text
    assert engine.api_keys.is_valid(secret)
    hands.button(page, "Revoke").click()
    wait_for_names(qtbot, page, [])
    assert not engine.api_keys.is_valid(secret)
    assert "revoked" in page.notice.text


def test_keeping_a_key_changes_nothing(page: KeysPage, engine: Engine) -> None:
    page.table.view.selectRow(0)
    page.ask_revoke()
    hands.button(page, "Keep").click()
    assert not page.notice.isVisible()
    assert len(engine.api_keys.list()) == 1


def test_a_kept_secret_can_be_copied_again(page: KeysPage, engine: Engine, qtbot: QtBot) -> None:
    page.table.view.selectRow(0)
    hands.button(page.table.window(), "Copy secret").click()
    qtbot.waitUntil(lambda: "on the clipboard" in page.notice.text)
    assert engine.api_keys.is_valid(QGuiApplication.clipboard().text())


def test_nothing_can_be_done_without_a_chosen_key(page: KeysPage) -> None:
    assert not hands.is_offered(page, "Copy secret")
    assert not hands.is_offered(page, "Revoke…")
    page.table.view.selectRow(0)
    assert hands.is_offered(page, "Copy secret")
    assert hands.is_offered(page, "Revoke…")


def test_keys_made_elsewhere_appear_when_the_page_comes_to_the_front(
    page: KeysPage, engine: Engine, qtbot: QtBot
) -> None:
    engine.api_keys.create("from the command line")
    page.activated()
    wait_for_names(qtbot, page, ["default", "from the command line"])


def test_the_door_opens_and_closes_with_the_setting(page: KeysPage, engine: Engine, qtbot: QtBot) -> None:
    box = page.findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    qtbot.waitUntil(box.isEnabled)
    box.click()
    qtbot.waitUntil(lambda: engine.report().keys_required is False)
    assert load_settings(engine.data_dir.settings)[0].accept_without_key
    qtbot.waitUntil(lambda: "open without a key" in [tag.text for tag in page._header._tags])
    qtbot.waitUntil(box.isEnabled)
    box.click()
    qtbot.waitUntil(lambda: engine.report().keys_required is True)


@pytest.mark.parametrize("keyring_problem", ["This computer offers no usable keyring."])
def test_a_missing_keyring_is_told_in_place(page: KeysPage, keyring_problem: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.problem.text == keyring_problem)
    create(page, "ci")
    qtbot.waitUntil(lambda: "copy the secret now" in hands.texts(page.new_key))
    qtbot.waitUntil(lambda: page.table.model.index(0, 4).data() == "until the app ends")


def test_hostile_names_are_plain_text(page: KeysPage, engine: Engine, qtbot: QtBot) -> None:
    engine.api_keys.create("<b>bold</b> שלום")
    page.activated()
    qtbot.waitUntil(lambda: len(names(page)) == 2)
    page.table.select_id(next(key.id for key in engine.api_keys.list() if key.name.startswith("<b>")))
    page.ask_revoke()
    assert "<b>bold</b>" in page.notice.text
    assert hands.rich_labels(page) == []


def test_every_control_has_a_name(page: KeysPage) -> None:
    page.new_key.ask()
    assert hands.nameless(page) == []
