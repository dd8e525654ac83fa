"""`calls`, `call`, `usage`: the same with and without a running app, each call once, what is unknown never 0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import HOSTILE
from tests.cli.program import Serving, answer, call, serving
from tests.support.otlp import Value, span, span_id, trace_id, trace_request

START = 1_790_000_000 * 10**9
TRACE = trace_id(0xC0)


def _chat(number: int, model: str, tokens: tuple[int, int] | None, *, trace: bytes = TRACE, **more: Value) -> Any:
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.input.messages": f'[{{"role":"user","parts":[{{"type":"text","content":"question {number}"}}]}}]',
        "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"an answer"}]}]',
        **{key.replace("__", "."): value for key, value in more.items()},
    }
    if tokens:
        attributes |= {"gen_ai.usage.input_tokens": tokens[0], "gen_ai.usage.output_tokens": tokens[1]}
    return span(
        "chat", trace=trace, id=span_id(number), start_ns=START + number, duration_ns=10**9, attributes=attributes
    )


def _send(served: Serving) -> None:
    served.send(
        trace_request(
            _chat(1, "gpt-4o-mini", (1000, 100), gen_ai__response__id="r1"),
            _chat(2, "gpt-4o-mini", (1000, 100), gen_ai__response__id="r1"),
            _chat(3, "no-such-model", (10, 5)),
            service="shop",
        ),
        trace_request(_chat(4, "gpt-4o-mini", None, trace=trace_id(0xC1)), service="desk"),
        trace_request(_chat(5, HOSTILE, None, trace=trace_id(0xC2)), service=HOSTILE),
    )


@pytest.fixture(scope="module", params=["running", "alone"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with calls, held by an app or by nobody."""
    folder = tmp_path_factory.mktemp("calls") / "data"
    with serving(folder, "--no-auth") as served:
        _send(served)
        if request.param == "running":
            served.settle()
            yield folder
            return
        served.end()
    yield folder


def test_calls_are_listed_newest_first_each_with_tokens_and_cost(folder: Path) -> None:
    rows = answer("calls", "--json", "--data-dir", folder)
    assert [row["first_words"] for row in rows] == [f"question {number}" for number in (5, 4, 3, 2, 1)]
    by_words = {row["first_words"]: row for row in rows}
    first, second = by_words["question 1"], by_words["question 2"]
    assert sorted((first["counted"], second["counted"])) == [False, True]
    assert first["usage"] == {
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
        "reasoning_tokens": None,
    }
    assert first["cost"] == pytest.approx(1000 * 0.15e-6 + 100 * 0.6e-6, abs=1e-12)
    assert (by_words["question 3"]["cost"], by_words["question 4"]["usage"]) == (None, None)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (("--service", "desk"), [4]),
        (("--model", "GPT-4O"), [4, 2, 1]),
        (("--trace", TRACE.hex()), [3, 2, 1]),
        (("--provider", "anthropic"), []),
        (("--failed",), []),
        (("--limit", "1"), [5]),
    ],
)
def test_filters_narrow(folder: Path, filters: tuple[str, ...], numbers: list[int]) -> None:
    rows = call("calls", "--json", "--data-dir", folder, *filters)
    assert [number for number in (5, 4, 3, 2, 1) if f"question {number}" in rows.stdout] == numbers


def test_usage_adds_each_call_once_and_says_what_is_unknown(folder: Path) -> None:
    rows = {row["model"]: row for row in answer("usage", "--json", "--data-dir", folder)}
    mini = rows["gpt-4o-mini"]
    assert (mini["calls"], mini["without_usage"], mini["unpriced"]) == (2, 1, 1)
    assert (mini["input_tokens"], mini["output_tokens"]) == (1000, 100)
    assert (rows["no-such-model"]["input_tokens"], rows["no-such-model"]["cost"]) == (10, None)
    by_service = answer("usage", "--by", "service", "--json", "--data-dir", folder)
    services = {row["service"]: row["calls"] for row in by_service}
    assert services == {"shop": 2, "desk": 1, HOSTILE: 1}


def test_one_call_is_told_whole(folder: Path) -> None:
    told = answer("call", TRACE.hex(), span_id(1).hex(), "--json", "--data-dir", folder)
    assert told["input_messages"][0]["parts"] == [{"type": "text", "text": "question 1"}]
    assert told["output_messages"][0]["parts"] == [{"type": "text", "text": "an answer"}]
    assert told["cost"] == pytest.approx(0.00021, abs=1e-9)


@pytest.mark.parametrize(
    "command",
    [("calls",), ("usage",), ("usage", "--by", "day"), ("call", trace_id(0xC2).hex(), span_id(5).hex())],
    ids=("calls", "usage", "days", "call"),
)
def test_hostile_text_moves_nothing_in_the_terminal(folder: Path, command: tuple[str, ...]) -> None:
    outcome = call(*command, "--data-dir", folder)
    assert outcome.returncode == 0, outcome
    assert all(line.isprintable() for line in outcome.stdout.splitlines())


def test_what_is_no_call_is_said(folder: Path) -> None:
    outcome = call("call", TRACE.hex(), span_id(77).hex(), "--data-dir", folder)
    assert outcome.returncode == 1
    assert "No call of a model is stored" in outcome.stderr


def test_nothing_received_is_said(tmp_path: Path) -> None:
    assert "No call of a model" in call("calls", "--data-dir", tmp_path).stderr
    assert answer("usage", "--json", "--data-dir", tmp_path) == []
