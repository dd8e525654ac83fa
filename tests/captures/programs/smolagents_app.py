"""A program on smolagents, with OpenAI's models."""

from __future__ import annotations

from importlib import import_module

from tests.support.provider.script import FOLLOW_UP, HELLO, SYSTEM

SCENARIOS = ("chat", "multi_turn")


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider."""
    smolagents = import_module("smolagents")
    model = smolagents.OpenAIModel("gpt-4o-mini", api_base=url, api_key="none")

    def said(role: str, text: str) -> object:
        return smolagents.ChatMessage(role=role, content=[{"type": "text", "text": text}])

    roles = smolagents.MessageRole
    asked = [said(roles.SYSTEM, SYSTEM), said(roles.USER, HELLO)]
    if name == "multi_turn":
        asked += [said(roles.ASSISTANT, "Take the train to Flåm, and the boat back."), said(roles.USER, FOLLOW_UP)]
    model.generate(asked, temperature=0.5)
