"""The Overview's figures: the same as adding the calls up by hand, over time and by what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.call_indexing import CallIndexing
from junjo_desktop.store.overview import BARS, Overview, read_overview, step_of
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

SECOND = 10**9
START = 1_795_000_000 * SECOND
MODELS = ("gpt-4o-mini", "gpt-4o", "nobody-knows-1")


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """120 calls within an hour, of three models, every tenth failed, and one that is told twice."""
    telemetry = StoredTelemetry(Path(tmp_path_factory.mktemp("overview")) / "data")
    telemetry.add(*(trace_request(_call(number), service="ab"[number % 2]) for number in range(120)))
    outer = _call(500, response_id="r-1")
    telemetry.add(trace_request(outer, _call(501, parent=500, trace=500, response_id="r-1"), service="a"))
    failed = span("Answer", trace=trace_id(900), error="no", start_ns=START, attributes={"junjo.span_type": "workflow"})
    telemetry.add(trace_request(failed, service="a"))
    CallIndexing(telemetry.store).catch_up(30)
    yield telemetry
    telemetry.close()


def _call(number: int, *, parent: int = 0, trace: int = 0, response_id: str = "") -> Span:
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODELS[number % 3],
        "gen_ai.request.temperature": float(number % 2),
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 10,
        **(
            {"gen_ai.prompt.name": "greet", "gen_ai.prompt.version": str(number % 8 // 4 + 1)}
            if number % 4 == 0
            else {}
        ),
        **({"gen_ai.response.id": response_id} if response_id else {}),
    }
    return span(
        "chat",
        trace=trace_id((trace or number) + 1),
        id=span_id(number + 1),
        parent=span_id(parent + 1) if parent else b"",
        start_ns=START + number % 120 * 30 * SECOND,
        duration_ns=(number % 10 + 1) * SECOND,
        attributes=attributes,
        error="refused" if number % 10 == 0 and number < 120 else None,
    )


def read(telemetry: StoredTelemetry, **asked: object) -> Overview:
    """The overview, of everything unless something else is asked for."""
    chosen = {"since_ns": None, "until_ns": None, "service": None, "now_ns": START + 7200 * SECOND, **asked}
    return telemetry.read(lambda cursor: read_overview(cursor, **chosen))  # type: ignore[arg-type]  # values of two types


def test_sums_take_each_call_once_and_say_what_is_unknown(telemetry: StoredTelemetry) -> None:
    overview = read(telemetry)
    sums = overview.sums
    assert (overview.stored, overview.repeated, sums.calls, sums.failed) == (122, 1, 121, 12)
    assert (sums.input_tokens, sums.output_tokens, sums.tokens) == (12_100, 1_210, 13_310)
    by_model = {ranked.value: ranked.sums for ranked in overview.rankings["model"]}
    assert by_model["nobody-knows-1"].cost is None
    assert sums.unpriced == sum(each.calls for each in by_model.values() if each.cost is None)
    assert sums.cost == pytest.approx(sum(each.cost or 0 for each in by_model.values()))
    assert sums.p50_ns is not None
    assert overview.services == {"a": 62, "b": 60}


def test_parts_of_the_time_add_up_and_models_to_their_part(telemetry: StoredTelemetry) -> None:
    over_time = read(telemetry).over_time
    assert 1 < len(over_time.parts) <= BARS + 1
    assert sum(part.calls for part in over_time.parts) == 121
    assert set(over_time.models) == set(MODELS)
    for part, models in zip(over_time.parts, over_time.by_model, strict=True):
        assert part.calls == sum(sums.calls for sums in models.values())
    first, last = over_time.ends(0)[0], over_time.ends(len(over_time.parts) - 1)[1]
    assert first <= START
    assert last >= START + 119 * 30 * SECOND


def test_a_time_and_a_service_narrow(telemetry: StoredTelemetry) -> None:
    half = read(telemetry, since_ns=START + 60 * 30 * SECOND)
    assert half.sums.calls == 60
    of_b = read(telemetry, service="b")
    assert (of_b.sums.calls, of_b.repeated, of_b.failing) == (60, 0, ())
    nothing = read(telemetry, since_ns=START + 10**15)
    assert (nothing.sums.calls, nothing.sums.cost, nothing.over_time.parts) == (0, None, ())


def test_what_stands_out_is_named(telemetry: StoredTelemetry) -> None:
    overview = read(telemetry)
    assert [call.duration_ns for call in overview.slowest] == [10 * SECOND] * 8
    assert overview.costliest[0].model == "gpt-4o"
    [failing] = overview.failing
    assert (failing.name, failing.runs, failing.failed) == ("Answer", 1, 1)


def test_calls_are_told_by_their_parameters_and_the_version_of_their_prompt(telemetry: StoredTelemetry) -> None:
    by_value: dict[str, Counter[str]] = {}
    for row in read(telemetry).parameters:
        by_value.setdefault(row.parameter, Counter())[row.value] += row.sums.calls
    assert sorted(by_value["temperature"].values()) == [60, 61]
    assert by_value["prompt"] == {"greet 1": 15, "greet 2": 16}


@given(st.integers(1, 10**18))
def test_a_time_of_any_length_has_few_parts_of_a_round_length(length_ns: int) -> None:
    step_ns = step_of(length_ns)
    assert -(-length_ns // step_ns) <= BARS
    assert step_ns >= SECOND
