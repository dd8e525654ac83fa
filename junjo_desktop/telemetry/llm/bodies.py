"""Reads whole requests to providers, and their answers, where a span carries those as one value.

Shapes: OpenAI's Chat Completions and Responses, Anthropic's Messages, Gemini, Bedrock's Converse, LangChain's inputs
and outputs, and the arguments of a function that was called with one of these.
"""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.telemetry.llm.draft import Draft, Worth
from junjo_desktop.telemetry.llm.message_reading import (
    ASSISTANT,
    ROLES,
    USER,
    read_message,
    read_messages,
    read_system,
)
from junjo_desktop.telemetry.llm.parameters import parameters_of, tool_definitions
from junjo_desktop.telemetry.llm.parts import Message, TextPart
from junjo_desktop.telemetry.llm.reported_usage import tokens_of
from junjo_desktop.telemetry.llm.values import as_object, as_text, items, plain, structure
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

_WRAPPERS = ("inputs", "kwargs", "request", "body", "llm_request", "request_data")
_ANSWER_WRAPPERS = ("response", "outputs", "llm_response", "response_data", "raw_response")
_SYSTEM = ("system", "instructions", "systemInstruction", "system_instruction")
_MESSAGES = ("messages", "contents", "input")
_DEEPEST = 4


def take_request(draft: Draft, value: Plain, worth: Worth = Worth.BODY, depth: int = 0) -> None:
    """Add to a draft what a request says; a text, or what is no request, is taken as the user's word."""
    value = structure(value)
    if isinstance(value, list):
        flat = [item for one in value for item in (one if isinstance(one, list) else [one])]
        is_chat = any(looks_like_message(item) for item in flat)
        draft.take_input(read_messages(flat, USER), worth if is_chat else Worth.WHOLE_VALUE)
        return
    if not isinstance(value, dict):
        draft.take_input(read_messages(value, USER), Worth.WHOLE_VALUE)
        return
    _take_request_object(draft, value, worth, depth)


def _take_request_object(draft: Draft, value: Attributes, worth: Worth, depth: int) -> None:
    asked = next((value[key] for key in _MESSAGES if value.get(key) not in (None, "", [])), None)
    inner = next((found for key in _WRAPPERS if isinstance(found := structure(value.get(key)), dict | list)), None)
    if asked is None and inner and depth < _DEEPEST:
        take_request(draft, inner, worth, depth + 1)
        return
    config = as_object(value.get("config", value.get("generationConfig")))
    system = next((plain(held[key]) for held in (value, config) for key in _SYSTEM if held.get(key)), None)
    if asked is not None:
        if system is not None and worth > draft.input_worth:
            draft.system = read_system([system] if isinstance(system, dict) else system)
        take_request(draft, [asked] if isinstance(asked, dict) else asked, worth, depth + 1)
    elif (prompt := value.get("prompt", value.get("prompts"))) is not None:
        draft.take_input(tuple(read_message(one, USER) for one in items(prompt)), worth)
    elif "model" not in value:  # with a model and nothing else, it is a request whose messages stand elsewhere
        draft.take_input((read_message(value, USER),), worth if looks_like_message(value) else Worth.WHOLE_VALUE)
    draft.tools = draft.tools or tool_definitions(value.get("tools", config.get("tools")))
    draft.request_model = draft.request_model or as_text(value.get("model"))
    if asked is not None:
        told = {key: held for key, held in value.items() if key not in {"config", "generationConfig", *_SYSTEM}}
        for name, parameter in parameters_of({**told, **config}).items():
            if not isinstance(parameter, dict | list) or name in {"stop_sequences", "response_format", "tool_choice"}:
                draft.parameters.setdefault(name, parameter)


def take_answer(draft: Draft, value: Plain, worth: Worth = Worth.BODY, depth: int = 0) -> None:
    """Add to a draft what an answer says; a text, or what is no answer, is taken as what the model said."""
    value = structure(value)
    messages = _answered(value, depth)
    answer = _unwrapped(as_object(value))
    if messages is None and not _is_embeddings(answer):
        said: Plain = [answer] if isinstance(value, dict) else value
        draft.take_output(read_messages(said, ASSISTANT), Worth.WHOLE_VALUE)
        return
    messages = messages or ()
    draft.take_output(messages, worth)
    reasons = tuple(message.finish_reason for message in messages if message.finish_reason)
    draft.finish_reasons = draft.finish_reasons or reasons
    for told in (answer, *_of_generations(answer)):
        draft.response_id = draft.response_id or _first_text(told, "id", "responseId")
        draft.response_model = draft.response_model or _first_text(told, "model", "modelVersion", "model_name")
        for name, count in tokens_of(told).items():
            draft.tokens.setdefault(name, count)


def looks_like_message(value: Plain) -> bool:
    """Whether a value has the shape of a message."""
    if not isinstance(value, dict):
        return False
    kind = as_text(value.get("type")) or ""
    if kind in {"message", "constructor", "function_call", "function_call_output", "reasoning"}:
        return True
    has_kind = kind.lower() in ROLES
    return ("role" in value or has_kind) and any(key in value for key in ("content", "parts", "tool_calls"))


def _of_generations(answer: Attributes) -> tuple[Attributes, ...]:
    """Return where LangChain's answers hold what other answers hold at their top."""
    flat = [item for one in items(answer.get("generations")) for item in (one if isinstance(one, list) else [one])]
    first = as_object(flat[0]) if flat else {}
    message = as_object(as_object(first.get("message")).get("kwargs"))
    usage: Attributes = {"usage": message.get("usage_metadata")}
    return as_object(answer.get("llm_output")), as_object(message.get("response_metadata")), usage


def _first_text(told: Attributes, *keys: str) -> str | None:
    return next((found for key in keys if (found := as_text(told.get(key)))), None)


def _is_embeddings(answer: Attributes) -> bool:
    """Whether an answer holds vectors, which are nothing that was said."""
    return answer.get("object") == "list" and isinstance(answer.get("data"), list)


def _unwrapped(answer: Attributes) -> Attributes:
    for key in _ANSWER_WRAPPERS:
        if inner := as_object(answer.get(key)):
            return inner
    return answer


def _answered(value: Plain, depth: int) -> tuple[Message, ...] | None:
    """Return the messages of an answer, one for each choice; None where it is of no known shape."""
    if isinstance(value, list):
        return read_messages(value, ASSISTANT) if value and all(map(looks_like_message, value)) else None
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    found = _choices(value) or _one_answer(value)
    if found is not None:
        return found
    if messages := value.get("messages"):
        return _answered(structure(messages), depth + 1)
    inner = _unwrapped(value)
    return _answered(inner, depth + 1) if inner is not value else None


def _choices(value: Attributes) -> tuple[Message, ...] | None:
    for key, read in (("choices", _choice), ("candidates", _candidate)):
        if listed := items(value.get(key)):
            return tuple(read(as_object(one)) for one in listed)
    if generations := items(value.get("generations")):
        flat = [item for one in generations for item in (one if isinstance(one, list) else [one])]
        return tuple(_generation(as_object(generation)) for generation in flat)
    return None


def _one_answer(value: Attributes) -> tuple[Message, ...] | None:
    content, output = value.get("content"), value.get("output")
    if isinstance(output, list) and value.get("object") == "response":
        return _of_responses(value)
    if isinstance(content, dict) and "parts" in content:
        return (_candidate(value),)
    if looks_like_message(value) or isinstance(value.get("message"), dict):
        return (read_message(value, ASSISTANT),)
    if isinstance(said := value.get("combined_chunk_content"), str):
        return (Message(ASSISTANT, (TextPart(said),)),)
    if isinstance(output, dict) and isinstance(output.get("message"), dict):  # Bedrock's
        return (replace(read_message(output, ASSISTANT), finish_reason=as_text(value.get("stopReason"))),)
    return None


def _choice(choice: Attributes) -> Message:
    told = choice.get("message", choice.get("delta"))
    if told is None:
        told = {"role": ASSISTANT, "content": choice.get("text")}
    return replace(read_message(told, ASSISTANT), finish_reason=as_text(choice.get("finish_reason")))


def _candidate(candidate: Attributes) -> Message:
    reason = candidate.get("finishReason", candidate.get("finish_reason"))
    return replace(read_message(candidate.get("content"), ASSISTANT), finish_reason=as_text(reason))


def _generation(generation: Attributes) -> Message:
    told = generation.get("message")
    message = read_message({"role": ASSISTANT, "content": generation.get("text")} if told is None else told, ASSISTANT)
    reason = as_text(as_object(generation.get("generation_info")).get("finish_reason"))
    return replace(message, finish_reason=reason or message.finish_reason)


def _of_responses(answer: Attributes) -> tuple[Message, ...]:
    """Return the one turn that the items of OpenAI's Responses API are."""
    messages = read_messages(answer.get("output"), ASSISTANT)
    if not messages:
        return ()
    parts = tuple(part for message in messages for part in message.parts)
    return (Message(ASSISTANT, parts, finish_reason=messages[-1].finish_reason),)
