"""Calls cost what LiteLLM says that they cost; what is not known is unknown."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.telemetry.llm.call import LlmCall, Usage
from junjo_desktop.telemetry.llm.prices.cost import CostPart, Origin, cost_of, parts_of
from junjo_desktop.telemetry.llm.prices.names import is_local, name_in_table
from junjo_desktop.telemetry.llm.prices.rates import KnownRates, rates_of
from junjo_desktop.telemetry.llm.prices.table import PriceTable, PriceTableError, price_table, read_table
from tests.captures.load import captures
from tests.captures.untold import untold
from tests.telemetry.llm.facts import calls_of

_ROOT = Path(__file__).parents[3]
_SIZES = (
    {"input": 1_000, "output": 100, "cache_read": 0, "cache_write": 0, "reasoning": 0},
    {"input": 1_888, "output": 120, "cache_read": 512, "cache_write": 0, "reasoning": 80},
    {"input": 300_001, "output": 1_000, "cache_read": 1_000, "cache_write": 500, "reasoning": 0},
)
_TIERS = (None, "flex", "priority")
_EVERY = 13
"""Of all models, every so many are compared."""
_PROVIDERS = ("openai", "anthropic", "azure", "gemini", "mistral", "xai", "deepseek", "groq", "dashscope", "bedrock")


@pytest.fixture(scope="module")
def table() -> PriceTable:
    return price_table()


def _sampled(table: PriceTable) -> list[dict[str, Any]]:
    names = [name for name in sorted(table) if (prices := table.prices_of(name)) and _is_priced(prices)]
    return [
        {"model": name, "provider": (table.prices_of(name) or {})["litellm_provider"], "tier": tier, **size}
        for name in names[::_EVERY]
        for tier in _TIERS
        for size in _SIZES
        if not (size["cache_write"] and "anthropic" not in name)
    ]


def _is_priced(prices: Any) -> bool:
    return (
        prices.get("litellm_provider") in _PROVIDERS
        and prices.get("mode") == "chat"
        and "off_peak_pricing" not in prices  # LiteLLM takes the hour of now
        and ("input_cost_per_token" in prices or "tiered_pricing" in prices)
    )


def _captured() -> list[tuple[LlmCall, dict[str, Any]]]:
    """Return every captured call whose usage was told, as it would have cost at the provider, and what happened."""
    found = []
    for capture in captures():
        if {"tokens", "cache", "reasoning", "response_model"} & set(untold(capture)):
            continue
        for call, exchange in zip(calls_of(capture), capture.exchanges, strict=True):
            if call.usage is not None and exchange["tokens"] is not None:
                paid = replace(call, server_address=None, usage=replace(call.usage, reported_cost=None))
                found.append((paid, exchange))
    return found


@pytest.fixture(scope="module")
def told_by_litellm(table: PriceTable) -> tuple[list[float | None], list[float | None]]:
    """What LiteLLM itself says of the captured calls, and of the sampled models."""
    captured = [
        {
            **exchange["tokens"],
            "model": exchange["response_model"],
            "provider": "gemini" if exchange["provider"] == "gcp.gemini" else exchange["provider"],
            "tier": None,
            "is_embedding": exchange["operation"] == "embeddings",
        }
        for _, exchange in _captured()
    ]
    sampled = [{**call, "is_embedding": False} for call in _sampled(table)]
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.telemetry.llm.litellm_costs"],
        input=json.dumps([*captured, *sampled]),
        check=True,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    costs: list[float | None] = json.loads(ran.stdout.splitlines()[-1])
    return costs[: len(captured)], costs[len(captured) :]


def test_captured_calls_cost_what_litellm_says(
    table: PriceTable, told_by_litellm: tuple[list[float | None], list[float | None]]
) -> None:
    pairs = _captured()
    assert len(pairs) > 100
    for (call, exchange), true in zip(pairs, told_by_litellm[0], strict=True):
        cost = cost_of(call, table)
        assert true is not None
        assert cost.dollars == pytest.approx(true, abs=1e-9), (exchange, cost)
        assert cost.origin is Origin.TABLE
        assert cost.table_version == table.version


def test_models_of_every_kind_cost_what_litellm_says(
    table: PriceTable, told_by_litellm: tuple[list[float | None], list[float | None]]
) -> None:
    calls = _sampled(table)
    assert len(calls) > 200
    compared = 0
    for call, true in zip(calls, told_by_litellm[1], strict=True):
        rates = rates_of(table.prices_of(call["model"]) or {}, call["input"], call["tier"])
        usage = Usage(
            input_tokens=call["input"],
            output_tokens=call["output"],
            cache_read_tokens=call["cache_read"],
            cache_write_tokens=call["cache_write"],
            reasoning_tokens=call["reasoning"],
        )
        if rates is not None and true is not None:
            compared += 1
            assert sum(part.dollars for part in parts_of(usage, rates)) == pytest.approx(true, abs=1e-9), call
    assert compared > len(calls) * 0.9


def test_the_table_is_read_without_litellm() -> None:
    program = (
        "import sys; from junjo_desktop.telemetry.llm.prices.table import price_table; "
        "assert len(price_table()) > 1000; assert 'litellm' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=_ROOT, timeout=60)


def test_a_damaged_table_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"gpt-4o": ', encoding="utf-8")
    with pytest.raises(PriceTableError, match=r"prices\.json"):
        read_table(path)


_USAGE = Usage(1_000, 200, 400, reasoning_tokens=50)
_CALL = LlmCall("t", "s", "chat", "openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", usage=_USAGE)


def test_the_arithmetic_is_shown(table: PriceTable) -> None:
    cost = cost_of(_CALL, table)
    assert [(part.name, part.tokens) for part in cost.parts] == [
        ("fresh", 600),
        ("cache read", 400),
        ("answer", 150),
        ("reasoning", 50),
    ]
    assert cost.words.startswith("600 fresh at $0.15 a million + 400 cache read at $0.075 a million")
    assert cost.dollars == pytest.approx(sum(part.dollars for part in cost.parts))


@pytest.mark.parametrize(("rate", "text"), [(3, "$3.00"), (0.3, "$0.30"), (0.075, "$0.075"), (1250, "$1,250.00")])
def test_a_price_has_its_cents(rate: float, text: str) -> None:
    assert CostPart("fresh", 352, rate / 1_000_000).words == f"352 fresh at {text} a million"


def test_a_call_on_this_computer_costs_nothing_and_has_a_speed(table: PriceTable) -> None:
    local = replace(_CALL, server_address="127.0.0.1", time_to_first_token_ns=1_000_000_000)
    cost = cost_of(local, table, duration_ns=3_000_000_000)
    assert (cost.dollars, cost.origin, cost.tokens_per_second) == (0.0, Origin.LOCAL, 100.0)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("http://127.8.0.1:8080/v1", True),
        ("localhost:11434", True),
        ("http://[::1]:1234/v1", True),
        ("api.openai.com", False),
        ("192.168.0.7", False),
        ("127.0.0.1.example.com", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_loopback_addresses_are_this_computer(address: str | None, *, local: bool) -> None:
    assert is_local(address) is local


@pytest.mark.parametrize(("server", "origin"), [(None, Origin.LOCAL), ("10.0.0.9", Origin.UNKNOWN)])
def test_a_server_of_ones_own_is_on_this_computer_unless_told_elsewhere(
    table: PriceTable, server: str | None, origin: Origin
) -> None:
    call = LlmCall("t", "s", "chat", "ollama", "my-model", server_address=server, usage=_USAGE)
    assert cost_of(call, table).origin is origin


def test_a_call_keeps_the_cost_that_it_reports(table: PriceTable) -> None:
    reported = replace(_CALL, usage=replace(_USAGE, reported_cost=0.5), server_address="127.0.0.1")
    assert cost_of(reported, table).dollars == 0.5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"usage": None}, "Its tokens are unknown."),
        ({"usage": Usage(output_tokens=3)}, "Its tokens are unknown."),
        ({"usage": Usage(input_tokens=3)}, "The tokens of its answer are unknown."),
        ({"request_model": "made-up", "response_model": None}, "No price of made-up is known."),
        ({"provider": "groq"}, "No price of gpt-4o-mini-2024-07-18 is known."),
        ({"response_model": "tts-1", "request_model": None}, "is not priced by tokens."),
    ],
)
def test_what_is_unknown_is_said_and_never_0(table: PriceTable, change: dict[str, Any], words: str) -> None:
    cost = cost_of(replace(_CALL, **change), table)
    assert cost.dollars is None
    assert cost.origin is Origin.UNKNOWN
    assert words in cost.words


def test_a_price_of_ones_own_goes_before_the_table(table: PriceTable) -> None:
    own = {"openai/gpt-4o-mini": {"input_cost_per_token": 1e-3, "output_cost_per_token": 0.0}}
    cost = cost_of(_CALL, table, own_prices=own)
    assert (cost.origin, cost.priced_as, cost.table_version) == (Origin.OWN, "openai/gpt-4o-mini", None)
    assert cost.dollars == pytest.approx(1.0)


def test_a_tiered_price_is_that_of_the_whole_call() -> None:
    table = PriceTable(
        {
            "m": {
                "input_cost_per_token": 1.0,
                "output_cost_per_token": 2.0,
                "input_cost_per_token_above_200k_tokens": 10.0,
                "output_cost_per_token_above_200k_tokens": 20.0,
            }
        },
        "1",
    )
    call = LlmCall("t", "s", "chat", None, "m")
    assert cost_of(replace(call, usage=Usage(200_000, 1)), table).dollars == 200_002
    above = cost_of(replace(call, usage=Usage(200_001, 1)), table)
    assert (above.dollars, above.tier) == (2_000_030, "above 200,000 tokens")


@pytest.mark.parametrize(
    ("provider", "model", "server", "name"),
    [
        ("openai", "gpt-4o-mini", None, "gpt-4o-mini"),
        ("azure.ai.openai", "gpt-4o-mini", None, "azure/gpt-4o-mini"),
        ("gcp.gemini", "models/gemini-2.5-flash", None, "gemini/gemini-2.5-flash"),
        ("anthropic", "claude-sonnet-4-5", None, "claude-sonnet-4-5"),
        (None, "openai/gpt-4o-mini", None, "gpt-4o-mini"),
        ("openai", "deepseek-chat", "https://api.deepseek.com/v1", "deepseek/deepseek-chat"),
        ("anthropic", "gpt-4o-mini", None, None),
    ],
)
def test_a_model_is_found_with_its_provider(
    table: PriceTable, provider: str | None, model: str, server: str | None, name: str | None
) -> None:
    call = LlmCall("t", "s", "chat", provider, model, server_address=server)
    assert name_in_table(call, table) == name


@pytest.mark.parametrize(
    ("when", "dollars", "tier"),
    [
        ("2026-11-20T03:30:00+00:00", 10.0, "peak hours"),
        ("2026-11-20T04:30:00+00:00", 5.0, "off peak"),
        ("2026-11-20T23:30:00+00:00", 5.0, "off peak"),
        ("2026-11-21T03:30:00+00:00", 5.0, "off peak"),
        (None, 10.0, "peak hours"),
    ],
)
def test_a_price_may_depend_on_the_hour(when: str | None, dollars: float, tier: str) -> None:
    friday, saturday = ["04:00-06:00", "22:00-00:00"], "00:00-00:00"
    windows = [{"hours_utc": friday, "weekdays": [5]}, {"hours_utc": saturday, "weekdays": [6]}]
    off_peak = {"input_cost_per_token": 0.5, "windows": windows, "weekday_timezone": "UTC"}
    prices = {"input_cost_per_token": 1.0, "output_cost_per_token": 0.0, "off_peak_pricing": off_peak}
    call = LlmCall("t", "s", "chat", None, "m", usage=Usage(10, 1))
    start_ns = None if when is None else int(datetime.fromisoformat(when).timestamp()) * 1_000_000_000
    cost = cost_of(call, PriceTable({"m": prices}, "1"), start_ns=start_ns)
    assert (cost.dollars, cost.tier) == (dollars, tier)


def test_rates_that_are_remembered_are_those_of_every_call(table: PriceTable) -> None:
    remembered = KnownRates()
    midnight_ns = 1_795_132_800 * 10**9
    for name in sorted(table)[::_EVERY]:
        prices = table.prices_of(name) or {}
        for tokens, tier, hour in ((10, None, 3), (300_001, None, 3), (10, "flex", 3), (300_001, "flex", 12)):
            asked = (prices, tokens, tier, midnight_ns + hour * 3600 * 10**9)
            assert remembered(*asked) == rates_of(*asked), name
