"""Tags: a word on a tinted ground, painted in cells or as a label."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role, role_background, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.display_text import one_line

TAG_HEIGHT_PX = 17
_PADDING_PX = 5
_RADIUS_PX = 4
_FONT_PX = 11
_LONGEST = 60
_fonts: list[QFont] = []


def tag_font() -> QFont:
    """Return the font of tags."""
    if not _fonts:
        _fonts.append(ui_font(size_px=_FONT_PX, weight=QFont.Weight.DemiBold))
    return _fonts[0]


def tag_width(text: str) -> int:
    """Return how wide a tag is, in pixels."""
    return QFontMetrics(tag_font()).horizontalAdvance(one_line(text, _LONGEST)) + 2 * _PADDING_PX


def paint_tag(painter: QPainter, rect: QRect, text: str, role: Role) -> int:
    """Paint a tag at the left of `rect`, in its middle; return the width it took."""
    metrics = QFontMetrics(tag_font())
    shown = one_line(text, _LONGEST)
    width = min(metrics.horizontalAdvance(shown) + 2 * _PADDING_PX, rect.width())
    if width <= 2 * _PADDING_PX:
        return 0
    box = QRect(rect.left(), rect.center().y() - TAG_HEIGHT_PX // 2, width, TAG_HEIGHT_PX)
    tokens = current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(role_background(tokens, role)))
    painter.drawRoundedRect(QRectF(box), _RADIUS_PX, _RADIUS_PX)
    painter.setFont(tag_font())
    painter.setPen(QColor(role_color(tokens, role)))
    room = width - 2 * _PADDING_PX
    # Elision measures in fractions of a pixel and would cut a text that fits to the rounded pixel.
    fits = metrics.horizontalAdvance(shown) <= room
    elided = shown if fits else metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, elided)
    painter.restore()
    return width


class Tag(QWidget):
    """A tag as a widget. Its text is its accessible name."""

    def __init__(self, text: str = "", role: Role = "node", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._role: Role = role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_tag(text, role)

    @property
    def text(self) -> str:
        """The word on the tag."""
        return self._text

    def set_tag(self, text: str, role: Role) -> None:
        """Show another word or colour. An empty text hides the tag."""
        self._text = text
        self._role = role
        self.setAccessibleName(one_line(text, _LONGEST))
        # A widget without a parent would open as a window of its own.
        if self.parent() is not None:
            self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self._text), TAG_HEIGHT_PX) if self._text else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tag(painter, self.rect(), self._text, self._role)
        painter.end()
