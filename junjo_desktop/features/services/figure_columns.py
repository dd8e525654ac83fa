"""The columns of the table of figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from junjo_desktop.features.services.distribution import DISTRIBUTION_PX, distribution_words, paint_distribution
from junjo_desktop.features.services.figure_rows import FigureRow, FigureSortBy
from junjo_desktop.features.services.words import rate_text, share_text
from junjo_desktop.store.service_figures import Figures
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.list_columns import count_column, failure_column, moment_column, open_column, token_column
from junjo_desktop.widgets.row_source import Column
from junjo_desktop.widgets.shaped_text import ShapedText

CHEVRON_PX = 22
_ICON_PX = 12
_INDENT_PX = 22
_REQUESTS = "Of a service: its requests, spans without a parent or that serve a call. Of an operation: its spans"

_ERRORS = f"How many failed; a click shows them. {_REQUESTS}"


def figure_columns() -> tuple[Column[FigureRow], ...]:
    """Return the columns in their first order."""
    return (
        Column(FigureSortBy.NAME, "Service and operation", _name, 226, paint=_NamePainter(), tooltip=_name_words),
        Column(
            FigureSortBy.TYPE,
            "Type",
            _type,
            92,
            paint=tag_cell(_type_tag),
        ),
        Column(
            FigureSortBy.RATE,
            "Rate",
            lambda row: rate_text(row.per_minute),
            70,
            align="right",
            descending_first=True,
            tooltip=_rate_words,
            title_tooltip=f"How often in a minute of the chosen time. {_REQUESTS}",
        ),
        count_column(FigureSortBy.SPANS, "Spans", lambda row: row.spans, 70, "All spans"),
        failure_column(
            FigureSortBy.ERRORS,
            "Errors",
            lambda row: row.figures.errors,
            64,
            _ERRORS,
        ),
        Column(
            FigureSortBy.ERROR_RATE,
            "Error rate",
            lambda row: share_text(row.figures.error_share, row.figures.errors),
            84,
            align="right",
            descending_first=True,
            paint=_paint_share,
            tooltip=_error_words,
            title_tooltip=f"How many of a hundred failed. {_REQUESTS}",
        ),
        *(_duration(key, title, ns) for key, title, ns in _DURATIONS),
        Column(
            "distribution",
            "Distribution",
            lambda row: distribution_words(row).replace("\n", "; "),
            DISTRIBUTION_PX,
            sortable=False,
            heading="Durations",
            paint=paint_distribution,
            tooltip=distribution_words,
            title_tooltip="How long they took, on one logarithmic scale for all rows; the tick is the p95",
        ),
        token_column(FigureSortBy.TOKENS, _tokens, "No span told its tokens"),
        moment_column(FigureSortBy.LAST, "Last seen", lambda row: row.figures.last_ns, 130),
        open_column(),
    )


def _p50(figures: Figures) -> int | None:
    return figures.p50_ns


def _p95(figures: Figures) -> int | None:
    return figures.p95_ns


def _p99(figures: Figures) -> int | None:
    return figures.p99_ns


_DURATIONS: tuple[tuple[FigureSortBy, str, Callable[[Figures], int | None]], ...] = (
    (FigureSortBy.P50, "p50", _p50),
    (FigureSortBy.P95, "p95", _p95),
    (FigureSortBy.P99, "p99", _p99),
)


def _duration(key: FigureSortBy, title: str, ns: Callable[[Figures], int | None]) -> Column[FigureRow]:
    return Column(
        key,
        title,
        partial(_duration_text, ns),
        74,
        align="right",
        descending_first=True,
        tooltip=partial(_duration_words, title, ns),
        title_tooltip=f"{title[1:]} of a hundred took at most so long. {_REQUESTS}",
    )


def _duration_text(ns: Callable[[Figures], int | None], row: FigureRow) -> str:
    found = ns(row.figures)
    return "unknown" if found is None else duration_text(found)


def _duration_words(title: str, ns: Callable[[Figures], int | None], row: FigureRow) -> str:
    found = ns(row.figures)
    if found is None:
        if row.operation is None and not row.service.has_requests:
            return "None of its spans is a request: unfold it to see what its operations took"
        return "No span told a credible end"
    return f"{title}: {found:,} ns, of {counted(row.figures.spans, _noun(row))}"


def _name(row: FigureRow) -> str:
    return row.name.strip() or "(no name)"


def _name_words(row: FigureRow) -> str:
    if row.operation is not None:
        return f"{row.name}\n{row.operation.span_type} of {row.service.service_name}"
    return (
        f"{row.name}\n{counted(row.shown_operations, 'operation')}; click to {'fold' if row.is_unfolded else 'unfold'}"
    )


def _type(row: FigureRow) -> str:
    return "" if row.operation is None else row.operation.span_type


def _type_tag(row: FigureRow) -> tuple[str, Role]:
    return kind_word(_type(row)), kind_role(_type(row))


def _noun(row: FigureRow) -> str:
    return "request" if row.operation is None and row.service.has_requests else "span"


def _rate_words(row: FigureRow) -> str:
    return f"{counted(row.figures.spans, _noun(row))}, {row.per_minute:,.3f} in a minute"


def _error_words(row: FigureRow) -> str:
    words = f"{row.figures.errors:,} of {counted(row.figures.spans, _noun(row))} failed"
    if row.operation is None and row.service.has_requests:
        words += f"\n{row.service.errors:,} of all its {counted(row.service.spans, 'span')}"
    return words


def _tokens(row: FigureRow) -> tuple[int | None, int | None]:
    if row.operation is not None:
        return row.figures.input_tokens, row.figures.output_tokens
    told = [operation.figures for operation in row.service.operations]
    return _sum([figures.input_tokens for figures in told]), _sum([figures.output_tokens for figures in told])


def _sum(told: list[int | None]) -> int | None:
    known = [count for count in told if count is not None]
    return sum(known) if known else None


def _paint_share(painter: QPainter, rect: QRect, row: FigureRow) -> None:
    tokens = current()
    painter.setFont(ui_font())
    painter.setPen(QColor(tokens.error if row.figures.errors else tokens.dim))
    text = share_text(row.figures.error_share, row.figures.errors)
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


class _NamePainter:
    """Services with the arrow that unfolds them, operations below them farther in."""

    def __init__(self) -> None:
        self._strong = ShapedText(ui_font(weight=QFont.Weight.Medium))
        self._plain = ShapedText(ui_font())

    def __call__(self, painter: QPainter, rect: QRect, row: FigureRow) -> None:
        tokens = current()
        painter.setPen(QColor(tokens.text))
        if row.operation is not None:
            self._plain.draw(painter, rect.adjusted(_INDENT_PX, 0, 0, 0), one_line(_name(row)))
            return
        spot = QRect(0, 0, _ICON_PX, _ICON_PX)
        spot.moveCenter(rect.center())
        spot.moveLeft(rect.left())
        paint_icon(painter, spot, "chevron-down" if row.is_unfolded else "chevron-right", tokens.dim)
        painter.setPen(QColor(tokens.text))
        self._strong.draw(painter, rect.adjusted(_ICON_PX + 6, 0, 0, 0), one_line(_name(row)))
