"""The columns of the list of traces."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.traces.filters import Outcome, SortBy, outcome
from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.shell.stars import KEPT_WORDS
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, bar_cell, dot_cell, tag_cell
from junjo_desktop.widgets.figures import count_text, counted, duration_text, iso_text, moment_text
from junjo_desktop.widgets.row_source import Column

OPEN_COLUMN = "open"
STAR_COLUMN = "star"
_CHEVRON_PX = 12
_STAR_PX = 14
_UNSTARRED_SHARE = 0.55
_NO_START = "no start time"
_NO_START_WORDS = "Its spans were sent without a start time (0), so nobody knows how long it took"
_NO_END_WORDS = "Its spans were sent without an end time (0), so nobody knows how long it took"
_ROLES: dict[Outcome, Role] = {
    Outcome.OK: "ok",
    Outcome.FAILED: "error",
    Outcome.RUNNING: "info",
    Outcome.ROOT_MISSING: "warning",
}


@dataclass
class BarScale:
    """What a bar as wide as its column stands for; the page sets it from all that are listed. 0: not known yet."""

    full_ns: int = 0


def outcome_of(row: TraceRow) -> Outcome:
    """Return how a trace ended, as of now."""
    return outcome(row.root_span_id, row.lead_status_code, row.last_received_ns)


def trace_columns(scale: BarScale, starred: Container[str] = ()) -> tuple[Column[TraceRow], ...]:
    """Return the columns in their first order. `starred` knows the starred traces at any moment."""

    def bar(row: TraceRow) -> tuple[float, Role]:
        share = max(0, row.duration_ns or 0) / scale.full_ns if scale.full_ns else 0.0
        return share, "error" if outcome_of(row) == Outcome.FAILED else "workflow"

    return (
        Column("state", "State", _state_words, 28, sortable=False, heading="", paint=dot_cell(_dot)),
        _star(starred),
        Column(SortBy.NAME, "Name", _name, 210, look="strong"),
        Column(SortBy.SERVICE, "Service", _services, 150, look="dim"),
        Column(
            SortBy.STARTED,
            "Started",
            _started,
            166,
            descending_first=True,
            tooltip=lambda row: iso_text(row.start_ns) if row.start_ns else _NO_START_WORDS,
            copy=lambda row: iso_text(row.start_ns) if row.start_ns else _NO_START,
        ),
        Column(
            SortBy.DURATION,
            "Duration",
            _duration,
            94,
            align="right",
            descending_first=True,
            tooltip=_duration_words,
        ),
        Column("bar", "Duration bar", _duration, 150, sortable=False, heading="", paint=bar_cell(bar)),
        _count(SortBy.SPANS, "Spans", lambda row: row.span_count, 64),
        Column(
            SortBy.ERRORS,
            "Errors",
            lambda row: count_text(row.error_count),
            62,
            align="right",
            descending_first=True,
            paint=_paint_errors,
        ),
        _count(SortBy.LLM, "LLM", lambda row: row.llm_count, 54, "Calls of language models"),
        Column(
            SortBy.TOKENS,
            "Tokens",
            _tokens,
            80,
            align="right",
            descending_first=True,
            tooltip=_token_words,
        ),
        Column(
            SortBy.OUTCOME,
            "Outcome",
            lambda row: outcome_of(row).value,
            110,
            paint=tag_cell(lambda row: (outcome_of(row).value, _ROLES[outcome_of(row)])),
            tooltip=_outcome_words,
        ),
        Column(SortBy.TRACE_ID, "Trace id", lambda row: row.trace_id, 250, look="mono", hidden=True),
        _count(SortBy.ROOTS, "Roots", lambda row: row.root_count, 60, "Spans without a parent", hidden=True),
        _count(SortBy.DROPPED, "Dropped", lambda row: row.dropped_count, 76, "Items the senders dropped", hidden=True),
        Column(
            SortBy.RECEIVED,
            "Received",
            lambda row: moment_text(row.last_received_ns),
            166,
            descending_first=True,
            hidden=True,
            tooltip=lambda row: iso_text(row.last_received_ns),
            copy=lambda row: iso_text(row.last_received_ns),
        ),
        Column(OPEN_COLUMN, "Open", lambda _row: "open", 30, sortable=False, heading="", paint=_paint_open),
    )


def _star(starred: Container[str]) -> Column[TraceRow]:
    def paint(painter: QPainter, rect: QRect, row: TraceRow) -> None:
        tokens = current()
        spot = QRect(0, 0, _STAR_PX, _STAR_PX)
        spot.moveCenter(rect.center())
        if row.trace_id in starred:
            paint_icon(painter, spot, "star-full", tokens.accent)
        else:
            paint_icon(painter, spot, "star", mix(tokens.faint, tokens.panel, _UNSTARRED_SHARE))

    return Column(
        STAR_COLUMN,
        "Star",
        lambda row: "starred" if row.trace_id in starred else "",
        30,
        sortable=False,
        heading="",
        paint=paint,
        tooltip=lambda row: "Remove the star (S)" if row.trace_id in starred else f"Star this trace (S)\n{KEPT_WORDS}",
        title_tooltip=f"Star. {KEPT_WORDS}",
    )


def _count(
    key: str, title: str, count: Callable[[TraceRow], int], width_px: int, words: str = "", *, hidden: bool = False
) -> Column[TraceRow]:
    def text(row: TraceRow) -> str:
        return count_text(count(row))

    return Column(key, title, text, width_px, align="right", descending_first=True, hidden=hidden, title_tooltip=words)


def _name(row: TraceRow) -> str:
    return row.name.strip() or "(no name)"


def _services(row: TraceRow) -> str:
    return row.service_name if row.service_count <= 1 else f"{row.service_name} +{row.service_count - 1}"


def _started(row: TraceRow) -> str:
    return moment_text(row.start_ns) if row.start_ns else _NO_START


def _duration(row: TraceRow) -> str:
    if row.duration_ns is None:
        return "unknown"
    return ("≥ " if outcome_of(row) == Outcome.RUNNING else "") + duration_text(row.duration_ns)


def _duration_words(row: TraceRow) -> str:
    if row.duration_ns is None:
        return _NO_END_WORDS if row.start_ns else _NO_START_WORDS
    so_far = "\nSo far: its root span has not arrived yet" if outcome_of(row) == Outcome.RUNNING else ""
    return f"{row.duration_ns:,} ns{so_far}"


def _tokens(row: TraceRow) -> str:
    if row.input_tokens is None and row.output_tokens is None:
        return ""
    return count_text((row.input_tokens or 0) + (row.output_tokens or 0))


def _token_words(row: TraceRow) -> str:
    if row.input_tokens is None and row.output_tokens is None:
        return "No call told its tokens"
    return f"{count_text(row.input_tokens or 0)} in · {count_text(row.output_tokens or 0)} out"


def _dot(row: TraceRow) -> tuple[Shape, Role]:
    match outcome_of(row):
        case Outcome.FAILED:
            return "full", "error"
        case Outcome.RUNNING:
            return "half", "info"
        case Outcome.ROOT_MISSING:
            return "ring", "dim"
        case _:
            return ("ring", "error") if row.error_count else ("none", "ok")


def _state_words(row: TraceRow) -> str:
    ended = outcome_of(row)
    return "ok, with failures inside" if ended == Outcome.OK and row.error_count else ended.value


def _outcome_words(row: TraceRow) -> str:
    match outcome_of(row):
        case Outcome.RUNNING:
            return "Its root span has not arrived yet; spans came in the last 5 minutes"
        case Outcome.ROOT_MISSING:
            return "Its root span never arrived, and nothing came for 5 minutes"
        case Outcome.FAILED:
            return "Its root span failed"
        case _:
            inside = counted(row.error_count, "span")
            return f"Its root span did not fail; {inside} inside did" if row.error_count else "Nothing failed"


def _paint_errors(painter: QPainter, rect: QRect, row: TraceRow) -> None:
    tokens = current()
    painter.setFont(ui_font())
    painter.setPen(QColor(tokens.error if row.error_count else tokens.faint))
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count_text(row.error_count))


def _paint_open(painter: QPainter, rect: QRect, _row: TraceRow) -> None:
    spot = QRect(0, 0, _CHEVRON_PX, _CHEVRON_PX)
    spot.moveCenter(rect.center())
    spot.moveRight(rect.right())
    paint_icon(painter, spot, "chevron-right", current().faint)
