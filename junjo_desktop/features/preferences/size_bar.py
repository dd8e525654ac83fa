"""A quiet bar that says by its parts which file takes how much of the disk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from junjo_desktop.features.preferences.file_parts import Part
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import BAR_PX
from junjo_desktop.widgets.figures import bytes_text

_LEAST_PX = 3.0
_GAP_PX = 1.0
_RADIUS_PX = 4.0
_FREE_SHARE = 0.35
_SWATCH_PX = 10


class SizeBar(QWidget):
    """Parts from left to right, as wide as their share; what is free within a part is paler."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self.setFixedHeight(BAR_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sizes of the files")

    def sizeHint(self) -> QSize:
        return QSize(240, BAR_PX)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts; empty ones take no room."""
        self._parts = tuple(part for part in parts if part.size_bytes > 0)
        words = ", ".join(f"{part.name} {bytes_text(part.size_bytes)}" for part in self._parts)
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _RADIUS_PX, _RADIUS_PX)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), QColor(tokens.line))
        left = 0.0
        for part, width in zip(self._parts, self._widths(), strict=True):
            color = role_color(tokens, part.role)
            painter.fillRect(QRectF(left, 0, width - _GAP_PX, self.height()), QColor(color))
            free = (width - _GAP_PX) * min(part.free_bytes / part.size_bytes, 1.0)
            pale = QColor(mix(color, tokens.panel, _FREE_SHARE))
            painter.fillRect(QRectF(left + width - _GAP_PX - free, 0, free, self.height()), pale)
            left += width
        painter.end()

    def _widths(self) -> list[float]:
        """Return the width of each part with its gap: their shares, but none so narrow that it cannot be seen."""
        total = sum(part.size_bytes for part in self._parts)
        least = _LEAST_PX + _GAP_PX
        room = self.width() + _GAP_PX - least * len(self._parts)
        return [least + max(room, 0.0) * part.size_bytes / total for part in self._parts]


class Swatch(QWidget):
    """A small square in the colour of a part; the words beside it say which."""

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedSize(_SWATCH_PX, _SWATCH_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(role_color(current(), self._role)))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        painter.end()
