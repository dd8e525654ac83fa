"""Brings the tokens that were told into one arithmetic: cached input and reasoning count once, within their sums."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.telemetry.llm.usage import Usage

CACHE_BESIDE = "The tokens of the cache were told beside the input; they are added to it here."
REASONING_BESIDE = "The tokens of reasoning were told beside the output; they are added to it here."


def usage_of(tokens: Mapping[str, int], reported_cost: float | None) -> tuple[Usage | None, tuple[str, ...]]:
    """Return the usage and notes on how it was read; None where nothing was told.

    `tokens` are by the names of `Usage`, and `total` for input and output. What is told of the cache may stand beside
    the input or within it, and reasoning beside the output or within it: the total tells, else the sizes do.
    """
    told = {name: count for name, count in tokens.items() if name != "total"}
    if not told and reported_cost is None:
        return None, ()
    total, notes = tokens.get("total"), []
    cached = told.get("cache_read_tokens", 0) + told.get("cache_write_tokens", 0)
    reasoning = told.get("reasoning_tokens", 0)
    asked, answered = told.get("input_tokens"), told.get("output_tokens")
    if asked is not None and cached and _is_beside(cached, asked, total, asked + (answered or 0)):
        asked += cached
        notes.append(CACHE_BESIDE)
    if answered is not None and reasoning and _is_beside(reasoning, answered, total, (asked or 0) + answered):
        answered += reasoning
        notes.append(REASONING_BESIDE)
    if asked is None and total is not None and answered is not None and total >= answered:
        asked = total - answered
    sums = {"input_tokens": asked, "output_tokens": answered}
    return Usage(**{**told, **sums}, reported_cost=reported_cost), tuple(notes)


def _is_beside(detail: int, whole: int, total: int | None, sums: int) -> bool:
    """Whether a detail stands beside its whole: it is the larger one, or only with it the total comes out."""
    return detail > whole or (total is not None and total != sums and total == sums + detail)
