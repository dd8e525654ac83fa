"""Model calls as the GenAI semantic conventions report them: messages on the span, or in log events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.trace import Span, SpanKind
from opentelemetry.util.types import AnyValue

from resources.samples.programs.conversation import Message, ModelCall
from resources.samples.programs.day import Service

# Providers answer with the dated name of the model that was asked for.
_DATED = {
    "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
    "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
    "o4-mini": "o4-mini-2025-04-16",
}


class Content(Enum):
    """Where the words go: the four ways that instrumentation in use has."""

    SPAN_JSON = "JSON text on the span"
    SPAN_VALUES = "structured values on the span"
    EVENT = "one log event, gen_ai.client.inference.operation.details"
    OLD_EVENTS = "one log event a message, as before 1.37"


@contextmanager
def model_call(service: Service, call: ModelCall, content: Content, conversation: str = "") -> Iterator[Span]:
    """Open the client span of a model call; the reply and the usage are set when the block ends without an error."""
    request: dict[str, AnyValue] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.model,
        "gen_ai.request.temperature": call.temperature,
        "gen_ai.request.max_tokens": 1024,
        "server.address": f"api.{call.provider}.com",
        "server.port": 443,
        **({"gen_ai.conversation.id": conversation} if conversation else {}),
    }
    if content is Content.OLD_EVENTS:
        request["gen_ai.system"] = request.pop("gen_ai.provider.name")
    with service.tracer.start_as_current_span(f"chat {call.model}", kind=SpanKind.CLIENT, attributes=request) as span:
        yield span
        span.set_attributes(_response(call))
        _tell(service, span, call, content)


def messages(said: tuple[Message, ...]) -> list[AnyValue]:
    """Messages in the shape of `gen_ai.input.messages`, without the system's."""
    return [{"role": each.role, "parts": _parts(each)} for each in said if each.role != "system"]


def _response(call: ModelCall) -> dict[str, AnyValue]:
    return {
        "gen_ai.response.id": call.id,
        "gen_ai.response.model": _DATED.get(call.model, call.model),
        "gen_ai.response.finish_reasons": [call.finish_reason],
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": call.cached,
        "gen_ai.usage.reasoning.output_tokens": call.reasoning_tokens,
        "gen_ai.response.time_to_first_chunk": 0.212,
    }


def _tell(service: Service, span: Span, call: ModelCall, content: Content) -> None:
    if content is Content.OLD_EVENTS:
        _old_events(service, call)
        return
    reply: AnyValue = {"role": "assistant", "parts": _reply_parts(call), "finish_reason": call.finish_reason}
    words: dict[str, AnyValue] = {
        "gen_ai.system_instructions": [
            {"type": "text", "content": each.text} for each in call.messages if each.role == "system"
        ],
        "gen_ai.input.messages": messages(call.messages),
        "gen_ai.output.messages": [reply],
    }
    if call.tools:
        words["gen_ai.tool.definitions"] = json.loads(json.dumps([{"type": "function", **each} for each in call.tools]))
    if content is Content.EVENT:
        emit(service, "gen_ai.client.inference.operation.details", attributes={**_response(call), **words})
    elif content is Content.SPAN_VALUES:
        span.set_attributes(words)
    else:
        span.set_attributes({key: json.dumps(value, ensure_ascii=False) for key, value in words.items()})


def _parts(message: Message) -> list[AnyValue]:
    if message.answers:
        return [{"type": "tool_call_response", "id": message.answers, "response": message.text}]
    parts: list[AnyValue] = [{"type": "text", "content": message.text}] if message.text else []
    parts.extend(
        {"type": "tool_call", "id": asked.id, "name": asked.name, "arguments": json.loads(json.dumps(asked.arguments))}
        for asked in message.calls
    )
    return parts


def _reply_parts(call: ModelCall) -> list[AnyValue]:
    thought: list[AnyValue] = [{"type": "reasoning", "content": call.reasoning}] if call.reasoning else []
    return thought + _parts(call.reply)


def _old_events(service: Service, call: ModelCall) -> None:
    for message in call.messages:
        emit(service, f"gen_ai.{message.role}.message", {"gen_ai.system": call.provider}, {"content": message.text})
    choice: AnyValue = {
        "index": 0,
        "finish_reason": call.finish_reason,
        "message": {"role": "assistant", "content": call.reply.text},
    }
    emit(service, "gen_ai.choice", {"gen_ai.system": call.provider}, choice)


def emit(service: Service, event: str, attributes: dict[str, AnyValue], body: AnyValue = None) -> None:
    """Send a log event that belongs to the span in progress."""
    service.logger.emit(
        LogRecord(event_name=event, severity_number=SeverityNumber.INFO, attributes=attributes, body=body)
    )
