"""The columns of the list of conversations."""

from __future__ import annotations

from collections.abc import Callable

from junjo_desktop.features.conversations.filters import SortBy
from junjo_desktop.features.conversations.listings import ConversationRow
from junjo_desktop.features.conversations.words import (
    costs_text,
    id_text,
    id_words,
    lasted_text,
    names_text,
    tokens_text,
    tokens_words,
)
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cells import Shape, dot_cell
from junjo_desktop.widgets.list_columns import count_column, failure_column, moment_column, open_column
from junjo_desktop.widgets.row_source import Column

_Names = Callable[[ConversationRow], tuple[str, ...]]


def conversation_columns() -> tuple[Column[ConversationRow], ...]:
    """Return the columns in their first order."""
    return (
        Column("state", "State", _state_text, 28, sortable=False, heading="", paint=dot_cell(_dot)),
        moment_column(SortBy.LAST, "Last call", lambda row: row.last_ns, 112),
        Column(
            SortBy.FIRST_WORDS,
            "First words",
            lambda row: row.first_words or "(not captured)",
            280,
            look="strong",
            tooltip=lambda row: row.first_words,
        ),
        _names_column(SortBy.SERVICE, "Service", 120, "service", lambda row: row.services),
        _names_column(SortBy.MODEL, "Models", 170, "model", lambda row: row.models),
        count_column(SortBy.CALLS, "Calls", lambda row: row.calls, 60, "Calls of models, each once"),
        _figure(SortBy.TOKENS, "Tokens", 82, tokens_text, tokens_words),
        _figure(SortBy.COST, "Cost", 140, costs_text, costs_text),
        failure_column(SortBy.FAILURES, "Failed", lambda row: row.failed, 62),
        Column(SortBy.DURATION, "Lasted", lasted_text, 84, align="right", descending_first=True),
        moment_column(SortBy.STARTED, "Started", lambda row: row.start_ns, 112),
        Column(
            SortBy.ID,
            "Conversation",
            id_text,
            130,
            look="dim",
            tooltip=id_words,
            copy=lambda row: row.conversation_id or row.trace_id or "",
            term=_id_term,
        ),
        open_column(),
    )


def _names_column(key: SortBy, title: str, width_px: int, field: str, names: _Names) -> Column[ConversationRow]:
    def term(row: ConversationRow) -> str:
        found = names(row)
        return term_for(field, found[0]) if len(found) == 1 else ""

    return Column(
        key,
        title,
        lambda row: names_text(names(row)),
        width_px,
        look="dim",
        tooltip=lambda row: ", ".join(names(row)),
        term=term,
    )


def _figure(
    key: SortBy,
    title: str,
    width_px: int,
    text: Callable[[ConversationRow], str],
    words: Callable[[ConversationRow], str],
) -> Column[ConversationRow]:
    return Column(key, title, text, width_px, align="right", descending_first=True, tooltip=words)


def _id_term(row: ConversationRow) -> str:
    if row.conversation_id is not None:
        return term_for("conversation", row.conversation_id)
    return term_for("trace_id", row.trace_id or "")


def _state_text(row: ConversationRow) -> str:
    return "with failures" if row.failed else "ok"


def _dot(row: ConversationRow) -> tuple[Shape, Role]:
    return ("full", "error") if row.failed else ("none", "ok")
