"""MLflow: every value as JSON, inputs and outputs as those of the function that was traced."""

from __future__ import annotations

from junjo_desktop.telemetry.conventions import FORMATS_OF_PROVIDERS
from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of, time_of_event, version_of
from junjo_desktop.telemetry.llm.parameters import tool_definitions
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_count, as_object, as_text, items

KEYS = Keys(
    operation=("mlflow.spanType",),
    provider=("mlflow.llm.provider",),
    conversation_id=("mlflow.trace.session",),
    user_id=("mlflow.trace.user",),
)
_TOKENS = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "total_tokens": "total",
    "cache_read_input_tokens": "cache_read_tokens",
    "cache_creation_input_tokens": "cache_write_tokens",
}
_TEXTS = ("operation", "provider", "conversation_id", "user_id")


def read(source: Source) -> Draft:
    """Read a span of MLflow's."""
    draft = draft_of(source, KEYS)
    for name in _TEXTS:
        if told := getattr(draft, name):
            setattr(draft, name, told.strip('"') or None)
    if (request := source.structure("mlflow.spanInputs")) is not None:
        take_request(draft, request)
    if (answer := source.structure("mlflow.spanOutputs")) is not None:
        take_answer(draft, answer)
    model = (source.text("mlflow.llm.model") or "").strip('"') or None
    draft.request_model = draft.request_model or model
    wire_format = (source.text("mlflow.message.format") or "").strip('"').lower()
    if wire_format in FORMATS_OF_PROVIDERS:
        draft.provider = draft.provider or wire_format
    draft.tools = draft.tools or tool_definitions(source.structure("mlflow.chat.tools"))
    usage = source.object("mlflow.chat.tokenUsage")
    for key, name in _TOKENS.items():
        if (count := as_count(usage.get(key))) is not None:
            draft.tokens[name] = count
    _take_prompt(draft, source)
    draft.time_to_first_token_ns = time_of_event(source, "mlflow.chunk.item.0")
    return draft


def _take_prompt(draft: Draft, source: Source) -> None:
    """Take the first of the prompts of its registry that the span is linked with."""
    for linked in items(source.structure("mlflow.linkedPrompts"))[:1]:
        told = as_object(linked)
        draft.prompt_name, draft.prompt_version = as_text(told.get("name")), version_of(told.get("version"))
