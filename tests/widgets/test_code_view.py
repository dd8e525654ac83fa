"""Text is read whole or in part, found in, and never stalls the window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.theme.apply import apply_theme
from junjo_desktop.theme.tokens import DARK, LIGHT
from junjo_desktop.widgets.code_view import SHOWN_CHARACTERS, CodeView
from tests.support.qt import press, unnamed_controls


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    shown = CodeView("Raw span")
    qtbot.addWidget(shown)
    shown.resize(600, 300)
    shown.show()
    return shown


def color_at(view: CodeView, position: int) -> QColor:
    block = view.editor.document().findBlock(position)
    column = position - block.position()
    ranges = [part for part in block.layout().formats() if part.start <= column < part.start + part.length]
    return ranges[0].format.foreground().color() if ranges else QColor()


def test_json_is_coloured_by_type_also_after_the_theme_changed(
    qapp: QApplication, qtbot: QtBot, view: CodeView
) -> None:
    text = json.dumps({"😀key": "text", "n": 12}, ensure_ascii=False)
    view.set_text(text, "json")
    # Qt counts the emoji as two.
    number = text.index("12") + 1
    assert color_at(view, 2) == QColor(LIGHT.accent)
    assert color_at(view, number) == QColor(LIGHT.llm)

    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: color_at(view, number) == QColor(DARK.llm))


def test_lines_are_coloured_when_they_come_into_view(qtbot: QtBot, view: CodeView) -> None:
    view.set_text("\n".join(f"[{number}]" for number in range(1000, 6000)), "json")
    assert color_at(view, 1) == QColor(LIGHT.llm)
    assert color_at(view, 7 * 4999 + 1) != QColor(LIGHT.llm)
    view.editor.verticalScrollBar().setValue(view.editor.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: color_at(view, 7 * 4999 + 1) == QColor(LIGHT.llm))


def test_a_long_text_is_cut_until_asked_for(view: CodeView) -> None:
    line = "x" * 99 + "\n"
    text = line * (SHOWN_CHARACTERS // 100 + 50)
    view.set_text(text)
    assert len(view.editor.toPlainText()) == SHOWN_CHARACTERS
    assert view.text == text

    press(view, "Show all")
    assert len(view.editor.toPlainText()) == len(text)


def test_a_very_long_line_is_shown_whole_and_copied_as_one(view: CodeView) -> None:
    # Without breaks of ours Qt would take half a minute for this line.
    line = "y" * 500_000
    view.set_text(f"{line}\nshort\n")
    view.editor.selectAll()
    QTest.keyClick(view.editor, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == f"{line}\nshort\n"


def test_a_part_of_a_long_line_is_copied_without_breaks(view: CodeView) -> None:
    view.set_text("first\n" + "0123456789" * 300)
    cursor = view.editor.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(6 + 2500, cursor.MoveMode.KeepAnchor)
    view.editor.setTextCursor(cursor)
    copied = view.editor.selected_text()
    assert copied == "st\n" + ("0123456789" * 300)[: len(copied) - 3]
    assert "\n" not in copied[3:]


def test_find_steps_forward_and_back_around_the_ends(qtbot: QtBot, view: CodeView) -> None:
    view.set_text("one two one two one")
    view.open_find()
    QTest.keyClicks(view.find_bar.field, "one")
    qtbot.waitUntil(lambda: len(view.editor.extraSelections()) == 3)

    def at() -> int:
        return view.editor.textCursor().selectionStart()

    assert at() == 0
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    assert at() == 8
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Return)
    assert at() == 0
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert at() == 16


def test_closing_find_takes_the_marks_away(view: CodeView) -> None:
    view.set_text("one two one")
    view.find_bar.open_with("one")
    assert len(view.editor.extraSelections()) == 2
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Escape)
    QTest.keyClick(view.find_bar.field, Qt.Key.Key_Escape)
    assert not view.find_bar.isVisible()
    assert view.editor.extraSelections() == []


def test_control_characters_are_made_visible(view: CodeView) -> None:
    view.set_text("a\x00b\n\tc")
    assert view.editor.toPlainText() == "a␀b\n\tc"


def test_it_can_be_used_without_sight_or_mouse(view: CodeView) -> None:
    view.open_find()
    assert unnamed_controls(view) == []
