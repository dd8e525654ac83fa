"""How the cost of calls is told: what it lacks is said, and nothing unknown is 0. Qt-free."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.widgets.facts_line import Fact
from junjo_desktop.widgets.figures import cost_text, count_text, counted

_NOT_READ = "Its calls are read a few seconds after they were stored"


def cost_word(dollars: float | None, origin: str) -> str:
    """Return what one call cost in a word: `$0.0412`, `local`, `unpriced`."""
    return "local" if origin == "local" else cost_text(dollars)


def sums_cost_text(sums: CallSums | None) -> str:
    """Return `$0.0412`, `≥ $0.0412` where calls without a price are left out, `local`, `unpriced`, or nothing."""
    if sums is None or not sums.call_count:
        return ""
    if sums.local == sums.call_count:
        return "local"
    if sums.cost is None or sums.unpriced == sums.call_count - sums.local:
        return "unpriced"
    return f"≥ {cost_text(sums.cost)}" if sums.unpriced else cost_text(sums.cost)


def sums_words(sums: CallSums | None) -> str:
    """Return how a cost came about, and what it lacks, a line each."""
    if sums is None:
        return _NOT_READ
    lines = [f"{counted(sums.call_count, 'call')} of models, each counted once"]
    if sums.cost is not None and sums.cost:
        lines.append(f"${sums.cost:.10f}".rstrip("0").rstrip("."))
    parts = (
        (sums.unpriced, "without a price: set one in Preferences"),
        (sums.without_usage, "without usage: nothing tells the tokens"),
        (sums.local, "answered on this computer: no cost"),
    )
    return "\n".join([*lines, *(f"{count_text(count)} {words}" for count, words in parts if count)])


def sums_facts(sums: CallSums) -> tuple[Fact, ...]:
    """Return calls, tokens and cost as facts, with what they lack; none where there are no calls."""
    if not sums.call_count:
        return ()
    facts = [Fact("Model calls", count_text(sums.call_count), "Each call once, whoever tells of it; embeddings too")]
    if sums.without_usage == sums.call_count:
        facts.append(Fact("Tokens", "unknown", "No call told its tokens"))
    else:
        ways = ((sums.input_tokens, "in"), (sums.output_tokens, "out"))
        tokens = " · ".join(f"{'unknown' if count is None else count_text(count)} {way}" for count, way in ways)
        words = "As reported by the calls of models, each call once"
        if sums.without_usage:
            tokens, words = f"≥ {tokens}", f"{words}\n{counted(sums.without_usage, 'call')} told no tokens"
        facts.append(Fact("Tokens", tokens, words))
    facts.append(Fact("Cost", sums_cost_text(sums), sums_words(sums)))
    return tuple(facts)
