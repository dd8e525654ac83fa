"""The columns of the lists of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from junjo_desktop.features.runs.listings import AgentRow, lasted_ns, state_of
from junjo_desktop.features.runs.words import (
    LOOKS,
    correlation_text,
    duration_words,
    failure_text,
    failure_words,
    name_text,
    name_words,
    of_limit,
    state_words,
)
from junjo_desktop.store.run_filters import RunOutcome, RunSortBy
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.telemetry.query.terms import term_for, word_term
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, state_cell
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.list_columns import (
    BarScale,
    cost_column,
    count_column,
    duration_columns,
    moment_column,
    open_column,
    token_column,
)
from junjo_desktop.widgets.row_source import Column

_NODES = "Nodes that ran; while it runs, those that have ended"
_FAILURES = "While it runs: its failed steps"
_TERMS: dict[str, Callable[[RunRow], str]] = {
    RunSortBy.OUTCOME: lambda row: term_for("outcome", state_of(row).value),
    RunSortBy.NAME: lambda row: term_for("name", row.name) if row.name else "",
    RunSortBy.SERVICE: lambda row: term_for("service", row.service_name),
    RunSortBy.VERSION: lambda row: term_for("version", row.service_version) if row.service_version else "",
    RunSortBy.TERMINATION: lambda row: (
        term_for("termination", row.termination_reason) if row.termination_reason else ""
    ),
    RunSortBy.ERROR: lambda row: word_term(row.error_type) if row.error_type else "",
    RunSortBy.CORRELATION: lambda row: term_for("correlation", row.correlation_id) if row.correlation_id else "",
    RunSortBy.TYPE: lambda row: term_for("type", row.type),
    RunSortBy.TRACE_ID: lambda row: term_for("trace_id", row.trace_id),
}
"""What cells say, as conditions on runs."""
_NO_TOKENS = "No call told its tokens, or they cannot be told apart from those of other runs in the trace"


def workflow_columns(scale: BarScale) -> tuple[Column[RunRow], ...]:
    """Return the columns of runs of workflows in their first order."""
    return _with_terms(
        *_what_and_when(scale, 182, 120, (104, 54)),
        count_column(RunSortBy.NODES, "Nodes", lambda row: row.node_count, 56, _NODES),
        _failure(104),
        *_where(correlation=True),
    )


def agent_columns(scale: BarScale) -> tuple[Column[RunRow], ...]:
    """Return the columns of runs of agents in their first order."""
    return _with_terms(
        *_what_and_when(scale, 128, 100, (96, 44)),
        Column(RunSortBy.TERMINATION, "Ended by", lambda row: row.termination_reason or "", 100),
        _limited(RunSortBy.MODEL_REQUESTS, "Requests", "Model requests, and how many were allowed", _requests),
        _limited(RunSortBy.TOOL_CALLS, "Tool calls", "Tool calls that began, and how many were allowed", _tool_calls),
        _failure(104),
        *_where(correlation=False),
        Column(
            "agent_key", "Agent key", lambda row: row.agent_key or "", 140, look="mono", sortable=False, hidden=True
        ),
    )


def _with_terms(*columns: Column[RunRow]) -> tuple[Column[RunRow], ...]:
    return tuple(replace(column, term=_TERMS.get(column.key)) for column in columns)


def _what_and_when(
    scale: BarScale, name_px: int, service_px: int, duration_px: tuple[int, int]
) -> tuple[Column[RunRow], ...]:
    return (
        Column(
            RunSortBy.OUTCOME,
            "State",
            lambda row: state_of(row).value,
            96,
            paint=state_cell(_state),
            tooltip=state_words,
        ),
        Column(RunSortBy.NAME, "Name", name_text, name_px, look="strong", tooltip=name_words),
        Column(RunSortBy.SERVICE, "Service", lambda row: row.service_name, service_px, look="dim"),
        Column(RunSortBy.VERSION, "Version", lambda row: row.service_version or "", 62, look="dim"),
        moment_column(RunSortBy.STARTED, "Started", lambda row: row.start_ns, 154),
        *duration_columns(
            RunSortBy.DURATION, lasted_ns, _is_open, duration_words, scale, _bar_role, widths_px=duration_px
        ),
    )


def _where(*, correlation: bool) -> tuple[Column[RunRow], ...]:
    return (
        token_column(RunSortBy.TOKENS, lambda row: (row.input_tokens, row.output_tokens), _NO_TOKENS),
        cost_column("cost", lambda row: row.calls, lambda row: bool(row.model_requests), sortable=False),
        Column(RunSortBy.CORRELATION, "Correlation", correlation_text, 90, look="dim", hidden=not correlation),
        Column(RunSortBy.TRACE_ID, "Trace id", lambda row: row.trace_id, 250, look="mono", hidden=True),
        Column(RunSortBy.RUNTIME_ID, "Run id", lambda row: row.runtime_id or "", 190, look="mono", hidden=True),
        Column(RunSortBy.TYPE, "Type", lambda row: row.type, 90, hidden=True),
        count_column(
            RunSortBy.FAILURES,
            "Failures",
            lambda row: row.failure_count,
            76,
            _FAILURES,
            hidden=True,
        ),
        moment_column(RunSortBy.RECEIVED, "Received", lambda row: row.heard_ns, hidden=True),
        open_column(),
    )


def _failure(width_px: int) -> Column[RunRow]:
    def paint(painter: QPainter, rect: QRect, row: RunRow) -> None:
        text = failure_text(row)
        if text:
            font = ui_font()
            painter.setFont(font)
            painter.setPen(QColor(current().error))
            shown = QFontMetrics(font).elidedText(one_line(text), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    return Column(RunSortBy.ERROR, "Failure", failure_text, width_px, paint=paint, tooltip=failure_words)


def _limited(key: str, title: str, words: str, text: Callable[[RunRow], str]) -> Column[RunRow]:
    return Column(key, title, text, 72, align="right", descending_first=True, title_tooltip=words)


def _requests(row: RunRow) -> str:
    return of_limit(row.model_requests, row.model_request_limit if isinstance(row, AgentRow) else None)


def _tool_calls(row: RunRow) -> str:
    return of_limit(row.tool_calls, row.tool_call_limit if isinstance(row, AgentRow) else None)


def _state(row: RunRow) -> tuple[Shape, Role, str]:
    state = state_of(row)
    return (*LOOKS[state], state.value)


def _is_open(row: RunRow) -> bool:
    return row.span_id is None


def _bar_role(row: RunRow) -> Role:
    return "error" if state_of(row) is RunOutcome.FAILED else "workflow"
