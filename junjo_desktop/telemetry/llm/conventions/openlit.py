"""OpenLIT: as `gen_ai`, and its own names for reasoning, cost and the time to the first token."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, Worth, draft_of
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT
from junjo_desktop.telemetry.llm.parts import Message, ReasoningPart, TextPart
from junjo_desktop.telemetry.llm.source import Source

KEYS = Keys(
    reported_cost=("gen_ai.usage.cost",),
    first_token_s=("gen_ai.server.time_to_first_token", "gen_ai.server.ttft"),
    user_id=("gen_ai.request.user",),
    tokens={"total": ("gen_ai.usage.total_tokens", "gen_ai.client.token.usage")},
)


def read(source: Source) -> Draft:
    """Read what it says beside `gen_ai`."""
    draft = draft_of(source, KEYS)
    if prompt := source.text("gen_ai.content.prompt"):
        draft.take_input((Message("user", (TextPart(prompt),)),), Worth.WHOLE_VALUE)
    thought, said = source.text("gen_ai.content.reasoning"), source.text("gen_ai.content.completion")
    parts = (*((ReasoningPart(thought),) if thought else ()), *((TextPart(said),) if said else ()))
    draft.take_output((Message(ASSISTANT, parts),) if said else (), Worth.WHOLE_VALUE)
    return draft
