"""The small controls do what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.theme.tokens import LIGHT
from junjo_desktop.widgets.cells import bar_cell, dot_cell, tag_cell
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.facts_line import Fact, FactsLine
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.search_field import SearchField
from junjo_desktop.widgets.segmented import Segmented
from junjo_desktop.widgets.tag import Tag
from tests.support.qt import Role, press, unnamed_controls


def test_an_empty_state_says_its_sentence_and_helps(qtbot: QtBot) -> None:
    pressed: list[str] = []
    state = EmptyState("No traces yet. Point an SDK here.", "Copy snippet", lambda: pressed.append("copy"), "traces")
    qtbot.addWidget(state)
    state.show()
    press(state, "Copy snippet")
    assert pressed == ["copy"]

    state.set_content("No trace matches.", "Clear the filter", lambda: pressed.append("clear"))
    press(state, "Clear the filter")
    assert pressed == ["copy", "clear"]
    assert state.sentence == "No trace matches."


def test_a_notice_offers_its_actions_and_goes_away(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = NoticeBar(parent)
    parent.show()
    pressed: list[str] = []
    bar.show_notice("<b>Port 4317</b> is taken.", "error", (("Details", lambda: pressed.append("details")),))
    press(bar, "Details")
    assert pressed == ["details"]
    assert bar.text == "<b>Port 4317</b> is taken."

    bar.show_notice("Another.", "info")
    with qtbot.waitSignal(bar.dismissed):
        press(bar, "Close this notice")
    assert not bar.isVisible()


def test_copying_confirms_itself_for_a_moment(qtbot: QtBot) -> None:
    button = CopyButton(lambda: "the snippet", label="Copy", name="Copy the snippet")
    qtbot.addWidget(button)
    button.click()
    assert QApplication.clipboard().text() == "the snippet"
    assert button.text() == "Copied"
    qtbot.waitUntil(lambda: button.text() == "Copy", timeout=4000)


def test_a_search_answers_when_typing_rests_and_at_once_when_cleared(qtbot: QtBot) -> None:
    field = SearchField("Filter")
    qtbot.addWidget(field)
    answers: list[str] = []
    field.changed.connect(answers.append)
    QTest.keyClicks(field, "abc")
    assert answers == []
    qtbot.waitUntil(lambda: answers == ["abc"])
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert answers == ["abc", ""]
    QTest.keyClicks(field, "d")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert answers == ["abc", "", "d"]


def test_one_segment_is_on_and_only_people_choose(qtbot: QtBot) -> None:
    segments = Segmented((("tree", "Table"), ("json", "JSON")), name="View")
    qtbot.addWidget(segments)
    segments.show()
    with qtbot.assertNotEmitted(segments.chosen):
        segments.set_value("json")
    with qtbot.waitSignal(segments.chosen) as chosen:
        press(segments, "View: Table", Role.CheckBox)
    assert chosen.args == ["tree"]
    assert segments.value == "tree"


def test_facts_wrap_when_there_is_little_room(qtbot: QtBot) -> None:
    facts = FactsLine([Fact(f"Label {number}", "value " * 3) for number in range(6)])
    qtbot.addWidget(facts)
    assert facts.heightForWidth(2000) < facts.heightForWidth(300)
    facts.set_facts([Fact("Started", "14:02:11.482", "2026-11-20T14:02:11.482Z")])
    facts.show()
    assert "Started 14:02:11.482" in [child.accessibleName() for child in facts.findChildren(QWidget)]


def test_a_label_is_cut_and_whole_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("<i>name</i> " * 200)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= 24
    assert "&lt;i&gt;" in label.toolTip()
    assert label.grab().size().isValid()


def test_a_tag_names_itself_and_hides_when_it_says_nothing(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    tag = Tag("1 failure", "error", parent)
    parent.show()
    assert tag.accessibleName() == "1 failure"
    tag.set_tag("", "error")
    assert not tag.isVisible()


@pytest.mark.parametrize(
    ("paint", "color"),
    [
        (tag_cell(lambda _row: ("failed", "error")), LIGHT.error_bg),
        (dot_cell(lambda _row: ("full", "error")), LIGHT.error),
        (bar_cell(lambda _row: (0.5, "ok")), None),
    ],
    ids=["tag", "dot", "bar"],
)
def test_cells_paint_something_of_their_colour(qapp: QApplication, paint: object, color: str | None) -> None:  # noqa: ARG001 - fonts need the application
    image = QImage(QSize(100, 24), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter, image.rect(), None)  # type: ignore[operator] # parametrized values are objects to mypy
    painter.end()
    colors = {image.pixelColor(x, y).name().upper() for x in range(100) for y in range(24)}
    assert len(colors) > 1
    assert color is None or color in colors


def test_bars_have_a_least_width_and_nothing_for_nothing(qapp: QApplication) -> None:  # noqa: ARG001 - fonts need the application
    def painted(share: float) -> int:
        image = QImage(QSize(100, 24), QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        bar_cell(lambda _row: (share, "ok"))(painter, image.rect(), None)
        painter.end()
        return sum(image.pixelColor(x, 12).name() != "#ffffff" for x in range(100))

    assert painted(0) == 0
    assert painted(0.0001) >= 2
    assert painted(0.5) == 50
    assert painted(7) == 100


def test_no_control_is_without_a_name(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = NoticeBar(parent)
    bar.show_notice("x", "ok", (("Do", lambda: None),))
    for control in (SearchField("Find", parent=parent), CopyButton(str, parent=parent)):
        control.show()
    parent.show()
    assert unnamed_controls(parent) == []
