"""The frame: pages built when first shown, places with a way back, commands, state that is kept."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.background import from_any_thread
from junjo_desktop.errors import UserError
from junjo_desktop.shell.command_palette import CommandPalette
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.key_sheet import KeySheet
from junjo_desktop.shell.main_window import MainWindow
from junjo_desktop.shell.rail import FOLDED_PX
from junjo_desktop.telemetry.intake import IntakeReport, Listener, Purpose
from junjo_desktop.theme.tokens import RAIL_PX
from tests.shell.conftest import OpenIt
from tests.shell.pages import Built, NotePage, OpenNote, OpenNowhere, broken_feature
from tests.support.qt import Role, find, press, unnamed_controls


@pytest.fixture
def built() -> Built:
    return Built()


@pytest.fixture
def features(built: Built) -> list[Feature]:
    return [
        built.feature("first", 1),
        built.feature("second", 2),
        built.feature("note", 3, "hidden", (OpenNote,)),
        built.feature("connect", 10, "foot"),
    ]


@pytest.fixture
def window(open_window: OpenIt, features: list[Feature]) -> MainWindow:
    return open_window(features).window


def test_only_the_first_page_is_built_at_the_start(window: MainWindow, built: Built) -> None:
    assert list(built.pages) == ["first"]
    assert window.windowTitle() == "First – Junjo Desktop"


def test_the_rail_shows_pages_by_section_and_leaves_hidden_ones_out(window: MainWindow) -> None:
    assert window.rail.names == ("first", "second", "connect")


def test_pressing_the_rail_brings_a_page_to_the_front(window: MainWindow, built: Built) -> None:
    press(window, "Second", Role.CheckBox)
    assert window.pages.current is built.pages["second"]
    press(window, "First", Role.CheckBox)
    assert window.pages.current is built.pages["first"]


def test_destinations_reach_the_page_that_shows_them(window: MainWindow, built: Built) -> None:
    workbench = window.workbench
    assert workbench.open(OpenNote("a"))
    assert built.pages["note"].asked == [OpenNote("a"), "activated"]
    assert workbench.can_open(OpenNote("b"))
    assert not workbench.can_open(OpenNowhere())
    assert not workbench.open(OpenNowhere())
    assert not workbench.open(OpenPage("nothing"))


def test_back_returns_to_the_place_as_it_was_left(window: MainWindow, built: Built) -> None:
    for place in (OpenNote("a"), OpenNote("b"), OpenPage("second")):
        window.workbench.open(place)
    note = built.pages["note"]
    note.asked.clear()

    window.pages.back()
    assert note.asked == ["activated"], "the page still showed b: it is not asked again"
    window.pages.back()
    assert note.asked == ["activated", OpenNote("a"), "activated"]
    window.pages.back()
    assert window.pages.current is built.pages["first"]
    window.pages.back()
    assert window.pages.current is built.pages["first"]
    window.pages.forward()
    assert window.pages.current is note


def test_keys_go_back_forward_and_to_pages(qtbot: QtBot, window: MainWindow, built: Built) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current is built.pages["second"]
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    assert window.pages.current is built.pages["first"]
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert window.pages.current is built.pages["second"]


def test_typing_into_a_field_never_runs_commands(qtbot: QtBot, window: MainWindow, built: Built) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field = built.pages["first"].field
    field.setFocus()
    QTest.keyClicks(field, "R?2")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "R?"
    assert built.pages["first"].ran == []
    assert window.findChild(KeySheet) is None


def test_a_pages_keys_work_while_it_is_in_front(qtbot: QtBot, window: MainWindow, built: Built) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first = built.pages["first"]
    window.rail.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_R)
    assert first.ran == ["find", "run"]

    window.open_page("second")
    QTest.keyClick(window, Qt.Key.Key_R)
    assert first.ran == ["find", "run"]
    assert built.pages["second"].ran == ["run"]


def test_commands_that_appear_later_get_their_keys(qtbot: QtBot, window: MainWindow, built: Built) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page = built.pages["first"]
    ran: list[str] = []
    page.more_commands = (
        Command("late", "Late", lambda: ran.append("late"), "L"),
        Command("off", "Off", lambda: ran.append("off"), "O", enabled=lambda: False),
    )
    page.commands_changed.emit()
    QTest.keyClick(window, Qt.Key.Key_L)
    QTest.keyClick(window, Qt.Key.Key_O)
    assert ran == ["late"]


def palette_of(window: MainWindow) -> CommandPalette:
    palette = window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    return palette


def test_the_palette_finds_commands_and_places_and_runs_them(qtbot: QtBot, window: MainWindow, built: Built) -> None:
    window.recent_places = lambda: (Command("recent", "handle_message 14:02", built.pages["first"].run),)
    window.show_palette()
    palette = palette_of(window)
    assert palette.shown[0].id == "first.find", "the page's own come first"
    QTest.keyClicks(palette.field, "secnd")
    assert [command.title for command in palette.shown] == ["Second"]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.pages.current is built.pages["second"]
    qtbot.waitUntil(lambda: window.findChild(CommandPalette) is None)

    window.show_palette()
    QTest.keyClicks(palette_of(window).field, "handle")
    QTest.keyClick(palette_of(window).field, Qt.Key.Key_Return)
    assert built.pages["first"].ran == ["run"]


def test_the_palette_moves_with_the_arrows_and_says_when_nothing_matches(window: MainWindow) -> None:
    window.show_palette()
    palette = palette_of(window)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    QTest.keyClicks(palette.field, "zzzz")
    assert palette.shown == []
    assert find(palette, Role.StaticText, "Nothing matches.").isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    palette.reject()


def test_disabled_commands_are_not_offered(window: MainWindow) -> None:
    window.show_palette()
    assert "window.back" not in [command.id for command in palette_of(window).shown]
    palette_of(window).reject()


def test_the_key_sheet_lists_the_pages_keys(window: MainWindow) -> None:
    window.show_keys()
    sheet = window.findChild(KeySheet)
    assert isinstance(sheet, KeySheet)
    assert find(sheet, Role.StaticText, "Find in first").isVisible()
    sheet.reject()


def test_every_command_has_its_own_id_title_and_key(window: MainWindow) -> None:
    commands = window.commands()
    assert len({command.id for command in commands}) == len(commands)
    keys = [command.shortcut for command in commands if command.shortcut]
    assert len(set(keys)) == len(keys)
    assert all(command.title for command in commands)


def test_the_rail_folds_to_icons_and_stays_so(open_window: OpenIt, features: list[Feature]) -> None:
    window = open_window(features).window
    window.resize(1200, 700)
    assert window.rail.width() == RAIL_PX
    window.rail.toggle()
    assert window.rail.width() == FOLDED_PX
    window.close()

    again = open_window(features).window
    again.resize(1300, 700)
    assert again.rail.is_folded


def test_a_narrow_window_folds_the_rail_for_as_long_as_it_is_narrow(
    open_window: OpenIt, features: list[Feature]
) -> None:
    window = open_window(features).window
    window.resize(1200, 700)
    window.resize(900, 700)
    assert window.rail.width() == FOLDED_PX
    window.resize(1200, 700)
    assert window.rail.width() == RAIL_PX

    window.resize(900, 700)
    window.close()
    again = open_window(features).window
    again.resize(1200, 700)
    assert again.rail.width() == RAIL_PX, "it was not the user who folded it"


def test_pages_and_window_come_back_as_they_were_left(
    open_window: OpenIt, features: list[Feature], built: Built
) -> None:
    window = open_window(features).window
    window.resize(880, 600)
    window.open_page("second")
    built.pages["second"].field.setText("kept")
    window.close()

    again = open_window(features).window
    assert (again.width(), again.height()) == (880, 600)
    assert again.pages.current is built.pages["second"]
    assert built.pages["second"].field.text() == "kept"


def test_damaged_window_state_does_no_harm(engine: Engine, open_window: OpenIt, features: list[Feature]) -> None:
    engine.data_dir.window_state.write_bytes(b"[General]\ngeometry=\x00\xff\npage=@Variant(\x00)\n[")
    assert open_window(features).window.isVisible()


def test_a_page_that_cannot_be_built_is_told_about_and_the_rest_works(
    open_window: OpenIt, features: list[Feature]
) -> None:
    window = open_window([*features, broken_feature()]).window
    assert not window.open_page("broken")
    assert "no page today" in window.notices.texts[0]
    assert window.open_page("second")


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_another_process_can_raise_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.showMinimized()
    asking = threading.Thread(target=from_any_thread(window, window.raise_window))
    asking.start()
    asking.join()
    qtbot.waitUntil(lambda: not window.isMinimized())


def test_the_window_boots_without_any_feature(open_window: OpenIt) -> None:
    window = open_window([]).window
    assert window.pages.current is None
    window.show_palette()
    palette_of(window).reject()


def test_errors_of_a_page_are_shown_above_it(window: MainWindow) -> None:
    window.workbench.report_error(UserError("Port 4317 is taken.", "Choose another."))
    assert window.notices.texts == ("Port 4317 is taken. Choose another.",)
    assert window.notices.isVisible()


def test_nothing_is_left_behind(qtbot: QtBot, open_window: OpenIt, features: list[Feature]) -> None:
    threads = {thread.name for thread in threading.enumerate()}
    before = set(QApplication.topLevelWidgets())
    opened = open_window(features)
    window: QWidget | None = opened.window
    opened.close()
    assert {thread.name for thread in threading.enumerate()} <= threads
    assert isinstance(window, QWidget)
    with qtbot.waitSignal(window.destroyed):
        window.deleteLater()
    assert set(QApplication.topLevelWidgets()) <= before


def test_every_control_of_the_frame_has_a_name(window: MainWindow, built: Built) -> None:
    window.notices.show_error(RuntimeError("for its buttons"))
    assert isinstance(built.pages["first"], NotePage)
    assert unnamed_controls(window) == []


def test_a_second_shortcut_does_the_same(window: MainWindow, built: Built) -> None:
    press(window, "Second", Role.CheckBox)
    window.show()
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    assert window.pages.current is built.pages["first"]


def test_the_sheet_of_keys_tells_what_commands_and_views_understand(window: MainWindow) -> None:
    page = window.pages.current
    assert page is not None
    sheet = KeySheet(window.commands(), (("Space", "Peek at the note"),), window)
    told = [label.text() for label in sheet.findChildren(QLabel)]
    assert ("Alt+Left · Backspace" in told, "Peek at the note" in told) == (True, True)


def test_a_narrow_status_bar_leaves_figures_out_and_cuts_no_words(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    bar = window.status
    taken = tuple(Listener(Purpose.OTLP, port) for port in range(40_000, 40_008))
    bar.show_report(IntakeReport(taken, True, 1, 123_456_789, 0, 0, 0, 123_456_789, 10**9, (), (), quarantined=12_345))
    window.resize(1440, 600)
    qtbot.waitUntil(lambda: sum(label.isVisible() for label in bar.findChildren(QLabel)) == 3)
    window.resize(900, 600)
    qtbot.waitUntil(lambda: sum(label.isVisible() for label in bar.findChildren(QLabel)) < 3)
    shown = [button for button in bar.findChildren(QPushButton) if button.isVisible()]
    assert len(shown) == 3
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in shown))
