"""LiteLLM's own callback: messages as `gen_ai` and `traceloop` read them, and its own names for cost and server."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_object

KEYS = Keys(
    provider=("gen_ai.system", "llm.system"),
    user_id=("metadata.user_api_key_user_id", "llm.user"),
    conversation_id=("metadata.session_id", "metadata.litellm_session_id"),
    reported_cost=("gen_ai.cost.total_cost",),
    server_address=("llm.api_base", "metadata.api_base"),
)


def read(source: Source) -> Draft:
    """Read what the callback says beside the messages."""
    draft = draft_of(source, KEYS)
    hidden = as_object(source.structure("hidden_params", "metadata.hidden_params"))
    if isinstance(base := hidden.get("api_base"), str) and base:
        draft.server_address = draft.server_address or base
    draft.tools = tool_definitions([dict(flat) for flat in source.indexed("llm.request.functions")])
    return draft
