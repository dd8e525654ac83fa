"""Icons: our own stroke drawings, tinted with the theme in force when they are painted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from junjo_desktop.paths import resource_path
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, role_color
from junjo_desktop.theme.state import current

_CURRENT_COLOR = "currentColor"


def icon(name: str, role: Role = "dim") -> QIcon:
    """Return the icon `resources/icons/NAME.svg` in the colour of `role`; it follows the theme by itself.

    A checked or selected icon takes the accent, a disabled one fades. Raises `FileNotFoundError` for an unknown name.
    """
    _drawing(name)
    return QIcon(_TintedIcon(name, role))


def paint_icon(painter: QPainter, rect: QRect, name: str, color: str) -> None:
    """Draw an icon into `rect` in one colour."""
    _renderer(name, color).render(painter, QRectF(rect))


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace(_CURRENT_COLOR, color).encode()))


class _TintedIcon(QIconEngine):
    def __init__(self, name: str, role: Role) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, rect, self._name, self._color(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._name, self._role)

    def _color(self, mode: QIcon.Mode, on: QIcon.State) -> str:
        tokens = current()
        if mode == QIcon.Mode.Disabled:
            return mix(tokens.dim, tokens.panel, 0.6)
        if on == QIcon.State.On or mode == QIcon.Mode.Selected:
            return tokens.accent
        return role_color(tokens, self._role)
