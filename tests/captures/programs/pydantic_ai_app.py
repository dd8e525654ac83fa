"""A program on Pydantic AI, with OpenAI's or Anthropic's models."""

from __future__ import annotations

import base64
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
    SYSTEM,
    WEATHER,
    WEATHER_OF,
)

SCENARIOS = ("chat", "stream", "tools", "image", "structured", "error", "multi_turn")


def scenario(agent_of: Any, name: str) -> None:
    """Run one scenario. `agent_of` makes an agent with instructions and other settings."""
    match name:
        case "chat" | "anthropic":
            agent_of(system_prompt=SYSTEM).run_sync(HELLO, model_settings={"temperature": 0.5, "max_tokens": 100})
        case "stream":
            _stream(agent_of())
        case "tools":
            agent = agent_of()

            def get_weather(city: str) -> str:
                """Tells the weather."""
                return WEATHER_OF[city]

            agent.tool_plain(get_weather)
            agent.run_sync(WEATHER)
        case "image":
            pydantic_ai = import_module("pydantic_ai")

            agent_of().run_sync([PICTURE, pydantic_ai.BinaryContent(base64.b64decode(IMAGE), media_type="image/png")])
        case "structured":
            from pydantic import BaseModel

            class Plan(BaseModel):
                """A plan."""

                morning: str
                evening: str

            agent_of(output_type=Plan).run_sync(PLAN)
        case "error":
            expect_error(lambda: agent_of(retries=0).run_sync(BUSY))
        case "multi_turn":
            agent = agent_of(system_prompt=SYSTEM)
            agent.run_sync(FOLLOW_UP, message_history=agent.run_sync(HELLO).all_messages())
        case other:
            raise ValueError(other)


def _stream(agent: Any) -> None:
    import asyncio

    async def listen() -> None:
        async with agent.run_stream(COUNT) as result:
            async for _ in result.stream_text():
                pass

    asyncio.run(listen())
