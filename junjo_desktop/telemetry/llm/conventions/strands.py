"""Strands Agents: messages are span events as `gen_ai_events` reads them; the tools of the agent are JSON."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.source import Source

KEYS = Keys(conversation_id=("session.id",), user_id=("user.id",))


def read(source: Source) -> Draft:
    """Read what it says beside the events."""
    draft = draft_of(source, KEYS)
    draft.tools = tool_definitions(source.structure("gen_ai.agent.tools"))
    return draft
