"""The facts of a call of a model, beside those of its span. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.cost import Cost
from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.widgets.cost_words import cost_word
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import count_text, duration_text

_NOT_COUNTED = "Another span tells of the same call, too: this one is left out of all sums"


def call_facts(call: LlmCall, cost: Cost, kept: KeptCost | None) -> tuple[Fact, ...]:
    """Return what a call says of itself; what it does not tell is left out, but for its tokens and its cost."""
    return tuple(_facts(call, cost, kept))


def _facts(call: LlmCall, cost: Cost, kept: KeptCost | None) -> Iterator[Fact]:
    if call.model is not None:
        yield Fact("Model", _model(call), term=term_for("model", call.model))
    if call.operation != "chat":
        yield Fact("Operation", call.operation)
    if call.time_to_first_token_ns is not None:
        words = f"{call.time_to_first_token_ns:,} ns until the first token came"
        yield Fact("First token", duration_text(call.time_to_first_token_ns), words)
    yield Fact("Tokens", *_tokens(call))
    dollars, origin = (cost.dollars, str(cost.origin)) if kept is None else (kept.dollars, kept.origin)
    yield Fact("Cost", cost_word(dollars, origin), cost.words)
    if kept is not None and not kept.is_counted:
        yield Fact("Counted", "no", _NOT_COUNTED)
    if cost.tokens_per_second is not None:
        yield Fact("Speed", f"{cost.tokens_per_second:,.0f} tokens/s", "Tokens of the answer, from its first one on")
    if call.finish_reasons:
        yield Fact("Finish", ", ".join(dict.fromkeys(call.finish_reasons)))
    parameters = " · ".join(
        f"{key} {value}" for key, value in call.parameters.items() if isinstance(value, int | float | str)
    )
    if parameters:
        yield Fact("Parameters", parameters, parameters.replace(" · ", "\n"))
    for label, told in (("Conversation", call.conversation_id), ("User", call.user_id), ("Agent", call.agent_name)):
        if told:
            yield Fact(label, told)


def _model(call: LlmCall) -> str:
    is_other = call.request_model and call.response_model and call.request_model != call.response_model
    names = f"{call.request_model} → {call.response_model}" if is_other else str(call.model)
    return f"{call.provider} · {names}" if call.provider else names


def _tokens(call: LlmCall) -> tuple[str, str]:
    usage = call.usage
    if usage is None or (usage.input_tokens is None and usage.output_tokens is None):
        return "unknown", "The call told none"
    ways = ((usage.input_tokens, "in"), (usage.output_tokens, "out"))
    told = (f"{'unknown' if amount is None else count_text(amount)} {way}" for amount, way in ways)
    return " · ".join(told), usage.words
