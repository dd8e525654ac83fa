"""Model calls, embeddings and retrievals as OpenInference instrumentation reports them: flattened attributes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.util.types import AnyValue

from resources.samples.programs.conversation import Message, ModelCall

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Document:
    """Something a retriever found."""

    id: str
    text: str
    score: float
    source: str


@contextmanager
def model_call(tracer: Tracer, call: ModelCall, session: str = "") -> Iterator[Span]:
    """Open the span of a model call; the reply's attributes are set when the block ends without an error."""
    request = {"model": call.model, "temperature": call.temperature}
    attributes: dict[str, AnyValue] = {
        "openinference.span.kind": "LLM",
        "llm.provider": call.provider,
        "llm.system": call.provider,
        "llm.model_name": call.model,
        "llm.invocation_parameters": json.dumps(request),
        "input.value": json.dumps({"messages": [_plain(each) for each in call.messages], **request}),
        "input.mime_type": _JSON,
        **({"session.id": session} if session else {}),
    }
    for number, message in enumerate(call.messages):
        attributes.update(_flat(f"llm.input_messages.{number}.message", message))
    for number, tool in enumerate(call.tools):
        attributes[f"llm.tools.{number}.tool.json_schema"] = json.dumps({"type": "function", "function": tool})
    with tracer.start_as_current_span("ChatCompletion", attributes=attributes) as span:
        yield span
        span.set_attributes(_reply(call))
        span.set_status(Status(StatusCode.OK))


@contextmanager
def embedding(tracer: Tracer, provider: str, model: str, texts: Sequence[str]) -> Iterator[Span]:
    """Open the span of an embedding request."""
    attributes: dict[str, AnyValue] = {
        "openinference.span.kind": "EMBEDDING",
        "llm.provider": provider,
        "embedding.model_name": model,
        "input.value": json.dumps(list(texts)),
        "input.mime_type": _JSON,
        "llm.token_count.prompt": sum(len(text) // 4 + 1 for text in texts),
    }
    for number, text in enumerate(texts):
        attributes[f"embedding.embeddings.{number}.embedding.text"] = text
        attributes[f"embedding.embeddings.{number}.embedding.vector"] = [
            round(((7 * number + 3 * place) % 11 - 5) / 13, 4) for place in range(8)
        ]
    with tracer.start_as_current_span("CreateEmbeddings", attributes=attributes) as span:
        yield span


@contextmanager
def retrieval(tracer: Tracer, query: str, found: Sequence[Document]) -> Iterator[Span]:
    """Open the span of a retrieval; what was found is set at its end."""
    attributes: dict[str, AnyValue] = {"openinference.span.kind": "RETRIEVER", "input.value": query}
    with tracer.start_as_current_span("Retrieve", attributes=attributes) as span:
        yield span
        for number, document in enumerate(found):
            prefix = f"retrieval.documents.{number}.document"
            span.set_attributes(
                {
                    f"{prefix}.id": document.id,
                    f"{prefix}.content": document.text,
                    f"{prefix}.score": document.score,
                    f"{prefix}.metadata": json.dumps({"source": document.source}),
                }
            )


@contextmanager
def tool(tracer: Tracer, name: str, description: str, arguments: dict[str, object]) -> Iterator[Span]:
    """Open the span of a tool that the model asked for."""
    attributes: dict[str, AnyValue] = {
        "openinference.span.kind": "TOOL",
        "tool.name": name,
        "tool.description": description,
        "tool.parameters": json.dumps(arguments),
        "input.value": json.dumps(arguments),
        "input.mime_type": _JSON,
    }
    with tracer.start_as_current_span(name, kind=SpanKind.INTERNAL, attributes=attributes) as span:
        yield span


def _reply(call: ModelCall) -> dict[str, AnyValue]:
    return {
        "output.value": json.dumps({"id": call.id, "choices": [{"message": _plain(call.reply)}]}),
        "output.mime_type": _JSON,
        "llm.finish_reason": call.finish_reason,
        "llm.token_count.prompt": call.input_tokens,
        "llm.token_count.completion": call.output_tokens,
        "llm.token_count.total": call.input_tokens + call.output_tokens,
        "llm.token_count.prompt_details.cache_read": call.cached,
        "llm.token_count.completion_details.reasoning": call.reasoning_tokens,
        **_flat("llm.output_messages.0.message", call.reply),
    }


def _flat(prefix: str, message: Message) -> dict[str, AnyValue]:
    flat: dict[str, AnyValue] = {f"{prefix}.role": message.role}
    if message.text:
        flat[f"{prefix}.content"] = message.text
    if message.answers:
        flat[f"{prefix}.tool_call_id"] = message.answers
    for number, asked in enumerate(message.calls):
        at = f"{prefix}.tool_calls.{number}.tool_call"
        flat[f"{at}.id"] = asked.id
        flat[f"{at}.function.name"] = asked.name
        flat[f"{at}.function.arguments"] = json.dumps(asked.arguments)
    return flat


def _plain(message: Message) -> dict[str, object]:
    plain: dict[str, object] = {"role": message.role, "content": message.text}
    if message.answers:
        plain["tool_call_id"] = message.answers
    if message.calls:
        plain["tool_calls"] = [
            {
                "id": asked.id,
                "type": "function",
                "function": {"name": asked.name, "arguments": json.dumps(asked.arguments)},
            }
            for asked in message.calls
        ]
    return plain
