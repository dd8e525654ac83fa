"""Own prices: kept beside the telemetry, taken by calls that are stored already, and by those alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.cli.main import main
from junjo_desktop.errors import UsageError
from junjo_desktop.paths import DataDir
from junjo_desktop.state.own_prices import OwnPrices
from junjo_desktop.store.call_costs import kept_cost, trace_sums
from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.lookup import span as stored_span
from junjo_desktop.store.own_prices import own_prices_of, price_again, prices_answer, take_own_prices
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

OWN = OwnPrice(2.0, 4.0, cache_read=0.5)


def call(number: int, model: str, provider: str = "acme") -> Any:
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 1_000_000,
        "gen_ai.usage.output_tokens": 500_000,
        "gen_ai.usage.cache_read.input_tokens": 200_000,
    }
    return span("chat", trace=trace_id(number), id=span_id(number), attributes=attributes)


class Priced:
    """A store whose calls are priced."""

    def __init__(self, telemetry: StoredTelemetry) -> None:
        self.telemetry = telemetry
        self.indexing = CallIndexing(telemetry.store, own_prices=self._in_force)

    def _in_force(self) -> Mapping[str, Mapping[str, object]]:
        return {model: price.prices for model, price in self.telemetry.read(own_prices_of).items()}

    def take(self, wished: Mapping[str, OwnPrice]) -> bool:
        """Have calls be priced by these, and price them."""
        is_changed = take_own_prices(self.telemetry.store, wished)
        self.indexing.look_at_all()
        assert self.indexing.catch_up(60)
        return is_changed

    def cost(self, number: int) -> float | None:
        """The cost of a trace."""
        sums = self.telemetry.read(lambda cursor: trace_sums(cursor, trace_id(number).hex()))
        assert sums is not None
        return sums.cost


@pytest.fixture
def priced(tmp_path: Path) -> Iterator[Priced]:
    """Two calls of an unknown model, and one of a known one."""
    telemetry = StoredTelemetry(tmp_path / "data")
    telemetry.add(trace_request(call(1, "house-model"), call(2, "house-model"), call(3, "gpt-4o-mini", "openai")))
    found = Priced(telemetry)
    found.take({})
    yield found
    telemetry.close()


def test_stored_calls_are_priced_by_a_price_that_is_set_and_not_any_more_when_it_is_gone(priced: Priced) -> None:
    known = priced.cost(3)
    assert (priced.cost(1), priced.take({"house-model": OWN})) == (None, True)
    assert priced.cost(1) == pytest.approx(0.8 * 2.0 + 0.2 * 0.5 + 0.5 * 4.0)
    assert priced.cost(3) == known
    assert not priced.take({"house-model": OWN})
    priced.take({"acme/house-model": OwnPrice(1.0, 0.0)})
    assert priced.cost(2) == pytest.approx(1.0)
    priced.take({})
    assert priced.cost(1) is None


def test_only_calls_of_the_model_are_priced_again_unless_all_are_wished(priced: Priced) -> None:
    take_own_prices(priced.telemetry.store, {"house-model": OWN})
    assert priced.telemetry.read(prices_answer)["to_price"] == 2
    priced.take({"house-model": OWN})
    price_again(priced.telemetry.store)
    assert priced.telemetry.read(prices_answer)["to_price"] == 3


def test_models_without_a_price_are_told_with_their_calls(priced: Priced) -> None:
    told = priced.telemetry.read(prices_answer)
    assert told["unpriced"] == [{"model": "house-model", "provider": "acme", "calls": 2}]
    assert str(told["table_version"]).startswith("litellm ")
    assert told["priced_by"] == {told["table_version"]: 1}


def test_the_arithmetic_of_a_call_knows_the_own_price(priced: Priced) -> None:
    priced.take({"house-model": OWN})
    found = priced.telemetry.read(lambda cursor: stored_span(cursor, trace_id(1).hex(), span_id(1).hex()))
    assert found is not None
    kept = priced.telemetry.read(lambda cursor: kept_cost(cursor, found))
    assert kept is not None
    assert (kept.origin, kept.own_prices["house-model"]) == ("own", OWN.prices)


def test_prices_are_kept_and_bad_ones_refused(data_dir: DataDir) -> None:
    own = OwnPrices(data_dir.state)
    assert own.write(" house-model ", OWN) == "house-model"
    for bad in (OwnPrice(-1.0, 0.0), OwnPrice(1.0, float("nan")), OwnPrice(1.0, 2e6)):
        with pytest.raises(UsageError):
            own.write("house-model", bad)
    with pytest.raises(UsageError):
        own.write("a\nb", OWN)
    own.close()
    again = OwnPrices(data_dir.state)
    assert again.all() == {"house-model": OWN}
    assert (again.remove("house-model"), again.remove("house-model"), again.all()) == (True, False, {})
    again.close()


def test_the_command_line_sets_lists_and_removes(priced: Priced, capsys: pytest.CaptureFixture[str]) -> None:
    priced.telemetry.close()
    folder = ["--data-dir", str(priced.telemetry.data_dir.root)]
    assert main(["prices", "set", "house-model", "--input", "2", "--output", "4", "--json", *folder]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["own"] == [
        {"model": "house-model", "input": 2.0, "output": 4.0, "cache_read": None, "cache_write": None}
    ]
    assert told["unpriced"] == []
    assert main(["prices", *folder]) == 0
    assert "house-model: $2 in, $4 out a million tokens" in capsys.readouterr().out
    assert main(["prices", "remove", "house-model", *folder]) == 0
    assert main(["prices", "remove", "house-model", *folder]) == 1
    assert "has no price of its own" in capsys.readouterr().err
