"""The small picture of a group: its last runs as bars, as high as they took long, the newest at the right."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.runs.listings import STRIP_RUNS, GroupRow, StripRun
from junjo_desktop.features.runs.words import LOOKS
from junjo_desktop.store.run_filters import RunOutcome
from junjo_desktop.theme.roles import role_color
from junjo_desktop.theme.state import current
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.cells import paint_dot
from junjo_desktop.widgets.figures import counted, duration_text

_BAR_PX = 4
_GAP_PX = 2
_LEAST_PX = 3
_MARK_PX = 5
STRIP_PX = STRIP_RUNS * (_BAR_PX + _GAP_PX)


def paint_strip(painter: QPainter, rect: QRect, row: GroupRow) -> None:
    """Draw the runs; below a bar stands the shape of how it ended, unless it completed."""
    tokens = current()
    heights = bar_heights([run.duration_ns for run in row.strip])
    room = rect.adjusted(0, 3, 0, -(_MARK_PX + 4))
    fitting = min(len(row.strip), max(0, room.width() // (_BAR_PX + _GAP_PX)))
    left = room.right() - fitting * (_BAR_PX + _GAP_PX) + _GAP_PX
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for place, (run, height) in enumerate(list(zip(row.strip, heights, strict=True))[len(row.strip) - fitting :]):
        px = max(_LEAST_PX, height * room.height())
        box = QRectF(left + place * (_BAR_PX + _GAP_PX), room.bottom() + 1 - px, _BAR_PX, px)
        painter.fillRect(box, _color(tokens, run))
        shape, role = LOOKS[run.outcome]
        if shape != "none":
            middle = QPointF(box.center().x(), room.bottom() + 2 + _MARK_PX / 2)
            paint_dot(painter, middle, shape, role_color(tokens, role), _MARK_PX)
    painter.restore()


def bar_heights(durations: Sequence[int | None]) -> list[float]:
    """Return how high each bar is, from 0 to 1 of the room: logarithmic over three decades below the longest."""
    longest = max((duration for duration in durations if duration), default=0)
    return [_share(duration, longest) for duration in durations]


def strip_words(row: GroupRow) -> str:
    """Return the picture in words."""
    outcomes = [run.outcome for run in row.strip]
    told = [duration for run in row.strip if (duration := run.duration_ns) is not None]
    parts = [f"{outcomes.count(outcome)} {outcome.value}" for outcome in RunOutcome if outcome in outcomes]
    lasted = f"; {duration_text(min(told))} to {duration_text(max(told))}" if told else ""
    return f"The last {counted(len(outcomes), 'run')}: {', '.join(parts)}{lasted}"


def _share(duration_ns: int | None, longest_ns: int) -> float:
    if not duration_ns or duration_ns < 0 or not longest_ns:
        return 0.0
    return max(0.0, 1 + math.log10(duration_ns / longest_ns) / 3)


def _color(tokens: Tokens, run: StripRun) -> QColor:
    role = "workflow" if run.outcome is RunOutcome.COMPLETED else LOOKS[run.outcome][1]
    color = QColor(role_color(tokens, role))
    color.setAlphaF(0.78)
    return color
