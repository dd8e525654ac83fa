"""Columns and cells that lists of telemetry have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import bar_cell
from junjo_desktop.widgets.cost_words import sums_cost_text, sums_words
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text
from junjo_desktop.widgets.row_source import Column
from junjo_desktop.widgets.scatter_sample import Scatter, told

R = TypeVar("R")

OPEN_COLUMN = "open"
NO_START = "no start time"
NO_START_WORDS = "Its spans were sent without a start time (0), so nobody knows how long it took"
_CHEVRON_PX = 12
_BAR_OVER_P95 = 1.25


@dataclass
class BarScale:
    """What a bar as wide as its column stands for; the page sets it from all that are listed. 0: not known yet."""

    full_ns: int = 0

    def fit(self, scatter: Scatter) -> None:
        """Let a bar of a little more than the p95 be as wide as its column."""
        self.full_ns = min(told(scatter).max_ns, round(scatter.p95_ns * _BAR_OVER_P95)) or 1

    def share(self, duration_ns: int | None) -> float:
        """Return how much of the column a duration takes."""
        return max(0, duration_ns or 0) / self.full_ns if self.full_ns else 0.0


def count_column(
    key: str, title: str, count: Callable[[R], int | None], width_px: int, words: str = "", *, hidden: bool = False
) -> Column[R]:
    """Return a column of numbers; None is an empty cell."""

    def text(row: R) -> str:
        found = count(row)
        return "" if found is None else count_text(found)

    return Column(key, title, text, width_px, align="right", descending_first=True, hidden=hidden, title_tooltip=words)


def failure_column(
    key: str, title: str, count: Callable[[R], int], width_px: int, words: str = "", *, hidden: bool = False
) -> Column[R]:
    """Return a column of numbers that are faint when they are 0, and red otherwise."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        tokens = current()
        painter.setFont(ui_font())
        painter.setPen(QColor(tokens.error if count(row) else tokens.faint))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count_text(count(row)))

    return Column(
        key,
        title,
        lambda row: count_text(count(row)),
        width_px,
        align="right",
        descending_first=True,
        paint=paint,
        hidden=hidden,
        title_tooltip=words,
    )


def moment_column(
    key: str, title: str, moment: Callable[[R], int], width_px: int = 166, *, hidden: bool = False
) -> Column[R]:
    """Return a column of moments in nanoseconds since the epoch; 0 was not told."""
    return Column(
        key,
        title,
        lambda row: moment_text(moment(row)) if moment(row) else NO_START,
        width_px,
        descending_first=True,
        hidden=hidden,
        tooltip=lambda row: iso_text(moment(row)) if moment(row) else NO_START_WORDS,
        copy=lambda row: iso_text(moment(row)) if moment(row) else NO_START,
    )


def token_column(key: str, tokens: Callable[[R], tuple[int | None, int | None]], words: str) -> Column[R]:
    """Return the column of tokens in and out, added; `words` say that none were told."""

    def text(row: R) -> str:
        counts = [count for count in tokens(row) if count is not None]
        return count_text(sum(counts)) if counts else ""

    def tooltip(row: R) -> str:
        return token_words(*tokens(row)) or words

    return Column(key, "Tokens", text, 80, align="right", descending_first=True, tooltip=tooltip)


def cost_column(
    key: str, sums: Callable[[R], CallSums | None], has_calls: Callable[[R], bool], *, sortable: bool = True
) -> Column[R]:
    """Return the column of what calls cost, each once."""

    def tooltip(row: R) -> str:
        found = sums(row)
        return sums_words(found) if (found is None and has_calls(row)) or (found and found.call_count) else ""

    def text(row: R) -> str:
        return sums_cost_text(sums(row))

    return Column(key, "Cost", text, 96, align="right", sortable=sortable, descending_first=True, tooltip=tooltip)


def token_words(input_tokens: int | None, output_tokens: int | None) -> str:
    """Return `8,912 in · 204 out`; empty when none were told."""
    if input_tokens is None and output_tokens is None:
        return ""
    return f"{count_text(input_tokens or 0)} in · {count_text(output_tokens or 0)} out"


def duration_columns(
    key: str,
    duration_ns: Callable[[R], int | None],
    is_open: Callable[[R], bool],
    words: Callable[[R], str],
    scale: BarScale,
    role: Callable[[R], Role],
    *,
    widths_px: tuple[int, int] = (94, 150),
) -> tuple[Column[R], Column[R]]:
    """Return the columns of durations and of their bars. None was not told; what is open has lasted at least so long.

    `words` are the tooltip.
    """

    def text(row: R) -> str:
        found = duration_ns(row)
        return "unknown" if found is None else ("≥ " if is_open(row) else "") + duration_text(found)

    def bar(row: R) -> tuple[float, Role]:
        return scale.share(duration_ns(row)), role(row)

    return (
        Column(key, "Duration", text, widths_px[0], align="right", descending_first=True, tooltip=words),
        Column("bar", "Duration bar", text, widths_px[1], sortable=False, heading="", paint=bar_cell(bar)),
    )


def open_column() -> Column[Any]:
    """Return the column of the arrow that opens a row by one click."""
    return Column(OPEN_COLUMN, "Open", lambda _row: "open", 30, sortable=False, heading="", paint=_paint_open)


def _paint_open(painter: QPainter, rect: QRect, _row: object) -> None:
    spot = QRect(0, 0, _CHEVRON_PX, _CHEVRON_PX)
    spot.moveCenter(rect.center())
    spot.moveRight(rect.right())
    paint_icon(painter, spot, "chevron-right", current().faint)
