"""The real LiteLLM, in its child process, asks the stand-in: what is sent, what comes back, what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it has no types
import pytest

from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.generation.answer import Generation
from junjo_desktop.generation.events import Failed, TextDelta
from junjo_desktop.generation.failures import FailureKind
from junjo_desktop.generation.generator import Generator
from junjo_desktop.generation.provider_access import Access, ProviderAccess
from junjo_desktop.generation.providers import route_of
from junjo_desktop.generation.request import GenerationRequest, GenerationSettings, JsonOutput, user_message
from junjo_desktop.generation.schemas import strict_schema
from junjo_desktop.generation.wire_request import wire_request
from junjo_desktop.generation.worker import Worker
from junjo_desktop.state.provider_settings import ProviderSettings
from junjo_desktop.telemetry.llm.parts import TextPart, ToolDefinition
from tests.support.eventually import eventually
from tests.support.provider.script import PUZZLE, WEATHER, WEATHER_SCHEMA
from tests.support.provider.server import Provider, provider

KEY = "sk-very-secret-0123456789"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One process for all: loading LiteLLM takes seconds."""
    running = Worker()
    running.start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def generator(stand_in: Provider, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generator]:
    settings = ProviderSettings(tmp_path_factory.mktemp("providers") / "state.sqlite3")
    access = ProviderAccess(settings, MemorySecretStore(), {})
    access.put("openai", key=KEY, base_url=stand_in.openai_url)
    access.put("anthropic", key=KEY, base_url=stand_in.url, headers={"x-own": "hush"})
    access.put("gemini", key=KEY, base_url=stand_in.url)
    access.put("my-box", base_url=stand_in.openai_url)
    access.put("nowhere", base_url="http://127.0.0.1:9/v1")
    yield Generator(worker, access)
    settings.close()


def _ask(generator: Generator, model: str, text: str = PUZZLE, **more: Any) -> Generation:
    settings = GenerationSettings(**more.pop("settings", {}))
    system = (TextPart("Be brief."),)
    return generator.start(
        GenerationRequest(model, (user_message(text),), system=system, settings=settings, **more)
    ).result


@pytest.mark.parametrize(
    ("model", "settings", "sent", "left_out"),
    [
        (
            "gpt-4o-mini",
            {"temperature": 0.5, "top_p": 0.9, "max_tokens": 9, "seed": 3},
            {"temperature": 0.5, "top_p": 0.9, "max_tokens": 9, "seed": 3},
            set(),
        ),
        (
            "openai/gpt-5-mini",
            {"temperature": 0.5, "max_tokens": 9, "reasoning_effort": "low"},
            {"max_tokens": 9},
            {"temperature"},
        ),
        (
            "anthropic/claude-sonnet-4-5",
            {"temperature": 0.5, "seed": 3, "max_tokens": 5000, "reasoning_effort": "low"},
            {"max_tokens": 5000},
            {"temperature", "seed"},
        ),
        (
            "gemini/gemini-2.5-flash",
            {"temperature": 0.3, "top_p": 0.5, "max_tokens": 70, "thinking_budget": 2000},
            {},
            set(),
        ),
        ("my-box/Llama3:8B/Q4", {"temperature": 0.2, "reasoning_effort": "high"}, {"temperature": 0.2}, set()),
    ],
)
def test_settings_are_sent_where_the_model_takes_them_and_else_told(
    generator: Generator,
    stand_in: Provider,
    model: str,
    settings: dict[str, Any],
    sent: dict[str, Any],
    left_out: set[str],
) -> None:
    made = _ask(generator, model, settings=settings)
    asked = stand_in.exchanges[-1].ask
    assert made.failure is None
    assert made.text == "The paddle costs 5."
    assert {one.name for one in made.left_out} == left_out
    assert asked.model == (model.partition("/")[2] or model)
    assert asked.system == ("Be brief.",)
    if sent:
        assert asked.parameters == sent


@pytest.mark.parametrize("model", ["anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash"])
def test_thoughts_and_usage_come_apart_from_the_answer(generator: Generator, model: str) -> None:
    made = _ask(generator, model, settings={"thinking_budget": 2000})
    assert made.reasoning.startswith("With p the paddle")
    assert made.text == "The paddle costs 5."
    usage = made.call.usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == (64, 200)
    assert made.call.time_to_first_token_ns is not None
    assert 0 < made.call.time_to_first_token_ns <= made.duration_ns
    assert made.call.finish_reasons == ("stop",)


def test_tool_calls_are_put_together(generator: Generator) -> None:
    tool = ToolDefinition("get_weather", "The weather of a city.", WEATHER_SCHEMA)
    for model in ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"):
        made = _ask(generator, model, WEATHER, tools=(tool,))
        assert [(call.name, call.arguments_text) for call in made.tool_calls] == [
            ("get_weather", '{"city":"Oslo"}'),
            ("get_weather", '{"city":"Rome"}'),
        ]
        assert made.call.finish_reasons == ("tool_calls",)


def test_strict_mode_keeps_optional_properties_optional() -> None:
    inner = {"type": "object", "properties": {"b": {"enum": ["x"]}}}
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "c": inner}, "required": ["c"]}
    assert strict_schema(schema) == {
        "type": "object",
        "properties": {
            "a": {"type": ["string", "null"]},
            "c": {
                "type": "object",
                "properties": {"b": {"anyOf": [{"enum": ["x"]}, {"type": "null"}]}},
                "required": ["b"],
                "additionalProperties": False,
            },
        },
        "required": ["a", "c"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("model", ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "my-box/model"])
def test_only_openai_gets_a_strict_schema(model: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    request = GenerationRequest(model, (user_message("hello"),), output=JsonOutput(schema))
    told = wire_request(request, route_of(model, {"my-box"}), Access())["settings"]["response_format"]["json_schema"]
    assert (told.get("strict", False), told["schema"] == schema) == (
        (True, False) if model.startswith("openai") else (False, True)
    )


@pytest.mark.parametrize(
    ("model", "kind", "retry_after_s"),
    [
        ("openai/fault-busy", FailureKind.RATE_LIMIT, 20.0),
        ("openai/fault-unauthorised", FailureKind.WRONG_KEY, None),
        ("openai/fault-too-long", FailureKind.TOO_LONG, None),
        ("openai/fault-broken", FailureKind.PROVIDER_TROUBLE, None),
        ("openai/fault-cut", FailureKind.CUT, None),
        ("anthropic/fault-busy", FailureKind.RATE_LIMIT, 20.0),
        ("anthropic/fault-cut", FailureKind.CUT, None),
        ("gemini/fault-unauthorised", FailureKind.WRONG_KEY, None),
        ("nowhere/model", FailureKind.NO_NETWORK, None),
        ("groq/model", FailureKind.NO_KEY, None),
    ],
)
def test_failures_are_told_apart(
    generator: Generator, model: str, kind: FailureKind, retry_after_s: float | None
) -> None:
    made = _ask(generator, model)
    assert made.failure is not None
    assert (made.failure.kind, made.failure.retry_after_s) == (kind, retry_after_s)
    assert made.failure.message
    assert made.failure.hint
    assert "Traceback" not in made.failure.message
    assert KEY not in repr(made)


def test_cancelling_ends_the_call_and_its_connection_and_keeps_the_process(
    generator: Generator, worker: Worker
) -> None:
    running = generator.start(GenerationRequest("openai/fault-silent", (user_message("hello there, you"),)))
    events = iter(running)
    assert isinstance(next(events), TextDelta)
    pid = worker.pid
    assert pid is not None
    open_before = len(psutil.Process(pid).net_connections())
    running.cancel()
    last = list(events)[-1]
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.CANCELLED
    assert eventually(lambda: len(psutil.Process(pid).net_connections()) < open_before)
    assert worker.pid == pid


def test_the_key_is_in_no_argument_environment_or_file(
    generator: Generator, worker: Worker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert _ask(generator, "openai/gpt-4o-mini").failure is None
    assert worker.pid is not None
    process = psutil.Process(worker.pid)
    assert KEY not in " ".join(process.cmdline())
    assert KEY not in " ".join(process.environ().values())
    files = [path for path in Path(tmp_path_factory.getbasetemp()).rglob("state.sqlite3*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_a_process_that_died_is_told_and_started_again(generator: Generator, worker: Worker) -> None:
    running = generator.start(GenerationRequest("my-box/fault-silent", (user_message("hello there, you"),)))
    events = iter(running)
    assert isinstance(next(events), TextDelta)
    assert worker.pid is not None
    psutil.Process(worker.pid).kill()
    last = list(events)[-1]
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.WORKER
    assert _ask(generator, "my-box/model").text == "The paddle costs 5."


@pytest.mark.skipif(os.name != "posix", reason="/proc")
def test_the_process_ends_with_its_parents_end_of_the_pipe() -> None:
    running = Worker()
    running.start()
    assert running.ready.wait(60)
    pid = running.pid
    assert pid is not None
    running.close()
    assert not psutil.pid_exists(pid)
