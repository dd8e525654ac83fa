"""A picture that came by value in a message: decoded in the background and within bounds, for it is hostile."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.background_work import BackgroundWork

_MOST_PIXELS = 32_000_000
_WIDEST_PX, _HIGHEST_PX = 480, 320
_SHARPER = 2
"""Screens with two pixels in the place of one show it sharp, too."""
_FORMATS = ((b"\x89PNG\r\n\x1a\n", b"png"), (b"\xff\xd8\xff", b"jpeg"), (b"GIF8", b"gif"), (b"RIFF", b"webp"))
"""By their first bytes: what is told of the type is not believed, and no other reader is ever asked."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture, or in words why there is none. `size` is its own, in pixels."""

    image: QImage | None
    size: QSize
    problem: str = ""


def decoded(data: str) -> Decoded:
    """Decode base64 to a picture that is no larger than it is shown. Takes long: for a background thread."""
    try:
        content = base64.b64decode(data)
    except (binascii.Error, ValueError):
        return Decoded(None, QSize(), "It is not written in base64, and cannot be shown.")
    name = next((name for magic, name in _FORMATS if content.startswith(magic)), None)
    if name is None:
        return Decoded(None, QSize(), "It is no PNG, JPEG, GIF or WebP picture, and is not shown.")
    # Two objects that the reader does not keep alive by itself.
    held = QByteArray(content)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name))
    size = reader.size()
    if not size.isValid():
        return Decoded(None, QSize(), "It is damaged, and cannot be shown.")
    if size.width() * size.height() > _MOST_PIXELS:
        return Decoded(None, size, f"It has {size.width():,} × {size.height():,} pixels: too many to be shown.")
    room = QSize(_WIDEST_PX * _SHARPER, _HIGHEST_PX * _SHARPER)
    if size.width() > room.width() or size.height() > room.height():
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    buffer.close()
    if image.isNull():
        return Decoded(None, size, "It is damaged, and cannot be shown.")
    return Decoded(image, size)


class Picture(QWidget):
    """Shows a picture as soon as it is decoded, else why it is not shown."""

    def __init__(self, data: str, name: str, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.words = QLabel("Decoding …", self)
        self.words.setProperty("look", "dim")
        self.words.setWordWrap(True)
        self.canvas = _Canvas(self)
        self.canvas.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.addWidget(self.words)
        column.addWidget(self.canvas)
        self._worker = work.worker(self, self._show)
        self._worker.submit(partial(decoded, data))

    def _show(self, found: Decoded) -> None:
        self.words.setText(found.problem)
        self.words.setVisible(found.image is None)
        if found.image is not None:
            self.canvas.show_image(found.image, found.size)
            self.canvas.show()


class _Canvas(QWidget):
    """As wide as the picture, or as there is room; and as high as that makes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._size = QSize(1, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage, size: QSize) -> None:
        self._image = image
        room = QSize(_WIDEST_PX, _HIGHEST_PX)
        is_small = size.width() <= room.width() and size.height() <= room.height()
        self._size = size if is_small else size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        self._size = self._size.expandedTo(QSize(1, 1))
        self.setToolTip(f"{size.width():,} × {size.height():,} pixels")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._fitted(width).height()

    def sizeHint(self) -> QSize:
        return self._fitted(self.width() or self._size.width())

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def _fitted(self, width: int) -> QSize:
        if width >= self._size.width():
            return self._size
        return QSize(max(width, 1), max(self._size.height() * max(width, 1) // self._size.width(), 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        spot = QRect(0, 0, *self._fitted(self.width()).toTuple())
        # What is transparent would stand dark on dark.
        painter.fillRect(spot, QColor(current().panel_2))
        painter.drawImage(spot, self._image)
        painter.setPen(QColor(current().line))
        painter.drawRect(spot.adjusted(0, 0, -1, -1))
        painter.end()
