"""What one token of each kind costs in one call: of a service tier, and of the tier that the size of its input reaches.

A price for inputs above some size is that of all tokens of the call, those of the output too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from junjo_desktop.telemetry.llm.prices.off_peak import off_peak_prices
from junjo_desktop.telemetry.llm.prices.table import Prices

_TIERS = {
    "flex": "_flex",
    "balanced": "_balanced",
    "priority": "_priority",
    "fast": "_priority",
    "ultrafast": "_ultrafast",
    "batch": "_batches",
    "batches": "_batches",
}
_ABOVE = re.compile(r"_above_(\d+)(k?)_tokens")
_READ_SHARE = {"fireworks_ai": 0.5}
"""What reading a cache costs where the table has no price for it: this share of the input, else all of it."""
_INCLUSIVE_PROVIDERS = frozenset({"xai"})
_INPUT, _OUTPUT = "input_cost_per_token", "output_cost_per_token"
_READ, _WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"
_WRITE_1H = f"{_WRITE}_above_1hr"
_REASONING = "output_cost_per_reasoning_token"


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for one token. `tier` says in words which prices these are; "" for the ordinary ones."""

    input: float
    output: float
    cache_read: float
    cache_write: float
    cache_write_1h: float
    reasoning: float
    input_audio: float
    output_audio: float
    input_image: float
    output_image: float
    tier: str = ""


RatesOf = Callable[[Prices, int, str | None, int | None], Rates | None]


class KnownRates:
    """`rates_of` for many calls: rates that neither the size of a call nor the hour changes are worked out once."""

    def __init__(self) -> None:
        # With the prices, so that none take the place of others, whose `id` they would have.
        self._known: dict[tuple[int, str | None], tuple[Prices, Rates | None]] = {}

    def __call__(
        self, prices: Prices, input_tokens: int, service_tier: str | None = None, at_ns: int | None = None
    ) -> Rates | None:
        """Return what `rates_of` returns."""
        known = self._known.get((id(prices), service_tier))
        if known is not None:
            return known[1]
        rates = rates_of(prices, input_tokens, service_tier, at_ns)
        if not _varies(prices):
            self._known[id(prices), service_tier] = (prices, rates)
        return rates


def rates_of(
    prices: Prices, input_tokens: int, service_tier: str | None = None, at_ns: int | None = None
) -> Rates | None:
    """Return the rates for a call of this size at this time; None where the model is not priced by tokens.

    Without a time, prices that depend on the hour are those of the busy ones.
    """
    held, reached = _tiered(prices, input_tokens)
    suffix = _TIERS.get((service_tier or "").lower(), "")
    reader = _Reader(held, suffix, *_threshold(held, input_tokens))
    asked, answered = reader.rate(_INPUT), reader.rate(_OUTPUT)
    if asked is None and answered is None:
        return None
    asked = asked or 0.0
    answered = answered or reader.plain("output_cost_per_image_token", 0.0)
    lower = off_peak_prices(prices, at_ns)
    asked, answered = _lower(lower, _INPUT, asked), _lower(lower, _OUTPUT, answered)
    read, written, kept = reader.rate(_READ), reader.rate(_WRITE), reader.rate(_WRITE_1H)
    if read is None:
        read = asked * _READ_SHARE.get(str(prices.get("litellm_provider")), 1.0)
    written = _lower(lower, _WRITE, asked if written is None else written)
    hours = "off peak" if lower else "peak hours" if prices.get("off_peak_pricing") else ""
    return Rates(
        input=asked,
        output=answered,
        cache_read=_lower(lower, _READ, read),
        cache_write=written,
        cache_write_1h=written if kept is None else kept,
        reasoning=_lower(lower, _REASONING, _reasoning(held, suffix, answered)),
        input_audio=reader.plain("input_cost_per_audio_token", asked),
        output_audio=reader.plain("output_cost_per_audio_token", answered),
        input_image=reader.plain("input_cost_per_image_token", asked),
        output_image=reader.plain("output_cost_per_image_token", answered),
        tier=", ".join(words for words in (reached, reader.above_words, suffix.strip("_"), hours) if words),
    )


def _lower(lower: Mapping[str, Any], key: str, rate: float) -> float:
    told = _number(lower.get(key))
    return rate if told is None else told


@dataclass(frozen=True, slots=True)
class _Reader:
    prices: Mapping[str, Any]
    suffix: str
    above: tuple[str, ...]
    """The sizes that the input is above, as they are spelt, from the smallest on."""
    above_words: str

    def rate(self, key: str) -> float | None:
        """Return the rate for the largest size that is reached and has one, else the one without a size."""
        found = self._of_tier(key)
        for size in self.above:
            told = self._of_tier(f"{key}_above_{size}_tokens")
            found = found if told is None else told
        return found

    def plain(self, key: str, default: float) -> float:
        """Return a rate that no size changes."""
        found = self._of_tier(key)
        return default if found is None else found

    def _of_tier(self, key: str) -> float | None:
        told = _number(self.prices.get(key + self.suffix)) if self.suffix else None
        return _number(self.prices.get(key)) if told is None else told


def _varies(prices: Prices) -> bool:
    """Whether what a token costs depends on the size of the call, or on the hour."""
    return "tiered_pricing" in prices or "off_peak_pricing" in prices or _has_sizes(prices)


def _has_sizes(prices: Mapping[str, Any]) -> bool:
    return _ABOVE.search(" ".join(prices)) is not None


def _threshold(prices: Mapping[str, Any], input_tokens: int) -> tuple[tuple[str, ...], str]:
    is_inclusive = prices.get("litellm_provider") in _INCLUSIVE_PROVIDERS
    if not _has_sizes(prices):
        return (), ""
    sizes: dict[str, int] = {}
    for key in prices:
        if (found := _ABOVE.search(key)) is not None:
            sizes[found[1] + found[2]] = int(found[1]) * (1000 if found[2] else 1)
    reached = {
        spelt: size for spelt, size in sizes.items() if input_tokens > size or (is_inclusive and input_tokens == size)
    }
    above = tuple(sorted(reached, key=lambda spelt: reached[spelt]))
    return above, f"above {reached[above[-1]]:,} tokens" if above else ""


def _tiered(prices: Prices, input_tokens: int) -> tuple[Mapping[str, Any], str]:
    """Return the prices, those of the tier for this size before the model's own."""
    listed = prices.get("tiered_pricing")
    tiers = [(found, tier) for tier in listed if (found := _range(tier))] if isinstance(listed, list) else []
    if not tiers or input_tokens <= 0:
        return prices, ""
    tiers.sort(key=lambda one: one[0])
    (low, high), tier = next((one for one in tiers if one[0][0] < input_tokens <= one[0][1]), tiers[-1])
    if _INPUT not in tier:
        return prices, ""
    own = {key: value for key, value in prices.items() if key in {"litellm_provider", _OUTPUT}}
    return {**own, **tier}, f"{low:,.0f} to {high:,.0f} tokens"


def _range(tier: Any) -> tuple[float, float] | None:
    held = tier.get("range") if isinstance(tier, dict) else None
    if not isinstance(held, list) or len(held) != 2:
        return None
    low, high = _number(held[0]), _number(held[1])
    return None if low is None or high is None else (low, high)


def _reasoning(prices: Mapping[str, Any], suffix: str, answered: float) -> float:
    if suffix and (told := _number(prices.get(_REASONING + suffix))) is not None:
        return told
    if suffix and _number(prices.get(_OUTPUT + suffix)) is not None:
        return answered
    told = _number(prices.get(_REASONING))
    return answered if told is None else told


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
