"""The columns of the lens Statistics."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.trace.statistics.groups import SpanGroup
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.figures import count_text, duration_text
from junjo_desktop.widgets.row_source import Column

_TOTAL_TIP = "All durations together: what ran at the same time counts each time"
_SELF_TIP = "Time spent in the spans themselves and not in their children; the bar is its share of the whole trace"
_BAR_SHARE = 0.24


def group_columns() -> tuple[Column[SpanGroup], ...]:
    """Return the columns in their first order."""
    return (
        Column("label", "Group", lambda group: group.label.strip() or "(no name)", 146, look="strong"),
        Column("kind", "Kind", lambda group: kind_word(group.span_type), 94, paint=tag_cell(_kind_tag)),
        _number("count", "Count", lambda group: count_text(group.count), 54, "Spans"),
        _number("errors", "Errors", _errors, 56, "Spans that failed", _paint_errors),
        _number("self", "Self", lambda group: _of_timed(group, group.self_ns), 88, _SELF_TIP, _paint_self),
        _number("total", "Total", lambda group: _of_timed(group, group.total_ns), 72, _TOTAL_TIP),
        _number("p50", "p50", lambda group: _took(group.p50_ns), 68, "Half took no longer"),
        _number("p95", "p95", lambda group: _took(group.p95_ns), 68, "95 of 100 took no longer"),
        _number("max", "Max", lambda group: _took(group.max_ns), 68, "The longest one"),
        _number("tokens", "Tokens", _tokens, 66, "In and out of calls of language models, as they reported them"),
    )


def _number(
    key: str,
    title: str,
    text: Callable[[SpanGroup], str],
    width_px: int,
    tip: str,
    paint: Callable[[QPainter, QRect, SpanGroup], None] | None = None,
) -> Column[SpanGroup]:
    return Column(key, title, text, width_px, "right", descending_first=True, paint=paint, title_tooltip=tip)


def _took(duration_ns: int | None) -> str:
    return "" if duration_ns is None else duration_text(duration_ns)


def _of_timed(group: SpanGroup, duration_ns: int) -> str:
    """Write a duration, or nothing where no span of the group told its times."""
    return duration_text(duration_ns) if group.max_ns is not None else ""


def _errors(group: SpanGroup) -> str:
    return count_text(group.error_count) if group.error_count else ""


def _tokens(group: SpanGroup) -> str:
    return "" if group.tokens is None else count_text(group.tokens)


def _kind_tag(group: SpanGroup) -> tuple[str, Role]:
    return kind_word(group.span_type), kind_role(group.span_type)


def _paint_errors(painter: QPainter, rect: QRect, group: SpanGroup) -> None:
    _write(painter, rect, _errors(group), current().error)


def _paint_self(painter: QPainter, rect: QRect, group: SpanGroup) -> None:
    """Write the time over a bar of its share: both are read together, as in a spreadsheet."""
    tokens = current()
    width = rect.width() * group.self_share
    bar = QRectF(rect.left(), rect.top() + 3, width, rect.height() - 6)
    painter.fillRect(bar, QColor(mix(tokens.accent, tokens.panel, _BAR_SHARE)))
    _write(painter, rect, _of_timed(group, group.self_ns), tokens.text)


def _write(painter: QPainter, rect: QRect, text: str, color: str) -> None:
    painter.setFont(ui_font())
    painter.setPen(QColor(color))
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
