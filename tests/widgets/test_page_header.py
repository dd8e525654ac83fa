"""The header line of a page."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.page_header import PageHeader
from junjo_desktop.widgets.tag import Tag


def shown(header: PageHeader) -> list[str]:
    return [tag.text for tag in header.findChildren(Tag) if tag.isVisibleTo(header)]


def test_tags_come_and_go(qtbot: QtBot) -> None:
    header = PageHeader("Connect")
    qtbot.addWidget(header)
    header.show_tags([("3 refused", "error"), ("<b>late</b>", "warning")])
    assert shown(header) == ["3 refused", "<b>late</b>"]
    header.show_tags([("listening", "ok")])
    assert shown(header) == ["listening"]
    header.show_tags([])
    assert shown(header) == []


def test_a_tag_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    header = PageHeader("Connect")
    qtbot.addWidget(header)
    header.resize(800, 48)
    header.show_tags([("1 port not open", "warning")])
    header.show()
    tag = header.findChildren(Tag)[0]
    qtbot.waitUntil(lambda: tag.width() == tag.sizeHint().width())


def test_actions_stand_at_the_right(qtbot: QtBot) -> None:
    header = PageHeader("Connect")
    qtbot.addWidget(header)
    button = QPushButton("New key")
    header.add_action(button)
    header.resize(800, 48)
    header.show()
    qtbot.waitUntil(lambda: button.geometry().right() > 700)
