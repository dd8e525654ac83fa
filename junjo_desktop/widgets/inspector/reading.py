"""What a span says in the words of its kind: a call of a model, a tool, a search, texts that were embedded. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import Message
from junjo_desktop.telemetry.llm.prices.cost import Cost, cost_of
from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.llm.prices.table import PriceTable, PriceTableError, price_table
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.llm.step_reading import read_agent_step, read_embedding, read_retrieval, read_tool_call
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.conversation.call_entries import call_entries, cost_parts
from junjo_desktop.widgets.conversation.entries import Entry, Part, note_part
from junjo_desktop.widgets.conversation.messages import message_entry
from junjo_desktop.widgets.cost_words import cost_word
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import cost_phrase
from junjo_desktop.widgets.inspector.call_facts import call_facts
from junjo_desktop.widgets.inspector.step_entries import embedding_entries, retrieval_entries, tool_entries

_SAME_DOLLARS = 1e-9
_NOT_COUNTED = "Another span tells of the same call, too, and more of it: this one is not counted."


@dataclass(frozen=True)
class SpanReading:
    """A span, read. `title` names the tab, `facts` go beside those of every span; `call` is what can be sent again."""

    title: str
    entries: tuple[Entry, ...]
    facts: tuple[Fact, ...] = ()
    call: LlmCall | None = field(default=None, compare=False)


def read_span(span: Span, logs: Sequence[LogRecord] = (), kept: KeptCost | None = None) -> SpanReading | None:
    """Read a span; None where it is of no kind that has a reading. `kept` is None where its cost is not stored yet.

    May take long: for a background thread.
    """
    embedding = read_embedding(span, logs)
    if embedding is not None:
        cost = _cost(embedding.call, span, kept)
        facts = call_facts(embedding.call, cost, kept)
        return SpanReading("Texts", embedding_entries(embedding, *_told(cost, kept)), facts, embedding.call)
    retrieval = read_retrieval(span, logs)
    if retrieval is not None:
        return SpanReading("Documents", retrieval_entries(retrieval))
    call = read_call(span, logs)
    if call is not None:
        cost = _cost(call, span, kept)
        return SpanReading("Conversation", call_entries(call, *_told(cost, kept)), call_facts(call, cost, kept), call)
    tool = read_tool_call(span, logs)
    if tool is not None:
        return SpanReading("Tool", tool_entries(tool))
    return _agent_reading(span, logs)


def _agent_reading(span: Span, logs: Sequence[LogRecord]) -> SpanReading | None:
    step = read_agent_step(span, logs)
    if step is None or not (step.system_instructions or step.input_messages or step.output_messages):
        return None
    system = (Message("system", step.system_instructions),) if step.system_instructions else ()
    told: list[Entry] = []
    for word, messages in (("given", (*system, *step.input_messages)), ("gave", step.output_messages)):
        told += [message_entry((word, place), message, span_id=span.span_id) for place, message in enumerate(messages)]
    return SpanReading("Conversation", tuple(told))


def _cost(call: LlmCall, span: Span, kept: KeptCost | None) -> Cost:
    own = kept.own_prices if kept is not None else {}
    return cost_of(call, _table(), own_prices=own, start_ns=span.start_ns, duration_ns=span.duration_ns)


def _table() -> PriceTable:
    try:
        return price_table()
    except PriceTableError:
        return PriceTable({}, "")  # whoever prices calls has written why to the log


def _told(cost: Cost, kept: KeptCost | None) -> tuple[tuple[Part, ...], str]:
    """Return the arithmetic of the cost that is kept, and the cost in a word."""
    if kept is None:
        return (*cost_parts(cost), note_part("It is not counted yet.")), cost_word(cost.dollars, cost.origin)
    counts = () if kept.is_counted else (note_part(_NOT_COUNTED),)
    word = cost_word(kept.dollars, kept.origin)
    if _is_same(cost.dollars, kept.dollars):
        return (*cost_parts(cost), *counts), word
    by = kept.table_version or "other prices"
    today = cost_phrase(cost.dollars) if cost.dollars is not None else "unknown"
    words = f"Kept as it was computed by {by}. By today's prices it is {today}; Preferences can compute it anew."
    return (note_part(words), *counts), word


def _is_same(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right
    return abs(left - right) <= _SAME_DOLLARS
