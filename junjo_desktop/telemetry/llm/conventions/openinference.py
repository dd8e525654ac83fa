"""OpenInference (Arize): messages as flat, numbered attributes.

Source: the specification in Arize-ai/openinference. `input.value` and `output.value` hold the whole request and answer,
which tell what the numbered attributes leave out.
"""

from __future__ import annotations

from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.draft import Draft, Keys, draft_of, time_of_event
from junjo_desktop.telemetry.llm.message_reading import ASSISTANT, USER, content_of_text, read_message
from junjo_desktop.telemetry.llm.parameters import parameters_of, tool_definitions
from junjo_desktop.telemetry.llm.parts import Message, ToolResultPart
from junjo_desktop.telemetry.llm.source import Source, within
from junjo_desktop.telemetry.llm.values import as_object, as_text
from junjo_desktop.telemetry.otlp_json import Attributes, Plain
from junjo_desktop.telemetry.semantics import STATUS_ERROR

REDACTED = "__REDACTED__"

KEYS = Keys(
    provider=("llm.provider", "llm.system"),
    request_model=("llm.request.model_name", "llm.model_name", "embedding.model_name", "reranker.model_name"),
    response_model=("llm.response.model_name",),
    conversation_id=("session.id",),
    user_id=("user.id",),
    agent_name=("agent.name",),
    prompt_name=("prompt.id",),
    prompt_version=("llm.prompt_template.version",),
    reported_cost=("llm.cost.total",),
    tokens={
        "input_tokens": ("llm.token_count.prompt",),
        "output_tokens": ("llm.token_count.completion",),
        "total": ("llm.token_count.total",),
        "cache_read_tokens": ("llm.token_count.prompt_details.cache_read",),
        "cache_write_tokens": ("llm.token_count.prompt_details.cache_write",),
        "reasoning_tokens": ("llm.token_count.completion_details.reasoning",),
        "input_audio_tokens": ("llm.token_count.prompt_details.audio",),
        "output_audio_tokens": ("llm.token_count.completion_details.audio",),
    },
)


def read(source: Source) -> Draft:
    """Read a span; the numbered messages first, then what stands in the whole request and answer."""
    draft = draft_of(source, KEYS)
    asked = tuple(_message(flat, USER) for flat in source.indexed("llm.input_messages"))
    answered = tuple(_message(flat, ASSISTANT) for flat in source.indexed("llm.output_messages"))
    draft.take_input(asked)
    draft.take_output(answered)
    draft.take_input(
        read_message(flat.get("prompt.text"), USER) for flat in source.indexed("llm.prompts") if "prompt.text" in flat
    )
    draft.take_output(
        read_message(flat.get("completion.text"), ASSISTANT)
        for flat in source.indexed("llm.choices")
        if "completion.text" in flat
    )
    draft.tools = tool_definitions([flat.get("tool.json_schema") for flat in source.indexed("llm.tools")])
    invoked = source.object("llm.invocation_parameters", "embedding.invocation_parameters")
    draft.parameters = parameters_of(invoked)
    draft.request_model = as_text(invoked.get("model")) or draft.request_model
    draft.server_address = as_text(invoked.get("api_base")) or as_text(invoked.get("base_url"))
    if reason := source.text("llm.finish_reason"):
        draft.finish_reasons = (reason,)
    _take_whole_values(draft, source)
    if draft.response_model is None and source.span.status_code != STATUS_ERROR:
        draft.response_model = source.text("llm.model_name")  # with an answer, the model that it names
    draft.time_to_first_token_ns = time_of_event(source, "First Token Stream Event")
    return draft


def _take_whole_values(draft: Draft, source: Source) -> None:
    request, answer = source.structure("input.value"), source.structure("output.value")
    if request is not None and request != REDACTED:
        whole = Draft()
        take_request(whole, request)
        is_fuller = len(whole.input) == len(draft.input) and _lacks_ids(draft.input)
        is_longer = len(whole.input) > len(draft.input) > 0 and source.span.dropped_attributes_count > 0
        if is_fuller or is_longer:
            draft.input = whole.input
        take_request(draft, request)
    if answer is not None and answer != REDACTED:
        take_answer(draft, answer)


def _lacks_ids(messages: tuple[Message, ...]) -> bool:
    """Whether results of tools do not say which call they answer."""
    parts = (part for message in messages for part in message.parts)
    return any(isinstance(part, ToolResultPart) and part.id is None for part in parts)


def _message(flat: Attributes, default_role: str) -> Message:
    """Read one message from what its numbered attributes say."""
    told = {key.removeprefix("message."): value for key, value in flat.items()}
    parts: list[Plain] = [_part(part) for part in within(told, "contents")]
    content = told.get("content")
    if isinstance(content, str) and not parts:
        content = None if content == REDACTED else content_of_text(content)
    calls: list[Plain] = [_call(call) for call in within(told, "tool_calls")]
    if name := as_text(told.get("function_call_name")):
        calls.append({"name": name, "arguments": told.get("function_call_arguments_json")})
    message: Attributes = {
        "role": told.get("role"),
        "content": parts or content,
        "tool_calls": calls,
        "tool_call_id": told.get("tool_call_id"),
        "name": told.get("name"),
        "finish_reason": told.get("finish_reason"),
    }
    return read_message(message, default_role)


def _part(flat: Attributes) -> Attributes:
    told = {key.removeprefix("message_content."): value for key, value in flat.items()}
    kind = as_text(told.get("type"))
    call = _call(told)
    if call.get("name") is not None or kind == "tool_use":
        return {"type": "tool_use", **call}
    for medium, key in (("image", "image.image.url"), ("audio", "audio.audio.url"), ("file", "file.file.url")):
        if (link := as_text(told.get(key))) is not None:
            mime_type = told.get(f"{medium}.{medium}.mime_type")
            return {"type": medium, "url": link, "mime_type": mime_type}
    if kind is None:
        return {"type": "text", "text": told["text"]} if "text" in told else told
    return {**told, "type": kind}


def _call(flat: Attributes) -> Attributes:
    told = {key.removeprefix("tool_call."): value for key, value in flat.items()}
    if "id" not in told and "function.name" not in told:
        return {}
    return {
        "id": told.get("id"),
        "name": told.get("function.name"),
        "arguments": told.get("function.arguments"),
    }


def documents_of(flats: list[Attributes]) -> list[Attributes]:
    """Return numbered documents as objects: id, content, score, metadata."""
    found = []
    for flat in flats:
        told = {key.removeprefix("document."): value for key, value in flat.items()}
        found.append({**told, "metadata": as_object(told.get("metadata"))})
    return found
