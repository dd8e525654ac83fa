"""Pictures that came by value are decoded within bounds."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from junjo_desktop.telemetry.llm.parts import MediaPart, Message
from junjo_desktop.widgets.conversation.messages import message_entry
from junjo_desktop.widgets.conversation.part_view import PartView
from junjo_desktop.widgets.conversation.picture import decoded
from tests.support.reads import Reads


def png(width: int, height: int) -> str:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
    return base64.b64encode(held.data()).decode()


def bomb() -> str:
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b"\0" * 99))
    sent = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(sent)).decode()


def test_a_large_picture_becomes_as_large_as_it_is_shown() -> None:
    found = decoded(png(3_000, 1_500))
    assert found.image is not None
    assert (found.size, found.image.width()) == (QSize(3_000, 1_500), 960)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (bomb(), "too many"),
        (base64.b64encode(b"<svg><image href='file:///etc/passwd'/></svg>").decode(), "no PNG"),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 40).decode(), "damaged"),
        ("é", "base64"),
    ],
    ids=["bomb", "svg", "damaged", "no base64"],
)
def test_what_cannot_be_shown_says_why(data: str, problem: str) -> None:
    found = decoded(data)
    assert found.image is None
    assert problem in found.problem


def test_a_picture_stands_below_its_words(qtbot: QtBot, reads: Reads) -> None:
    part = MediaPart("image", "image/png", data=png(40, 20))
    view = PartView(message_entry("m", Message("user", (part,)), span_id="1").parts[0], reads)
    qtbot.addWidget(view)
    view.show()
    picture = view.picture
    assert picture is not None
    qtbot.waitUntil(picture.canvas.isVisible)
    assert picture.canvas.heightForWidth(20) == 10


def test_a_picture_elsewhere_is_never_fetched_but_may_be_opened(qtbot: QtBot, reads: Reads) -> None:
    part = MediaPart("image", uri="https://example.com/x.png")
    view = PartView(message_entry("m", Message("user", (part,)), span_id="1").parts[0], reads)
    qtbot.addWidget(view)
    view.show()
    assert view.picture is None
    with qtbot.waitSignal(view.link_asked) as asked:
        view.open.click()
    assert asked.args == ["https://example.com/x.png"]
    local = MediaPart("image", uri="file:///etc/passwd")
    assert message_entry("m", Message("user", (local,)), span_id="1").parts[0].address is None
