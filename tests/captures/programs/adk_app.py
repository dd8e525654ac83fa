"""A program on Google's Agent Development Kit, with Gemini."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from typing import Any

from tests.support.provider.script import HELLO, SYSTEM, WEATHER, WEATHER_OF

SCENARIOS = ("chat", "tools")


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider."""
    os.environ["GOOGLE_API_KEY"] = "none"
    agents, runners = import_module("google.adk.agents"), import_module("google.adk.runners")
    gemini = import_module("google.adk.models.google_llm")
    types = import_module("google.genai.types")

    def get_weather(city: str) -> str:
        """Tells the weather."""
        return WEATHER_OF[city]

    model = gemini.Gemini(model="gemini-2.5-flash", base_url=url)
    settings = types.GenerateContentConfig(temperature=0.5, max_output_tokens=100)
    tools: list[Any] = [get_weather] if name == "tools" else []
    guide = agents.LlmAgent(
        name="guide", model=model, instruction=SYSTEM, tools=tools, generate_content_config=settings
    )
    asked = types.Content(role="user", parts=[types.Part(text=WEATHER if name == "tools" else HELLO)])

    async def run() -> None:
        runner = runners.InMemoryRunner(agent=guide, app_name="guide")
        session = await runner.session_service.create_session(app_name="guide", user_id="traveller")
        async for _ in runner.run_async(user_id="traveller", session_id=session.id, new_message=asked):
            pass

    asyncio.run(run())
