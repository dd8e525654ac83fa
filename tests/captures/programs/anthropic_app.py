"""A program on Anthropic's own SDK."""

from __future__ import annotations

from typing import Any

from tests.captures.programs.openai_app import expect_error
from tests.support.provider.script import (
    BUSY,
    COUNT,
    FOLLOW_UP,
    HELLO,
    IMAGE,
    PICTURE,
    PUZZLE,
    SYSTEM,
    WEATHER,
    WEATHER_OF,
    WEATHER_SCHEMA,
)

MODEL = "claude-sonnet-4-5"
TOOL = {"name": "get_weather", "description": "Tells the weather.", "input_schema": WEATHER_SCHEMA}
SCENARIOS = ("chat", "stream", "tools", "image", "error", "multi_turn", "reasoning")


def scenario(client: Any, name: str) -> None:
    """Run one scenario with a client."""
    user = {"role": "user", "content": HELLO}
    match name:
        case "chat" | "unseen":
            client.messages.create(model=MODEL, system=SYSTEM, messages=[user], max_tokens=100)
        case "stream":
            asked = [{"role": "user", "content": COUNT}]
            for _ in client.messages.create(model=MODEL, messages=asked, max_tokens=100, stream=True):
                pass
        case "tools":
            _tools(client)
        case "image":
            source = {"type": "base64", "media_type": "image/png", "data": IMAGE}
            content = [{"type": "image", "source": source}, {"type": "text", "text": PICTURE}]
            client.messages.create(model=MODEL, messages=[{"role": "user", "content": content}], max_tokens=100)
        case "error":
            asked = [{"role": "user", "content": BUSY}]
            expect_error(lambda: client.messages.create(model=MODEL, messages=asked, max_tokens=100))
        case "multi_turn":
            before = {"role": "assistant", "content": "Take the train to Flåm, and the boat back."}
            messages = [user, before, {"role": "user", "content": FOLLOW_UP}]
            client.messages.create(model=MODEL, system=SYSTEM, messages=messages, max_tokens=100)
        case "reasoning":
            asked = [{"role": "user", "content": PUZZLE}]
            thinking = {"type": "enabled", "budget_tokens": 1024}
            client.messages.create(model=MODEL, messages=asked, max_tokens=2048, thinking=thinking)
        case other:
            raise ValueError(other)


def _tools(client: Any) -> None:
    messages: list[Any] = [{"role": "user", "content": WEATHER}]
    answer = client.messages.create(model=MODEL, messages=messages, tools=[TOOL], max_tokens=100)
    messages.append({"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in answer.content]})
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": WEATHER_OF[block.input["city"]]}
        for block in answer.content
        if block.type == "tool_use"
    ]
    messages.append({"role": "user", "content": results})
    client.messages.create(model=MODEL, messages=messages, tools=[TOOL], max_tokens=100)
