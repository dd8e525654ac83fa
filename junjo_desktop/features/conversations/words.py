"""What is said of a conversation."""

from __future__ import annotations

from junjo_desktop.features.conversations.listings import ConversationRow, Totals
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text, iso_text, moment_text

NO_ID = "of one trace"
NO_ID_WORDS = "These calls tell no conversation, session or thread: those of one trace stand together"
_LISTED = 3


def names_text(names: tuple[str, ...]) -> str:
    """Return `gpt-4o, gpt-5 + 2`."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" + {more}" if more > 0 else "")


def id_text(row: ConversationRow) -> str:
    """Return its id, or that it has none."""
    return NO_ID if row.conversation_id is None else row.conversation_id


def id_words(row: ConversationRow) -> str:
    """Return the same, with what it means."""
    return f"{NO_ID_WORDS}. Trace {row.trace_id}" if row.conversation_id is None else row.conversation_id


def tokens_text(row: ConversationRow) -> str:
    """Return its tokens; empty when none were told."""
    told = [count for count in (row.input_tokens, row.output_tokens) if count is not None]
    return count_text(sum(told)) if told else ""


def tokens_words(row: ConversationRow) -> str:
    """Return how its tokens add up, and of how many calls they are not known."""
    words = row.usage.words if tokens_text(row) else "Its calls told no tokens"
    return f"{words} · {counted(row.without_usage, 'call')} without usage" if row.without_usage else words


def costs_text(row: ConversationRow) -> str:
    """Return what it cost: `$0.0412`, `$0.0412 + 2 unpriced`, `unpriced`."""
    if row.cost is None or not row.unpriced:
        return cost_text(row.cost)
    return f"{cost_text(row.cost)} + {count_text(row.unpriced)} unpriced"


def lasted_text(row: ConversationRow) -> str:
    """Return from its first call to its last, or that it is not known."""
    return "unknown" if row.duration_ns is None else duration_text(row.duration_ns)


def totals_words(totals: Totals) -> str:
    """Return how calls are grouped: `41 conversations · calls of 12 traces tell no conversation: one row a trace`."""
    parts = [counted(totals.named, "conversation")] if totals.named else []
    if totals.others:
        parts.append(f"calls of {counted(totals.others, 'trace')} tell no conversation: a row for each trace")
    return " · ".join(parts)


def row_facts(row: ConversationRow) -> tuple[Fact, ...]:
    """Return what a conversation adds up to."""
    facts = [
        Fact("conversation" if row.conversation_id is not None else "", id_text(row), id_words(row)),
        Fact("calls", count_text(row.calls), counted(row.traces, "trace")),
        Fact("tokens", tokens_text(row) or "unknown", tokens_words(row)),
        Fact("cost", costs_text(row)),
    ]
    if row.failed:
        facts.append(Fact("failed", count_text(row.failed)))
    facts.append(Fact("lasted", lasted_text(row)))
    if row.start_ns:
        facts.append(Fact("started", moment_text(row.start_ns), iso_text(row.start_ns)))
    if row.services:
        facts.append(Fact("service" if len(row.services) == 1 else "services", names_text(row.services)))
    return tuple(facts)
