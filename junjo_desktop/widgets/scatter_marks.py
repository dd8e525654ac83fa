"""How the points of the scatter strip are drawn, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import duration_text, moment_text
from junjo_desktop.widgets.scatter_sample import Mark, ScatterPoint

DOT_PX = 2.8
_WORDS: dict[Mark, str] = {"done": "", "failed": " · failed", "cancelled": " · cancelled", "open": " so far"}


def paint_points(painter: QPainter, tokens: Tokens, points: Sequence[ScatterPoint], places: Sequence[QPointF]) -> None:
    """Draw points at their places: what ended well as dots, and on top, so that they are seen, all others."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark, paint in _PAINTERS.items():
        chosen = [place for point, place in zip(points, places, strict=True) if point.mark == mark]
        if chosen:
            paint(painter, tokens, chosen)


def sentence(point: ScatterPoint) -> str:
    """Return what a point says when it is pointed at."""
    name = one_line(point.name).strip() or "(no name)"
    return (
        f"{name}\n{duration_text(point.duration_ns)}{_WORDS[point.mark]} · {moment_text(point.start_ns)}\nClick to open"
    )


def _dots(painter: QPainter, tokens: Tokens, places: Sequence[QPointF]) -> None:
    fine = QColor(tokens.workflow)
    fine.setAlphaF(0.55)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fine)
    for place in places:
        painter.drawEllipse(place, DOT_PX, DOT_PX)


def _halves(painter: QPainter, tokens: Tokens, places: Sequence[QPointF]) -> None:
    painter.setPen(QPen(QColor(tokens.accent), 1.2))
    for place in places:
        circle = QRectF(place.x() - DOT_PX, place.y() - DOT_PX, 2 * DOT_PX, 2 * DOT_PX)
        painter.setBrush(QColor(tokens.panel))
        painter.drawEllipse(circle)
        painter.setBrush(QColor(tokens.accent))
        painter.drawPie(circle, 90 * 16, 180 * 16)


def _crosses(painter: QPainter, tokens: Tokens, places: Sequence[QPointF]) -> None:
    painter.setPen(QPen(QColor(tokens.dim), 1.6))
    for place in places:
        arm = QPointF(DOT_PX, DOT_PX)
        painter.drawLine(place - arm, place + arm)
        painter.drawLine(place + QPointF(-DOT_PX, DOT_PX), place + QPointF(DOT_PX, -DOT_PX))


def _rings(painter: QPainter, tokens: Tokens, places: Sequence[QPointF]) -> None:
    # Rings: shape and colour say it, and what lies below stays visible.
    painter.setPen(QPen(QColor(tokens.error), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place in places:
        painter.drawEllipse(place, DOT_PX + 0.4, DOT_PX + 0.4)


_PAINTERS: dict[Mark, Callable[[QPainter, Tokens, Sequence[QPointF]], None]] = {
    "done": _dots,
    "open": _halves,
    "cancelled": _crosses,
    "failed": _rings,
}
