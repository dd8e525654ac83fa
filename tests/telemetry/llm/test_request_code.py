"""A call copied as curl or Python asks the provider what the captured program asked it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from junjo_desktop.telemetry.llm.call import LlmCall, Message, TextPart
from junjo_desktop.telemetry.llm.request_code import curl_text, python_text
from tests.captures.load import Capture
from tests.support.provider import anthropic_messages, openai_chat
from tests.telemetry.llm.facts import calls_of

_CAPTURES = [
    *(Capture("otel-genai-openai", scenario) for scenario in ("chat", "tools", "multi_turn")),
    *(Capture("openinference-openai", scenario) for scenario in ("chat", "tools", "image", "structured")),
    *(Capture("openinference-anthropic", scenario) for scenario in ("chat", "tools", "multi_turn")),
    Capture("anthropic-sdk", "tools"),
    Capture("otel-openai-v2", "embedding"),
]


def sent(call: LlmCall) -> tuple[str, list[str], dict[str, Any]]:
    """Return address, headers and body of the curl command."""
    words = shlex.split(curl_text(call))
    assert words[0] == "curl"
    headers = [words[place + 1] for place, word in enumerate(words) if word == "-H"]
    return words[1], headers, json.loads(words[words.index("-d") + 1])


@pytest.mark.parametrize("capture", _CAPTURES, ids=str)
def test_the_request_is_what_the_program_asked(capture: Capture) -> None:
    for call, exchange in zip(calls_of(capture), capture.exchanges, strict=True):
        address, headers, body = sent(call)
        if exchange["operation"] == "embeddings":
            assert address.endswith("/embeddings")
            assert body["model"] == exchange["request_model"]
            continue
        is_anthropic = exchange["provider"] == "anthropic"
        ask = (anthropic_messages if is_anthropic else openai_chat).ask_of(body)
        assert (ask.model, list(ask.messages)) == (exchange["request_model"], exchange["messages"])
        assert "\n\n".join(ask.system) == "\n\n".join(exchange["system"])
        assert list(ask.tools) in (exchange["tools"], [])
        variable = "ANTHROPIC_API_KEY" if is_anthropic else "OPENAI_API_KEY"
        assert any(f"${variable}" in header for header in headers)
        assert variable in python_text(call)


@pytest.mark.parametrize("capture", _CAPTURES, ids=str)
def test_the_program_gives_the_same_request_to_the_sdk(capture: Capture) -> None:
    for call in calls_of(capture):
        given: dict[str, Any] = {}
        code = python_text(call).replace("import os", "").replace("print(response)", "")
        lines = [line for line in code.splitlines() if not line.startswith(("from ", "client = "))]
        program = compile("\n".join(lines), "copied.py", "exec")
        compile(python_text(call), "copied.py", "exec")
        exec(program, {"client": _Client(given)})  # noqa: S102 - the very program that is tested
        assert {**given, **given.pop("extra_body", {})} == sent(call)[2]


def test_text_that_is_hostile_stays_text() -> None:
    text = "it's \"$(rm -rf ~)\" `id` \\ '''\n\0\ud800 \U0001f600 </script>"
    message = Message("user", (TextPart(text),), name='"""')
    call = LlmCall("t", "s", "chat", "openai", "gpt", parameters={"max_tokens": 2**70}, input_messages=(message,))
    assert sent(call)[2]["messages"][0]["content"] == text
    compile(python_text(call), "copied.py", "exec")
    local = replace(call, server_address="http://user:secret@127.0.0.1:1234/v1")
    assert sent(local)[0] == "http://127.0.0.1:1234/v1/chat/completions"
    assert "secret" not in python_text(local)


class _Client:
    """Takes what a program gives to any method of the SDK."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        return self._given.update if name == "create" else self
