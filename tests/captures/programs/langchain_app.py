"""A program on LangChain with OpenAI's models."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.captures.programs.openai_app import expect_error
from tests.support.provider.script import (
    BUSY,
    COUNT,
    FOLLOW_UP,
    HELLO,
    IMAGE,
    PICTURE,
    PLAN,
    PLAN_SCHEMA,
    SYSTEM,
    WEATHER,
    WEATHER_OF,
)

SCENARIOS = ("chat", "stream", "tools", "image", "structured", "error", "multi_turn")


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider."""
    said = import_module("langchain_core.messages")
    langchain_openai = import_module("langchain_openai")

    model: Any = langchain_openai.ChatOpenAI(
        model="gpt-4o-mini", base_url=url, api_key="none", max_retries=0, stream_usage=True
    )
    match name:
        case "chat":
            model.bind(temperature=0.5, max_tokens=100).invoke([said.SystemMessage(SYSTEM), said.HumanMessage(HELLO)])
        case "stream":
            for _ in model.stream([said.HumanMessage(COUNT)]):
                pass
        case "tools":
            _tools(model)
        case "image":
            image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{IMAGE}"}}
            model.invoke([said.HumanMessage([{"type": "text", "text": PICTURE}, image])])
        case "structured":
            schema = {"title": "plan", "description": "A plan.", **PLAN_SCHEMA}
            model.with_structured_output(schema, method="json_schema").invoke([said.HumanMessage(PLAN)])
        case "error":
            expect_error(lambda: model.invoke([said.HumanMessage(BUSY)]))
        case "multi_turn":
            before = said.AIMessage("Take the train to Flåm, and the boat back.")
            model.invoke(
                [
                    said.SystemMessage(SYSTEM),
                    said.HumanMessage(HELLO),
                    before,
                    said.HumanMessage(FOLLOW_UP),
                ]
            )
        case other:
            raise ValueError(other)


def _tools(model: Any) -> None:
    said = import_module("langchain_core.messages")
    lc_tools = import_module("langchain_core.tools")

    def get_weather(city: str) -> str:
        """Tells the weather."""
        return WEATHER_OF[city]

    weather = lc_tools.tool(get_weather)
    bound = model.bind_tools([weather])
    messages: list[Any] = [said.HumanMessage(WEATHER)]
    answer = bound.invoke(messages)
    messages.append(answer)
    messages += [weather.invoke(call) for call in answer.tool_calls]
    bound.invoke(messages)
