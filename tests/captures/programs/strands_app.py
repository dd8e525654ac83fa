"""A program on Strands Agents, with OpenAI's models."""

from __future__ import annotations

from importlib import import_module

from tests.captures.programs.openai_app import expect_error
from tests.support.provider.script import BUSY, HELLO, SYSTEM, WEATHER, WEATHER_OF

SCENARIOS = ("chat", "tools", "error")


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider."""
    strands = import_module("strands")
    models = import_module("strands.models.openai")
    client = {"base_url": url, "api_key": "none", "max_retries": 0}
    model = models.OpenAIModel(client_args=client, model_id="gpt-4o-mini", params={"max_tokens": 100})
    quiet = {"model": model, "callback_handler": None}
    match name:
        case "chat":
            strands.Agent(system_prompt=SYSTEM, **quiet)(HELLO)
        case "tools":

            def get_weather(city: str) -> str:
                """Tells the weather."""
                return WEATHER_OF[city]

            strands.Agent(tools=[strands.tool(get_weather)], **quiet)(WEATHER)
        case "error":
            retry = import_module("strands.event_loop._retry").ModelRetryStrategy(max_attempts=1)
            expect_error(lambda: strands.Agent(retry_strategy=retry, **quiet)(BUSY))
        case other:
            raise ValueError(other)
