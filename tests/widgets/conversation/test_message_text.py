"""The text of a message: Markdown that loads, runs and opens nothing; marked, and as high as it is."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.conversation.message_text import MessageText

HOSTILE = """<b>bold</b> <script>alert(1)</script> <img src="file:///etc/hostname">

![picture](file:///etc/hostname) and [a link](https://example.com/x)

# Title

* one
* `code`
"""


@pytest.fixture
def message(qtbot: QtBot) -> MessageText:
    shown = MessageText()
    qtbot.addWidget(shown)
    shown.resize(400, 200)
    return shown


def test_markdown_is_rendered_and_html_stays_text(message: MessageText) -> None:
    message.show_text(HOSTILE, "markdown")
    text = message.toPlainText()
    assert '<b>bold</b> <script>alert(1)</script> <img src="file:///etc/hostname">' in text
    assert "[image: file:///etc/hostname] and a link" in text
    assert "# Title" not in text
    assert "* one" not in text


def test_nothing_is_loaded_from_anywhere(message: MessageText) -> None:
    for address in (
        "file:///etc/hostname",
        "https://example.com/pixel.png",
        "qrc:/x.png",
        "data:image/png;base64,AAAA",
    ):
        for kind in (1, 2, 3):
            assert message.loadResource(kind, QUrl(address)) is None


def test_a_link_is_asked_about_and_not_opened(message: MessageText, qtbot: QtBot) -> None:
    message.show_text(HOSTILE, "markdown")
    before = message.toPlainText()
    with qtbot.waitSignal(message.link_asked) as asked:
        message.anchorClicked.emit(QUrl("https://example.com/x"))
    assert asked.args == ["https://example.com/x"]
    assert message.toPlainText() == before
    assert not message.openExternalLinks()


def test_plain_text_is_shown_as_it_is_but_for_control_characters(message: MessageText) -> None:
    message.show_text("# no title\n\x1b[31m**red**\u202e", "plain")
    assert message.toPlainText() == "# no title\n␛[31m**red**"


def test_it_is_as_high_as_its_text_at_a_width(message: MessageText) -> None:
    message.show_text("word " * 200, "markdown")
    narrow, wide = message.heightForWidth(200), message.heightForWidth(800)
    assert narrow > 2 * wide > 0
    message.show_text("x" * 5_000, "markdown")
    assert message.heightForWidth(200) > narrow


def test_found_text_is_marked_whatever_its_case(message: MessageText) -> None:
    message.show_text("Refund, refund, and REFUND", "markdown")
    message.mark("refund")
    assert len(message.extraSelections()) == 3
    message.mark("")
    assert message.extraSelections() == []


@settings(max_examples=60)
@given(st.text(alphabet=string.ascii_letters[:6] + " \n#*_`~[]()<>!|-&;\\1.\u202e🎉", max_size=200))
def test_any_text_is_shown_without_html_or_images(text: str) -> None:
    message = MessageText()
    message.show_text(text, "markdown")
    assert message.heightForWidth(300) >= 0
    assert "￼" not in message.toPlainText()
    message.deleteLater()
