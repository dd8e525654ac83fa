"""What one call cost, with the arithmetic that leads there. What is not known is unknown, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.names import is_answered_locally, name_in_table
from junjo_desktop.telemetry.llm.prices.rates import Rates, RatesOf, rates_of
from junjo_desktop.telemetry.llm.prices.table import Prices, PriceTable
from junjo_desktop.telemetry.llm.usage import Usage

_NS_PER_S = 1_000_000_000
_PER_MILLION = 1_000_000
_WITHOUT_ANSWER = frozenset({"embeddings", "rerank"})


class Origin(StrEnum):
    """Where a cost comes from."""

    REPORTED = "reported"
    LOCAL = "local"
    TABLE = "table"
    OWN = "own"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CostPart:
    """One line of the arithmetic: so many tokens at so many US dollars each."""

    name: str
    tokens: int
    rate: float

    @property
    def dollars(self) -> float:
        """What these tokens cost."""
        return self.tokens * self.rate

    @property
    def words(self) -> str:
        """The line in words: `352 fresh at $3.00 a million`."""
        dollars, _, part = f"{self.rate * _PER_MILLION:,.6f}".partition(".")
        return f"{self.tokens:,} {self.name} at ${dollars}.{part.rstrip('0'):0<2} a million"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call cost in US dollars; `dollars` is None where that is not known, and `words` say why.

    `priced_as` is the table's name of the model, `table_version` says which table, `tier` which of its prices.
    `tokens_per_second` is the speed of the answer, where that can be told: the figure for what costs nothing.
    """

    dollars: float | None
    origin: Origin
    words: str
    parts: tuple[CostPart, ...] = ()
    priced_as: str | None = None
    table_version: str | None = None
    tier: str = ""
    tokens_per_second: float | None = None


def cost_of(
    call: LlmCall,
    table: PriceTable,
    *,
    own_prices: Mapping[str, Prices] | None = None,
    start_ns: int | None = None,
    duration_ns: int | None = None,
    rates: RatesOf = rates_of,
) -> Cost:
    """Return what a call cost: as it reports itself, else nothing on this computer, else by its tokens.

    `own_prices` are by the name of a model as it was called, or by `PROVIDER/MODEL`; they go before the table.
    `start_ns` is when it was called: some prices depend on the hour. `rates` may remember what it told before.
    """
    return replace(
        _cost(call, table, own_prices or {}, start_ns, rates), tokens_per_second=tokens_per_second(call, duration_ns)
    )


def _cost(
    call: LlmCall, table: PriceTable, own_prices: Mapping[str, Prices], start_ns: int | None, rates_for: RatesOf
) -> Cost:
    usage = call.usage
    if usage is not None and usage.reported_cost is not None:
        return Cost(usage.reported_cost, Origin.REPORTED, "The call reports its own cost.")
    if is_answered_locally(call):
        return Cost(0.0, Origin.LOCAL, "It was answered on this computer.")
    if usage is None or usage.input_tokens is None:
        return Cost(None, Origin.UNKNOWN, "Its tokens are unknown.")
    if usage.output_tokens is None and call.operation not in _WITHOUT_ANSWER:
        return Cost(None, Origin.UNKNOWN, "The tokens of its answer are unknown.")
    name, prices, origin = _priced(call, table, own_prices)
    rates = None if prices is None else rates_for(prices, usage.input_tokens, _service_tier(call), start_ns)
    if rates is None:
        words = f"{name} is not priced by tokens." if name else f"No price of {call.model or 'its model'} is known."
        return Cost(None, Origin.UNKNOWN, words, priced_as=name)
    parts = parts_of(usage, rates)
    words = " + ".join(part.words for part in parts) or "No tokens."
    version = table.version if origin is Origin.TABLE else None
    return Cost(sum(part.dollars for part in parts), origin, words, parts, name, version, rates.tier)


def parts_of(usage: Usage, rates: Rates) -> tuple[CostPart, ...]:
    """Return the arithmetic: every token in one line only, those of a kind that has none left out."""
    written_1h = min(usage.cache_write_1h_tokens or 0, usage.cache_write_tokens or 0)
    fresh = usage.fresh_tokens or 0
    audio_in = min(usage.input_audio_tokens or 0, fresh)
    image_in = min(usage.input_image_tokens or 0, fresh - audio_in)
    answer = usage.output_tokens or 0
    reasoning = min(usage.reasoning_tokens or 0, answer)
    audio_out = min(usage.output_audio_tokens or 0, answer - reasoning)
    image_out = min(usage.output_image_tokens or 0, answer - reasoning - audio_out)
    lines = (
        CostPart("fresh", fresh - audio_in - image_in, rates.input),
        CostPart("audio in", audio_in, rates.input_audio),
        CostPart("image in", image_in, rates.input_image),
        CostPart("cache read", usage.cache_read_tokens or 0, rates.cache_read),
        CostPart("cache write", (usage.cache_write_tokens or 0) - written_1h, rates.cache_write),
        CostPart("cache write for 1 h", written_1h, rates.cache_write_1h),
        CostPart("answer", answer - reasoning - audio_out - image_out, rates.output),
        CostPart("reasoning", reasoning, rates.reasoning),
        CostPart("audio out", audio_out, rates.output_audio),
        CostPart("image out", image_out, rates.output_image),
    )
    return tuple(line for line in lines if line.tokens)


def tokens_per_second(call: LlmCall, duration_ns: int | None) -> float | None:
    """Return how fast the answer came, from its first token on where that time is known."""
    written = call.usage.output_tokens if call.usage is not None else None
    if not written or not duration_ns:
        return None
    waited = call.time_to_first_token_ns or 0
    spent = duration_ns - waited if 0 < waited < duration_ns else duration_ns
    return written * _NS_PER_S / spent


def _priced(
    call: LlmCall, table: PriceTable, own_prices: Mapping[str, Prices]
) -> tuple[str | None, Prices | None, Origin]:
    for model in (call.response_model, call.request_model):
        for name in (f"{call.provider}/{model}", model or ""):
            if model and name in own_prices:
                return name, own_prices[name], Origin.OWN
    found = name_in_table(call, table)
    return found, None if found is None else table.prices_of(found), Origin.TABLE


def _service_tier(call: LlmCall) -> str | None:
    told = call.parameters.get("service_tier")
    return told if isinstance(told, str) else None
