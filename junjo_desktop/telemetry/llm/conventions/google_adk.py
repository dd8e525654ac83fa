"""Google's Agent Development Kit: Gemini's request and answer as JSON, or only in log records."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.source import Source

PREFIX = "gcp.vertex.agent."
KEYS = Keys(conversation_id=(f"{PREFIX}session_id",))
_NOTHING = ("{}", "", None)


def read(source: Source) -> Draft:
    """Read a model call; `{}` is what it sends where content is not captured."""
    draft = draft_of(source, KEYS)
    if source.value(f"{PREFIX}llm_request") not in _NOTHING:
        take_request(draft, source.structure(f"{PREFIX}llm_request"))
    if source.value(f"{PREFIX}llm_response") not in _NOTHING:
        take_answer(draft, source.structure(f"{PREFIX}llm_response"))
    return draft
