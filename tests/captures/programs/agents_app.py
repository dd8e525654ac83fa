"""A program on OpenAI's Agents SDK."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.captures.programs.openai_app import expect_error
from tests.support.provider.script import BUSY, HELLO, SYSTEM, WEATHER, WEATHER_OF

SCENARIOS = ("chat", "tools", "error")


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider, by its Responses API."""
    agents = import_module("agents")
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    model: Any = agents.OpenAIResponsesModel("gpt-4o-mini", client)
    match name:
        case "chat":
            settings = agents.ModelSettings(temperature=0.5, max_tokens=100)
            guide = agents.Agent("guide", instructions=SYSTEM, model=model, model_settings=settings)
            agents.Runner.run_sync(guide, HELLO)
        case "tools":

            def get_weather(city: str) -> str:
                """Tells the weather."""
                return WEATHER_OF[city]

            tools = [agents.function_tool(get_weather)]
            agents.Runner.run_sync(agents.Agent("guide", instructions=SYSTEM, model=model, tools=tools), WEATHER)
        case "error":
            expect_error(lambda: agents.Runner.run_sync(agents.Agent("guide", model=model), BUSY))
        case other:
            raise ValueError(other)
