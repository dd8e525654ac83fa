"""The Preferences page on a running engine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features.preferences.page import PreferencesPage
from junjo_desktop.settings import load_settings
from junjo_desktop.shell.workbench import Workbench
from tests.features.conftest import Show
from tests.support import hands


@pytest.fixture
def page(workbench: Workbench, show: Show[PreferencesPage], qtbot: QtBot) -> PreferencesPage:
    page = show(PreferencesPage(workbench))
    qtbot.waitUntil(lambda: bool(page.storage.facts))
    return page


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def type_into(page: PreferencesPage, place: int, text: str, *, enter: bool = False) -> None:
    hands.write(page.ports.fields[place].field, text, enter=enter)


def test_a_changed_port_is_opened_and_saved(page: PreferencesPage, engine: Engine, qtbot: QtBot) -> None:
    port = free_port()
    type_into(page, 0, str(port))
    assert "ports not applied" in [tag.text for tag in page._header._tags]
    hands.button(page, "Apply").click()
    qtbot.waitUntil(lambda: page.notice.text == "The ports are open.")
    assert load_settings(engine.data_dir.settings)[0].otlp_ports == (port,)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)):
        assert not hands.is_offered(page, "Apply")


def test_a_taken_port_is_told_beside_its_field(
    page: PreferencesPage, engine: Engine, qtbot: QtBot, taken_port: int
) -> None:
    hands.button(page, "Add port").click()
    type_into(page, 1, str(taken_port), enter=True)
    qtbot.waitUntil(lambda: "1 port could not be opened" in page.notice.text)
    qtbot.waitUntil(lambda: str(taken_port) in page.ports.fields[1].remark)
    assert page.ports.fields[0].remark == ""
    assert engine.settings.otlp_ports == (0, taken_port)
    assert hands.is_offered(page, "Try again")


def test_a_port_that_was_freed_is_opened_by_trying_again(page: PreferencesPage, qtbot: QtBot) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        type_into(page, 0, str(port), enter=True)
        qtbot.waitUntil(lambda: str(port) in page.ports.fields[0].remark)
        qtbot.waitUntil(lambda: hands.is_offered(page, "Try again"))
    hands.button(page, "Try again").click()
    qtbot.waitUntil(lambda: page.notice.text == "The ports are open.")
    qtbot.waitUntil(lambda: page.ports.fields[0].remark == "")
    assert not hands.is_offered(page, "Try again")


@pytest.mark.parametrize(("text", "words"), [("70000", "whole number"), ("", "Enter a port"), ("80", "reserved")])
def test_bad_input_says_why_in_place_and_is_not_applied(
    page: PreferencesPage, engine: Engine, text: str, words: str
) -> None:
    before = engine.settings
    hands.button(page, "Add port").click()
    type_into(page, 1, text, enter=True)
    assert words in page.ports.fields[1].remark
    assert not hands.is_offered(page, "Apply")
    assert engine.settings == before


def test_revert_puts_the_ports_in_force_back(page: PreferencesPage) -> None:
    hands.button(page, "Add port").click()
    type_into(page, 0, "12345")
    hands.button(page, "Revert").click()
    assert [field.text for field in page.ports.fields] == ["0"]
    assert not page.ports.is_edited


def test_a_port_can_be_removed_but_not_the_last(page: PreferencesPage, qtbot: QtBot) -> None:
    added = page.ports.add_port()
    qtbot.waitUntil(lambda: len(page.ports.fields) == 2)
    added.removed.emit(added)
    assert len(page.ports.fields) == 1
    assert page.ports.fields[0].tab_stops[1].isHidden()


def test_what_is_typed_survives_news_of_the_intake(page: PreferencesPage, engine: Engine) -> None:
    type_into(page, 0, "12345")
    page._take_report(engine.report())
    page._workbench.settings_changed.emit()
    assert page.ports.fields[0].text == "12345"


def test_a_theme_is_saved_and_announced(page: PreferencesPage, engine: Engine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page._workbench.settings_changed):
        hands.button(page, "Dark").click()
    assert engine.settings.theme == "dark"
    assert load_settings(engine.data_dir.settings)[0].theme == "dark"


class Opener(QObject):
    """Stands in for the desktop, which the tests do not have."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


def test_paths_can_be_copied_and_opened(page: PreferencesPage, engine: Engine) -> None:
    folder = page.paths["Data folder"]
    hands.button(folder, "Copy path").click()
    assert QGuiApplication.clipboard().text() == str(engine.data_dir.root)
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type] # the stubs say bytes, the binding wants str
    try:
        hands.button(folder, "Open folder").click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [url.toLocalFile() for url in opener.opened] == [str(engine.data_dir.root)]


def test_a_file_that_is_not_there_yet_is_said(page: PreferencesPage) -> None:
    page.paths["Settings"].open_path()
    assert "does not exist yet" in page.notice.text


def test_versions_can_be_copied(page: PreferencesPage) -> None:
    hands.button(page, "Copy versions").click()
    assert QGuiApplication.clipboard().text().startswith("Junjo Desktop ")


def test_ports_of_the_command_line_are_told(page: PreferencesPage, engine: Engine) -> None:
    page.ports.show_settings(type(engine.settings)(otlp_ports=(4317, 50051), validator_port=0))
    page.ports.show_listeners(engine.listeners)
    assert "started with other OTLP ports" in page.ports.overruled.text()
    assert not page.ports.overruled.isHidden()


def test_the_keyboard_goes_through_the_ports_in_order(page: PreferencesPage) -> None:
    added = page.ports.add_port()
    wanted = [*page.ports.fields[0].tab_stops, *added.tab_stops]
    places = [list(hands.in_tab_order(page)).index(stop) for stop in wanted]
    assert places == list(range(places[0], places[0] + len(wanted)))


def test_every_control_has_a_name(page: PreferencesPage) -> None:
    page.ports.add_port()
    assert hands.nameless(page) == []
