"""The columns of the list of traces."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from junjo_desktop.features.traces.filters import Outcome, SortBy, outcome
from junjo_desktop.features.traces.listings import TraceRow
from junjo_desktop.shell.stars import KEPT_WORDS
from junjo_desktop.shell.tags_column import tags_column
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.icons import paint_icon
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, dot_cell, tag_cell
from junjo_desktop.widgets.figures import counted
from junjo_desktop.widgets.list_columns import (
    NO_START_WORDS,
    BarScale,
    cost_column,
    count_column,
    duration_columns,
    failure_column,
    moment_column,
    open_column,
    token_column,
)
from junjo_desktop.widgets.row_source import Column

STAR_COLUMN = "star"
_STAR_PX = 14
_UNSTARRED_SHARE = 0.55
_NO_END_WORDS = "Its spans were sent without an end time (0), so nobody knows how long it took"
_ROLES: dict[Outcome, Role] = {
    Outcome.OK: "ok",
    Outcome.FAILED: "error",
    Outcome.RUNNING: "info",
    Outcome.ROOT_MISSING: "warning",
}


def outcome_of(row: TraceRow) -> Outcome:
    """Return how a trace ended, as of now."""
    return outcome(row.root_span_id, row.lead_status_code, row.last_received_ns)


def trace_columns(
    scale: BarScale, starred: Container[str] = (), tags_in: Callable[[str], Sequence[str]] | None = None
) -> tuple[Column[TraceRow], ...]:
    """Return the columns in their first order.

    `starred` knows the starred traces at any moment, `tags_in` the tags of a trace and of its spans.
    """

    return (
        Column("state", "State", _state_words, 28, sortable=False, heading="", paint=dot_cell(_dot)),
        _star(starred),
        Column(SortBy.NAME, "Name", _name, 170, look="strong", term=lambda row: term_for("name", row.name)),
        Column(
            SortBy.SERVICE,
            "Service",
            _services,
            138,
            look="dim",
            term=lambda row: term_for("service", row.service_name),
        ),
        tags_column(lambda row: (tags_in or _no_tags)(row.trace_id), "the trace and of its spans"),
        moment_column(SortBy.STARTED, "Started", lambda row: row.start_ns, 154),
        *duration_columns(
            SortBy.DURATION,
            lambda row: row.duration_ns,
            _is_running,
            _duration_words,
            scale,
            _bar_role,
            widths_px=(88, 70),
        ),
        count_column(SortBy.SPANS, "Spans", lambda row: row.span_count, 60),
        replace(failure_column(SortBy.ERRORS, "Errors", lambda row: row.error_count, 58), term=_error_term),
        replace(
            count_column(SortBy.LLM, "LLM", lambda row: row.llm_count, 50, "Calls of language models"), term=_llm_term
        ),
        token_column(SortBy.TOKENS, lambda row: row.tokens, "No call told its tokens"),
        cost_column(SortBy.COST, lambda row: row.calls, lambda row: bool(row.llm_count)),
        Column(
            SortBy.OUTCOME,
            "Outcome",
            lambda row: outcome_of(row).value,
            98,
            paint=tag_cell(lambda row: (outcome_of(row).value, _ROLES[outcome_of(row)])),
            tooltip=_outcome_words,
        ),
        Column(
            SortBy.TRACE_ID,
            "Trace id",
            lambda row: row.trace_id,
            250,
            look="mono",
            hidden=True,
            term=lambda row: term_for("trace_id", row.trace_id),
        ),
        count_column(SortBy.ROOTS, "Roots", lambda row: row.root_count, 60, "Spans without a parent", hidden=True),
        count_column(
            SortBy.DROPPED, "Dropped", lambda row: row.dropped_count, 76, "Items the senders dropped", hidden=True
        ),
        moment_column(SortBy.RECEIVED, "Received", lambda row: row.last_received_ns, hidden=True),
        open_column(),
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


def _no_tags(_trace_id: str) -> Sequence[str]:
    return ()


def _name(row: TraceRow) -> str:
    return row.name.strip() or "(no name)"


def _services(row: TraceRow) -> str:
    return row.service_name if row.service_count <= 1 else f"{row.service_name} +{row.service_count - 1}"


def _error_term(row: TraceRow) -> str:
    return term_for("error", True) if row.error_count else ""


def _llm_term(row: TraceRow) -> str:
    return term_for("type", "llm") if row.llm_count else ""


def _is_running(row: TraceRow) -> bool:
    return outcome_of(row) == Outcome.RUNNING


def _bar_role(row: TraceRow) -> Role:
    return "error" if outcome_of(row) == Outcome.FAILED else "workflow"


def _duration_words(row: TraceRow) -> str:
    if row.duration_ns is None:
        return _NO_END_WORDS if row.start_ns else NO_START_WORDS
    so_far = "\nSo far: its root span has not arrived yet" if _is_running(row) else ""
    return f"{row.duration_ns:,} ns{so_far}"


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
