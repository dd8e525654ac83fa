"""LangSmith over OpenTelemetry: `gen_ai.prompt` and `gen_ai.completion` hold one JSON each, of LangChain's objects."""

from __future__ import annotations

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of
from junjo_desktop.telemetry.llm.parameters import parameters_of, tool_definitions
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.values import as_object

_METADATA = "langsmith.metadata."

KEYS = Keys(
    operation=("langsmith.span.kind",),
    provider=(f"{_METADATA}ls_provider",),
    request_model=(f"{_METADATA}ls_model_name",),
    conversation_id=(
        f"{_METADATA}session_id",
        f"{_METADATA}conversation_id",
        f"{_METADATA}thread_id",
        "langsmith.trace.session_id",
    ),
    user_id=(f"{_METADATA}user_id",),
    prompt_name=(f"{_METADATA}lc_hub_repo",),
    prompt_version=(f"{_METADATA}lc_hub_commit_hash",),
    tokens={
        "cache_read_tokens": ("gen_ai.usage.input_token_details.cache_read",),
        "cache_write_tokens": ("gen_ai.usage.input_token_details.cache_creation",),
        "reasoning_tokens": ("gen_ai.usage.output_token_details.reasoning",),
    },
    parameters={
        "temperature": (f"{_METADATA}ls_temperature",),
        "max_tokens": (f"{_METADATA}ls_max_tokens",),
        "stop_sequences": (f"{_METADATA}ls_stop",),
    },
)


def read(source: Source) -> Draft:
    """Read a span whose whole input and output are one attribute each."""
    draft = draft_of(source, KEYS)
    if (request := source.structure("gen_ai.prompt")) is not None:
        take_request(draft, request)
    if (answer := source.structure("gen_ai.completion")) is not None:
        take_answer(draft, answer)
    invoked = as_object(source.structure("langsmith.metadata.invocation_params", "gen_ai.request.extra_body"))
    draft.parameters.update(
        {key: value for key, value in parameters_of(invoked).items() if not isinstance(value, dict | list)}
    )
    draft.tools = draft.tools or tool_definitions(invoked.get("tools"))
    return draft
