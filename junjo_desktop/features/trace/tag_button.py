"""A tag that can be pressed: a count that leads to what it counts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.tag import TAG_HEIGHT_PX, paint_tag, tag_width

_RADIUS_PX = 4
_RING_PX = 1.2


class TagButton(QAbstractButton):
    """Looks as a tag; under the mouse and with the focus it has an edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = "node"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_tag(self, text: str, role: Role, explanation: str, *, leads: bool) -> None:
        """Show a word; an empty one hides the tag. `leads` False: there is nothing to go to."""
        self._role = role
        self.setText(text)
        self.setToolTip(explanation)
        self.setAccessibleName(text)
        self.setAccessibleDescription(explanation)
        self.setEnabled(leads)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self.text()), TAG_HEIGHT_PX) if self.text() else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tag(painter, self.rect(), self.text(), self._role)
        if self.isEnabled() and (self.hasFocus() or self.underMouse()):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(role_color(current(), self._role)), _RING_PX))
            inside = _RING_PX / 2
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(inside, inside, -inside, -inside), _RADIUS_PX, _RADIUS_PX
            )
        painter.end()
