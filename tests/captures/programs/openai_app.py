"""A program on OpenAI's own SDK."""

from __future__ import annotations

import json
from typing import Any

from tests.support.provider.script import (
    BUSY,
    COUNT,
    FOLLOW_UP,
    HELLO,
    IMAGE,
    PICTURE,
    PLAN,
    PLAN_SCHEMA,
    PUZZLE,
    SYSTEM,
    TEXTS,
    WEATHER,
    WEATHER_OF,
    WEATHER_SCHEMA,
)

MODEL = "gpt-4o-mini"
TOOL = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Tells the weather.", "parameters": WEATHER_SCHEMA},
}
SCENARIOS = ("chat", "stream", "tools", "image", "structured", "embedding", "error", "multi_turn", "reasoning")


def scenario(client: Any, name: str) -> None:
    """Run one scenario with a client."""
    ask = client.chat.completions.create
    if name == "embedding":
        client.embeddings.create(model="text-embedding-3-small", input=list(TEXTS))
    elif name == "tools":
        _tools(ask)
    elif name == "error":
        expect_error(lambda: ask(model=MODEL, messages=[{"role": "user", "content": BUSY}]))
    elif name == "stream":
        for _ in ask(**_asked(name), stream=True, stream_options={"include_usage": True}):
            pass
    else:
        ask(**_asked(name))


def _asked(name: str) -> dict[str, Any]:
    """Return what a scenario of one question asks."""
    system, user = {"role": "system", "content": SYSTEM}, {"role": "user", "content": HELLO}
    match name:
        case "chat" | "unseen":
            return {"model": MODEL, "messages": [system, user], "temperature": 0.5, "max_tokens": 100}
        case "stream":
            return {"model": MODEL, "messages": [{"role": "user", "content": COUNT}]}
        case "image":
            image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{IMAGE}"}}
            content = [{"type": "text", "text": PICTURE}, image]
            return {"model": MODEL, "messages": [{"role": "user", "content": content}]}
        case "structured":
            schema = {"type": "json_schema", "json_schema": {"name": "plan", "strict": True, "schema": PLAN_SCHEMA}}
            return {"model": MODEL, "messages": [{"role": "user", "content": PLAN}], "response_format": schema}
        case "multi_turn":
            before = {"role": "assistant", "content": "Take the train to Flåm, and the boat back."}
            return {"model": MODEL, "messages": [system, user, before, {"role": "user", "content": FOLLOW_UP}]}
        case "reasoning":
            puzzle = [{"role": "user", "content": PUZZLE}]
            return {"model": "gpt-5-mini", "messages": puzzle, "max_completion_tokens": 500}
        case other:
            raise ValueError(other)


def responses(client: Any) -> None:
    """Ask by the Responses API."""
    client.responses.create(model=MODEL, instructions=SYSTEM, input=HELLO, temperature=0.5)


def _tools(ask: Any) -> None:
    messages: list[Any] = [{"role": "user", "content": WEATHER}]
    answer = ask(model=MODEL, messages=messages, tools=[TOOL]).choices[0].message
    calls = answer.tool_calls
    messages.append(answer.model_dump(exclude_none=True, exclude={"annotations"}))
    for call in calls:
        city = json.loads(call.function.arguments)["city"]
        messages.append({"role": "tool", "tool_call_id": call.id, "content": WEATHER_OF[city]})
    ask(model=MODEL, messages=messages, tools=[TOOL])


def expect_error(ask: Any) -> None:
    try:
        ask()
    except Exception as error:  # noqa: BLE001, RUF100 - each SDK has classes of its own
        if "ate limit" not in str(error):
            raise
    else:
        raise AssertionError("It was to fail.")
