"""The columns of the list of calls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from junjo_desktop.features.calls.filters import SortBy
from junjo_desktop.features.calls.listings import CallRow
from junjo_desktop.features.calls.words import (
    call_cost_text,
    cost_words,
    duration_words,
    model_words,
    place_text,
    rate_text,
    status_text,
    status_words,
)
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.fonts import ui_font
from junjo_desktop.theme.roles import Role
from junjo_desktop.theme.state import current
from junjo_desktop.widgets.cells import Shape, dot_cell, tag_cell
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import count_text, duration_text
from junjo_desktop.widgets.list_columns import BarScale, duration_columns, moment_column, open_column
from junjo_desktop.widgets.row_source import Column

_TAG_CHARACTERS = 24
_ID_CHARACTERS = 8
_STATUS_ROLES: dict[str, Role] = {"failed": "error", "ok": "dim"}
_Value = Callable[[CallRow], str | None]


def call_columns(scale: BarScale) -> tuple[Column[CallRow], ...]:
    """Return the columns in their first order."""
    return (
        Column("state", "State", status_text, 28, sortable=False, heading="", paint=dot_cell(_dot)),
        moment_column(SortBy.STARTED, "Started", lambda row: row.start_ns, 112),
        Column(
            SortBy.MODEL,
            "Model",
            lambda row: row.model or "unknown",
            150,
            look="strong",
            tooltip=model_words,
            term=_term("model", lambda row: row.model),
        ),
        _text_column(SortBy.PROVIDER, "Provider", 84, lambda row: row.provider),
        Column(
            SortBy.OPERATION,
            "Operation",
            _operation_text,
            92,
            paint=tag_cell(lambda row: (_operation_text(row), "llm")),
            term=_term("operation", lambda row: row.operation),
        ),
        _text_column(SortBy.SERVICE, "Service", 96, lambda row: row.service_name),
        Column(SortBy.PLACE, "Workflow / node", place_text, 130, look="dim", term=_place_term),
        *duration_columns(
            SortBy.DURATION,
            lambda row: row.duration_ns,
            lambda _row: False,
            _duration_words,
            scale,
            lambda row: "error" if row.is_error else "llm",
            widths_px=(80, 80),
        ),
        *_figure_columns(),
        *_word_columns(),
        *_hidden_columns(),
        open_column(),
    )


def _figure_columns() -> tuple[Column[CallRow], ...]:
    return (
        Column(
            SortBy.TTFT,
            "First token",
            lambda row: "" if row.first_token_ns is None else duration_text(row.first_token_ns),
            82,
            align="right",
            descending_first=True,
            title_tooltip="Time until the first token came",
        ),
        _figure(SortBy.INPUT, "In", 66, _tokens(lambda row: row.input_tokens), lambda row: row.usage.input_words),
        _figure(SortBy.OUTPUT, "Out", 60, _tokens(lambda row: row.output_tokens), lambda row: row.usage.output_words),
        _figure(SortBy.COST, "Cost", 96, call_cost_text, cost_words),
    )


def _word_columns() -> tuple[Column[CallRow], ...]:
    return (
        _text_column(SortBy.FINISH, "Finish", 80, lambda row: row.finish_reason),
        Column(
            SortBy.STATUS,
            "Status",
            status_text,
            66,
            paint=tag_cell(_status_tag),
            tooltip=status_words,
            term=lambda row: term_for("error", row.is_error),
        ),
        Column(SortBy.FIRST_WORDS, "First words", lambda row: row.first_words, 220),
        _text_column(SortBy.CONVERSATION, "Conversation", 110, lambda row: row.conversation_id),
    )


def _hidden_columns() -> tuple[Column[CallRow], ...]:
    return (
        _text_column(SortBy.AGENT, "Agent", 110, lambda row: row.agent_name, hidden=True),
        _text_column(SortBy.USER, "User", 110, lambda row: row.user_id, hidden=True),
        Column(
            SortBy.TEMPERATURE,
            "Temperature",
            lambda row: "" if row.temperature is None else f"{row.temperature:g}",
            88,
            align="right",
            descending_first=True,
            hidden=True,
            term=lambda row: "" if row.temperature is None else term_for("temperature", f"{row.temperature:g}"),
        ),
        _text_column(SortBy.REASONING_EFFORT, "Reasoning", 84, lambda row: row.reasoning_effort, hidden=True),
        _id_column(SortBy.TRACE_ID, "Trace", 86, lambda row: row.trace_id),
        _id_column(SortBy.SPAN_ID, "Span id", 86, lambda row: row.span_id),
    )


_FIELDS = {SortBy.FINISH: "finish"}


def _text_column(key: SortBy, title: str, width_px: int, value: _Value, *, hidden: bool = False) -> Column[CallRow]:
    term = _term(_FIELDS.get(key, key.value), value)
    return Column(key, title, lambda row: value(row) or "", width_px, look="dim", hidden=hidden, term=term)


def _id_column(key: SortBy, title: str, width_px: int, value: Callable[[CallRow], str]) -> Column[CallRow]:
    return Column(
        key,
        title,
        lambda row: value(row)[:_ID_CHARACTERS],
        width_px,
        look="mono",
        tooltip=value,
        copy=value,
        hidden=True,
        term=_term(key.value, value),
    )


def _figure(
    key: SortBy, title: str, width_px: int, text: Callable[[CallRow], str], words: Callable[[CallRow], str]
) -> Column[CallRow]:
    """Return a column of figures that are faint where the call is left out of the sums."""

    def paint(painter: QPainter, rect: QRect, row: CallRow) -> None:
        painter.setFont(ui_font())
        painter.setPen(QColor(current().text if row.is_counted else current().dim))
        shown = painter.fontMetrics().elidedText(text(row), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)

    return Column(key, title, text, width_px, align="right", descending_first=True, paint=paint, tooltip=words)


def _tokens(value: Callable[[CallRow], int | None]) -> Callable[[CallRow], str]:
    def text(row: CallRow) -> str:
        found = value(row)
        return "" if found is None else count_text(found)

    return text


def _term(field: str, value: _Value) -> Callable[[CallRow], str]:
    """Return what makes the condition that a field has the value of a row; "" where the row has none."""

    def term(row: CallRow) -> str:
        return term_for(field, found) if (found := value(row)) else ""

    return term


def _place_term(row: CallRow) -> str:
    if row.node_name:
        return term_for("node", row.node_name)
    return term_for("workflow", row.workflow_name) if row.workflow_name else ""


def _operation_text(row: CallRow) -> str:
    return one_line(row.operation.replace("_", " "), _TAG_CHARACTERS)


def _status_tag(row: CallRow) -> tuple[str, Role]:
    word = status_text(row)
    return word, _STATUS_ROLES[word]


def _dot(row: CallRow) -> tuple[Shape, Role]:
    return ("full", "error") if row.is_error else ("none", "ok")


def _duration_words(row: CallRow) -> str:
    rate = rate_text(row)
    return f"{duration_words(row)} · {rate}" if rate else duration_words(row)
