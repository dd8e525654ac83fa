"""What the list of calls says of a call, and of what calls add up to."""

from __future__ import annotations

from junjo_desktop.features.calls.listings import CallRow, Sums
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import cost_text, count_text, counted, duration_text
from junjo_desktop.widgets.list_columns import NO_START_WORDS

_NO_END_WORDS = "Its span was sent without an end time (0), so nobody knows how long it took"
REPEATED_WORDS = "Another span tells of the same call, and more of it: this one is left out of all sums"


def model_words(row: CallRow) -> str:
    """Return the model that answered, and the one asked for when that is another."""
    if row.response_model and row.request_model and row.response_model != row.request_model:
        return f"{row.response_model} answered; {row.request_model} was asked for"
    return row.model or "Its span tells no model"


def place_text(row: CallRow) -> str:
    """Return the workflow and the node that it stands in."""
    return " / ".join(part for part in (row.workflow_name, row.node_name) if part)


def status_text(row: CallRow) -> str:
    """Return how it ended, in a word."""
    return "failed" if row.is_error else "ok"


def status_words(row: CallRow) -> str:
    """Return the same with what failed."""
    if row.is_error:
        return f"It failed: {row.error_type}" if row.error_type else "It failed; nothing tells why"
    return "It did not fail"


def duration_words(row: CallRow) -> str:
    """Return a duration to the nanosecond, or why it is not known."""
    if row.duration_ns is None:
        return _NO_END_WORDS if row.start_ns else NO_START_WORDS
    return f"{row.duration_ns:,} ns"


def call_cost_text(row: CallRow) -> str:
    """Return what it cost: `$0.0412`, `local`, `unpriced`, or that it is repeated."""
    if not row.is_counted:
        return "repeated"
    return "local" if row.cost_origin == "local" else cost_text(row.cost)


def cost_words(row: CallRow) -> str:
    """Return how the cost is known, or why it is not."""
    told = {
        "reported": "as the call reported it",
        "local": "a call to this computer costs nothing",
        "own": "by your own price",
        "table": f"by the price of {row.priced_as or 'its model'} in the table of LiteLLM {row.table_version or ''}",
    }.get(row.cost_origin, "the price table knows no price of this model")
    cost = "" if row.cost is None or row.cost_origin == "local" else f"{cost_text(row.cost)} "
    words = f"{cost}{told.strip()}"
    return words if row.is_counted else f"{REPEATED_WORDS}. {words}"


def rate_text(row: CallRow) -> str:
    """Return how fast it answered, in tokens a second; empty where that is not known."""
    if not row.output_tokens or not row.duration_ns or row.duration_ns <= 0:
        return ""
    return f"{row.output_tokens / (row.duration_ns / 1e9):,.1f} tokens/s"


def sums_facts(sums: Sums, *, of_selected: bool) -> tuple[Fact, ...]:
    """Return what calls add up to, as a line of facts."""
    usage, are_known = sums.usage, sums.input_tokens is not None or sums.output_tokens is not None
    repeated = f"{counted(sums.repeated, 'call')} repeat others and are left out of the sums" if sums.repeated else ""
    calls = count_text(sums.calls) + (f" ({count_text(sums.repeated)} repeated not counted)" if sums.repeated else "")
    facts = [Fact("selected calls" if of_selected else "calls", calls, repeated)]
    if are_known:
        facts.append(Fact("tokens in", _count(sums.input_tokens), usage.input_words))
        if sums.cache_read_tokens or sums.cache_write_tokens:
            facts.append(Fact("of these cached", _cached(sums), usage.input_words))
        facts.append(Fact("out", _count(sums.output_tokens), usage.output_words))
    unpriced = f" + {count_text(sums.unpriced)} unpriced" if sums.unpriced and sums.cost is not None else ""
    if sums.calls > sums.repeated:
        facts.append(Fact("cost", f"{cost_text(sums.cost)}{unpriced}", _unpriced_words(sums)))
    if sums.p50_ns is not None and sums.p95_ns is not None:
        facts.append(Fact("p50", duration_text(sums.p50_ns), "Half of them took no longer"))
        facts.append(Fact("p95", duration_text(sums.p95_ns), "95 % of them took no longer"))
    if sums.first_token_p50_ns is not None:
        words = "Of half of those that tell it, the first token came no later"
        facts.append(Fact("first token p50", duration_text(sums.first_token_p50_ns), words))
    if sums.failed:
        facts.append(Fact("failed", count_text(sums.failed)))
    if sums.without_usage:
        words = "Their spans tell no tokens: they are in no sum of tokens"
        facts.append(Fact("without usage", count_text(sums.without_usage), words))
    return tuple(facts)


def unread_words(traces: int) -> str:
    """Return that some calls are not read yet; empty when all are."""
    return f"calls of {counted(traces, 'trace')} are being read" if traces else ""


def _count(tokens: int | None) -> str:
    return "unknown" if tokens is None else count_text(tokens)


def _cached(sums: Sums) -> str:
    parts = ((sums.cache_read_tokens, "read"), (sums.cache_write_tokens, "written"))
    return ", ".join(f"{count_text(tokens)} {word}" for tokens, word in parts if tokens)


def _unpriced_words(sums: Sums) -> str:
    if not sums.unpriced:
        return "Of all calls that are counted"
    return f"Of {counted(sums.unpriced, 'call')} no price is known"


def call_facts(row: CallRow) -> tuple[Fact, ...]:
    """Return what a call took and cost, with the arithmetic."""
    duration = "unknown" if row.duration_ns is None else duration_text(row.duration_ns)
    facts = [
        Fact("", row.model or "unknown model", model_words(row)),
        Fact("tokens", row.usage.words if row.input_tokens is not None or row.output_tokens is not None else "unknown"),
        Fact("cost", call_cost_text(row), cost_words(row)),
        Fact("took", duration, duration_words(row)),
    ]
    if rate := rate_text(row):
        facts.append(Fact("", rate, "Output tokens over the whole duration"))
    if row.first_token_ns is not None:
        facts.append(Fact("first token", duration_text(row.first_token_ns)))
    if row.temperature is not None:
        facts.append(Fact("temperature", f"{row.temperature:g}"))
    if row.reasoning_effort:
        facts.append(Fact("reasoning", row.reasoning_effort))
    return tuple(facts)
