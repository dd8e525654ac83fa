"""The columns of operations before and now. "Before" is the earlier of the two runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.services.difference_rows import DifferenceRow, DifferenceSortBy
from junjo_desktop.features.services.verdict_words import (
    change_words,
    count_or_none,
    difference_words,
    duration_or_none,
    errors_text,
    tokens_text,
    verdict_role,
)
from junjo_desktop.store.service_verdicts import BETTER, WORSE, Side, Verdict
from junjo_desktop.theme.roles import Role, kind_role, kind_word, role_color
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.list_columns import open_column
from junjo_desktop.widgets.row_source import Column
from junjo_desktop.widgets.tag import paint_tag

_GAP_PX = 4
_HALF = 2
_BAR_PX = 6
_FULL_CHANGE = 1.0


def difference_columns() -> tuple[Column[DifferenceRow], ...]:
    """Return the columns in their first order."""
    return (
        Column(DifferenceSortBy.VERDICT, "Difference", _verdicts, 150, paint=_paint_verdicts, tooltip=_verdict_words),
        Column(DifferenceSortBy.NAME, "Operation", _name, 188, look="strong"),
        Column("type", "Type", lambda row: row.operation.span_type, 80, sortable=False, paint=tag_cell(_type)),
        _text("before", "Before", "Spans before", lambda row: count_or_none(row.left), 60),
        Column(DifferenceSortBy.COUNT, "Spans now", _count_now, 54, "right", heading="now", descending_first=True),
        _text("errors_before", "Failed before", "Failed spans before", lambda row: errors_text(row.left), 94),
        _text("errors_now", "now", "Failed spans now", lambda row: errors_text(row.right), 78),
        _median(DifferenceSortBy.BEFORE, "p50 before", "p50 before", lambda row: row.left, 84),
        _median(DifferenceSortBy.NOW, "p50 now", "now", lambda row: row.right, 72),
        Column(
            DifferenceSortBy.CHANGE, "Change", _change, 66, "right", descending_first=True, title_tooltip=_OF_MEDIAN
        ),
        Column("change_bar", "Change bar", _change, 72, sortable=False, heading="", paint=_paint_change),
        _text("p95_before", "p95 before", "p95 before", lambda row: _p95(row.left), 84),
        _text("p95_now", "now", "p95 now", lambda row: _p95(row.right), 72),
        _text("tokens_before", "Tokens before", "Tokens of a call before", lambda row: tokens_text(row.left), 100),
        _text("tokens_now", "now", "Tokens of a call now", lambda row: tokens_text(row.right), 62),
        Column("note", "Note", lambda row: "; ".join(row.difference.notes), 300, look="dim", sortable=False),
        open_column(),
    )


_MEDIAN = "Half of the spans that did not fail took at most so long"


def _text(
    key: str, heading: str, title: str, text: Callable[[DifferenceRow], str], width_px: int
) -> Column[DifferenceRow]:
    return Column(key, title, text, width_px, align="right", heading=heading, sortable=False, title_tooltip=title)


_OF_MEDIAN = "Of the median, as measured: see Difference for whether it is sure"


def _median(
    key: DifferenceSortBy, title: str, heading: str, side: Callable[[DifferenceRow], Side | None], width_px: int
) -> Column[DifferenceRow]:
    return Column(
        key,
        title,
        lambda row: _p50(side(row)),
        width_px,
        align="right",
        heading=heading,
        descending_first=True,
        tooltip=lambda row: _measured(side(row)),
        title_tooltip=_MEDIAN,
    )


def _count_now(row: DifferenceRow) -> str:
    return count_or_none(row.right)


def _verdicts(row: DifferenceRow) -> str:
    return ", ".join(row.difference.verdicts)


def _verdict_words(row: DifferenceRow) -> str:
    return difference_words(row.difference)


def _name(row: DifferenceRow) -> str:
    return row.operation.name.strip() or "(no name)"


def _change(row: DifferenceRow) -> str:
    return change_words(row.difference)


def _p50(side: Side | None) -> str:
    return "–" if side is None else duration_or_none(side.p50_ns)


def _p95(side: Side | None) -> str:
    return "–" if side is None else duration_or_none(side.p95_ns)


def _measured(side: Side | None) -> str:
    if side is None:
        return "It did not run"
    return f"{duration_or_none(side.p50_ns)}, of {side.measured:,} that did not fail"


def _type(row: DifferenceRow) -> tuple[str, Role]:
    return kind_word(row.operation.span_type), kind_role(row.operation.span_type)


def _paint_verdicts(painter: QPainter, rect: QRect, row: DifferenceRow) -> None:
    left = rect.left()
    for verdict in row.difference.verdicts:
        room = QRect(left, rect.top(), rect.right() - left, rect.height())
        left += paint_tag(painter, room, verdict.value, verdict_role(verdict)) + _GAP_PX


def _paint_change(painter: QPainter, rect: QRect, row: DifferenceRow) -> None:
    """A bar from the middle: to the right for longer, to the left for shorter; faint unless it is sure."""
    change = row.difference.duration_change
    if change is None:
        return
    tokens = current()
    told = {Verdict.SLOWER, Verdict.FASTER} & set(row.difference.verdicts)
    role: Role = "error" if told & WORSE else "ok" if told & BETTER else "faint"
    half = rect.width() // _HALF
    # Half as long is as far to the left as twice as long is to the right.
    share = change if change >= 0 else -(1 / max(1 + change, 1e-9) - 1)
    px = max(1, round(min(abs(share) / _FULL_CHANGE, 1.0) * half))
    middle = rect.left() + half
    top = rect.center().y() - _BAR_PX // _HALF + 1
    bar = QRect(middle if share >= 0 else middle - px, top, px, _BAR_PX)
    painter.fillRect(bar, QColor(role_color(tokens, role)))
    painter.fillRect(QRect(middle, rect.top() + 5, 1, rect.height() - 10), QColor(tokens.line))
