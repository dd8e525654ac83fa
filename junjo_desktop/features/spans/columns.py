"""The columns of the list of spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from junjo_desktop.features.spans.filters import SortBy
from junjo_desktop.features.spans.listings import SpanRow
from junjo_desktop.features.spans.words import duration_words, name_text, status_text, status_words
from junjo_desktop.shell.tags_column import tags_column
from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.widgets.cells import Shape, dot_cell, tag_cell
from junjo_desktop.widgets.cost_words import cost_word
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.list_columns import (
    BarScale,
    count_column,
    duration_columns,
    moment_column,
    open_column,
    token_column,
)
from junjo_desktop.widgets.row_source import Column

_TYPE_CHARACTERS = 24
_TRACE_CHARACTERS = 8
_STATUS_ROLES: dict[str, Role] = {"failed": "error", "ok": "ok", "": "dim"}


def span_columns(scale: BarScale, tags_of: Callable[[SpanRow], Sequence[str]]) -> tuple[Column[SpanRow], ...]:
    """Return the columns in their first order. `tags_of` knows the tags of a span at any moment."""
    return (
        Column("state", "State", status_text, 28, sortable=False, heading="", paint=dot_cell(_dot)),
        moment_column(SortBy.STARTED, "Started", lambda row: row.start_ns, 154),
        Column(SortBy.NAME, "Name", name_text, 156, look="strong", term=_term("name", lambda row: row.name)),
        Column(
            SortBy.TYPE,
            "Type",
            _type_text,
            92,
            paint=tag_cell(_type_tag),
            term=_term("type", lambda row: row.span_type),
        ),
        tags_column(tags_of, "the span and of its trace"),
        Column(
            SortBy.SERVICE,
            "Service",
            lambda row: row.service_name,
            118,
            look="dim",
            term=_term("service", lambda row: row.service_name),
        ),
        *duration_columns(
            SortBy.DURATION,
            lambda row: row.duration_ns,
            lambda _row: False,
            duration_words,
            scale,
            _bar_role,
            widths_px=(80, 64),
        ),
        Column(
            SortBy.STATUS,
            "Status",
            status_text,
            66,
            paint=tag_cell(_status_tag),
            tooltip=status_words,
            term=_status_term,
        ),
        Column(
            SortBy.MODEL,
            "Model",
            lambda row: row.llm_model or "",
            104,
            look="dim",
            tooltip=_model_words,
            term=_term("model", lambda row: row.llm_model),
        ),
        token_column(SortBy.TOKENS, lambda row: (row.input_tokens, row.output_tokens), "It told no tokens"),
        Column("cost", "Cost", _cost, 96, align="right", sortable=False, tooltip=_cost_words),
        Column(
            SortBy.TRACE_ID,
            "Trace",
            lambda row: row.trace_id[:_TRACE_CHARACTERS],
            78,
            look="mono",
            tooltip=lambda row: row.trace_id,
            copy=lambda row: row.trace_id,
            term=_term("trace_id", lambda row: row.trace_id),
        ),
        Column(
            SortBy.SPAN_ID,
            "Span id",
            lambda row: row.span_id,
            140,
            look="mono",
            hidden=True,
            term=_term("span_id", lambda row: row.span_id),
        ),
        count_column(SortBy.EVENTS, "Events", lambda row: row.event_count, 64, hidden=True),
        moment_column(SortBy.RECEIVED, "Received", lambda row: row.received_ns, hidden=True),
        open_column(),
    )


def _term(field: str, value: Callable[[SpanRow], str | None]) -> Callable[[SpanRow], str]:
    """Return what makes the condition that a field has the value of a row; "" where the row has none."""

    def term(row: SpanRow) -> str:
        return term_for(field, found) if (found := value(row)) else ""

    return term


def _status_term(row: SpanRow) -> str:
    if row.is_error:
        return term_for("error", True)
    return term_for("status", "ok") if row.status_code == 1 else ""


def _type_text(row: SpanRow) -> str:
    return one_line(kind_word(row.span_type), _TYPE_CHARACTERS)


def _type_tag(row: SpanRow) -> tuple[str, Role]:
    return _type_text(row), kind_role(row.span_type)


def _status_tag(row: SpanRow) -> tuple[str, Role]:
    word = status_text(row)
    return word, _STATUS_ROLES[word]


def _dot(row: SpanRow) -> tuple[Shape, Role]:
    return ("full", "error") if row.is_error else ("none", "ok")


def _bar_role(row: SpanRow) -> Role:
    return "error" if row.is_error else kind_role(row.span_type)


def _model_words(row: SpanRow) -> str:
    return " · ".join(part for part in (row.llm_provider, row.llm_model) if part)


def _cost(row: SpanRow) -> str:
    return "" if row.cost is None else cost_word(row.cost.dollars, row.cost.origin)


def _cost_words(row: SpanRow) -> str:
    if row.cost is None:
        return "Its call is read a few seconds after it was stored" if row.span_type in MODEL_CALLS else ""
    return "" if row.cost.is_counted else "Another span tells of the same call, too: this one is left out of all sums"
