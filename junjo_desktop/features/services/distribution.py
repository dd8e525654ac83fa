"""The small picture of how long spans took: bars over a logarithmic axis that all rows share, so that rows compare."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from junjo_desktop.features.services.figure_rows import FigureRow
from junjo_desktop.store.service_figures import STEPS_IN_DOUBLING
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, kind_role, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.figures import counted, duration_text

DISTRIBUTION_PX = 132
_LEAST_BARS = 12
_LEAST_PX = 1.5
_TOLD = 3


def paint_distribution(painter: QPainter, rect: QRect, row: FigureRow) -> None:
    """Draw the bars, the highest as high as the row, and a tick below where the p95 lies."""
    buckets = row.figures.buckets
    if not buckets:
        return
    tokens = current()
    first, last = _reach(row.axis)
    step = rect.width() / (last - first + 1)
    room = rect.adjusted(0, 4, 0, -5)
    color = QColor(role_color(tokens, _role(row)))
    color.setAlphaF(0.78)
    painter.save()
    painter.fillRect(
        QRectF(rect.left(), room.bottom() + 1, rect.width(), 1), QColor(mix(tokens.line, tokens.panel, 0.9))
    )
    for bucket, height in bar_heights(buckets).items():
        px = max(_LEAST_PX, height * room.height())
        left = rect.left() + (bucket - first) * step
        painter.fillRect(QRectF(left, room.bottom() + 1 - px, max(step - 1, 1.0), px), color)
    p95_ns = row.figures.p95_ns
    if p95_ns:
        x = rect.left() + (_place(p95_ns) - first) * step
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.dim), 1.2))
        painter.drawLine(QPointF(x, room.bottom() + 1), QPointF(x, room.bottom() + 4.5))
    painter.restore()


def bar_heights(buckets: Mapping[int, int]) -> dict[int, float]:
    """Return how high each bar is, from 0 to 1: the root of its share of the highest, so that rare ones are seen."""
    most = max(buckets.values(), default=1)
    return {bucket: (count / most) ** 0.5 for bucket, count in buckets.items()}


def distribution_words(row: FigureRow) -> str:
    """Return the picture in words: where most of the spans are, and the ends."""
    buckets = row.figures.buckets
    if not buckets:
        return "Nobody told how long they took"
    total = sum(buckets.values())
    lines = [f"{counted(total, 'span')}, {_from(min(buckets))} to {_from(max(buckets) + 1)}"]
    for bucket, count in sorted(buckets.items(), key=lambda pair: -pair[1])[:_TOLD]:
        lines.append(f"{_from(bucket)} – {_from(bucket + 1)}: {count:,} ({count / total:.0%})")
    return "\n".join(lines)


def _from(bucket: int) -> str:
    return duration_text(round(2 ** (bucket / STEPS_IN_DOUBLING)))


def _place(duration_ns: int) -> float:
    return log2(max(duration_ns, 1)) * STEPS_IN_DOUBLING


def _reach(axis: tuple[int, int]) -> tuple[int, int]:
    first, last = axis
    missing = max(0, _LEAST_BARS - (last - first + 1))
    return first - missing // 2, last + missing - missing // 2


def _role(row: FigureRow) -> Role:
    return "dim" if row.operation is None else kind_role(row.operation.span_type)
