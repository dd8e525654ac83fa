"""Tells of a call as OpenTelemetry's GenAI conventions do, and sends it to a receiver: our own, like any program."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from junjo_desktop import __version__
from junjo_desktop.errors import UserError
from junjo_desktop.generation.answer import Generation
from junjo_desktop.telemetry.encode_value import make_attributes
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
)

if TYPE_CHECKING:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SERVICE = "junjo-playground"
KEY_HEADER = "x-junjo-api-key"
_SCOPE = "junjo_desktop.generation"
_TIMEOUT_S = 10.0
_NS_PER_S = 1_000_000_000
_TOKENS = {
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
    "cache_write_tokens": "gen_ai.usage.cache_creation.input_tokens",
    "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
}
_PARAMETERS = {"output.type": "gen_ai.output.type", "reasoning_effort": "gen_ai.request.reasoning.level"}


@dataclass(frozen=True, slots=True)
class SpanIds:
    """Where a call is told, in hexadecimal."""

    trace_id: str
    span_id: str


def span_request(made: Generation, replayed: SpanIds | None = None) -> tuple[SpanIds, ExportTraceServiceRequest]:
    """Return the span of a call, with a link to the one that it replays, and where it will be found."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

    ids = SpanIds(secrets.token_hex(16), secrets.token_hex(8))
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    resource.resource.attributes.extend(make_attributes({"service.name": SERVICE, "service.version": __version__}))
    scope = resource.scope_spans.add()
    scope.scope.name, scope.scope.version = _SCOPE, __version__
    span = Span(
        trace_id=bytes.fromhex(ids.trace_id),
        span_id=bytes.fromhex(ids.span_id),
        name=f"{made.call.operation} {made.call.request_model}",
        kind=Span.SPAN_KIND_CLIENT,
        start_time_unix_nano=made.start_ns,
        end_time_unix_nano=made.start_ns + made.duration_ns,
        attributes=make_attributes(attributes_of(made.call)),
    )
    if made.failure is not None:
        span.status.code, span.status.message = Status.STATUS_CODE_ERROR, made.failure.message
    if replayed is not None:
        link = span.links.add(trace_id=bytes.fromhex(replayed.trace_id), span_id=bytes.fromhex(replayed.span_id))
        link.attributes.extend(make_attributes({"junjo.playground.replays": True}))
    scope.spans.append(span)
    return ids, request


def send(request: ExportTraceServiceRequest, port: int, key: str | None) -> None:
    """Send a span to a receiver on this computer. Raises `UserError`."""
    import grpc
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

    metadata = [(KEY_HEADER, key)] if key else []
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=(("grpc.enable_http_proxy", 0),)) as channel:
        stub: Any = TraceServiceStub(channel)  # type: ignore[no-untyped-call] # generated without types
        try:
            stub.Export(request, timeout=_TIMEOUT_S, metadata=metadata)
        except grpc.RpcError as error:
            call: Any = error
            raise UserError(
                f"The call was not recorded ({call.code().name}: {call.details()}).", "`junjo-desktop doctor` says why."
            ) from error


def attributes_of(call: LlmCall) -> dict[str, Any]:
    """Return the attributes of a call; messages are JSON in OpenTelemetry's shape."""
    told: dict[str, Any] = {
        "gen_ai.operation.name": call.operation,
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.request_model,
        "gen_ai.response.model": call.response_model,
        "gen_ai.response.id": call.response_id,
        "gen_ai.response.finish_reasons": list(call.finish_reasons) or None,
        "server.address": call.server_address,
        "error.type": call.error.type if call.error is not None else None,
    }
    if call.time_to_first_token_ns is not None:
        told["gen_ai.response.time_to_first_chunk"] = call.time_to_first_token_ns / _NS_PER_S
    for name, value in call.parameters.items():
        key = _PARAMETERS.get(name, f"gen_ai.request.{name}")
        told[key] = _json(value) if isinstance(value, Mapping) else value
    if call.usage is not None:
        told |= {key: getattr(call.usage, name) for name, key in _TOKENS.items()}
    if call.system_instructions:
        told["gen_ai.system_instructions"] = _json(_parts(call.system_instructions))
    told["gen_ai.input.messages"] = _json([_message(one) for one in call.input_messages])
    if call.output_messages:
        told["gen_ai.output.messages"] = _json([_message(one) for one in call.output_messages])
    if call.tool_definitions:
        told["gen_ai.tool.definitions"] = _json(
            [
                {"type": "function", "name": one.name, "description": one.description, "parameters": one.parameters}
                for one in call.tool_definitions
            ]
        )
    return {key: value for key, value in told.items() if value is not None}


def _message(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = {"role": message.role, "parts": _parts(message.parts)}
    if message.name:
        told["name"] = message.name
    if message.finish_reason:
        told["finish_reason"] = message.finish_reason
    return told


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [told for part in parts for told in _part(part)]


def _part(part: Part) -> Iterator[dict[str, Any]]:
    match part:
        case TextPart(text):
            yield {"type": "text", "content": text}
        case ReasoningPart(text):
            yield {"type": "reasoning", "content": text}
        case ToolCallPart(identity, name, arguments):
            yield {"type": "tool_call", "id": identity, "name": name, "arguments": _loaded(arguments)}
        case ToolResultPart(identity, _, parts):
            yield {"type": "tool_call_response", "id": identity, "response": _result(parts)}
        case MediaPart(kind, mime, str(data)):
            yield {"type": "blob", "modality": kind, "mime_type": mime, "content": data}
        case MediaPart(kind, mime, _, uri):
            yield {"type": "uri", "modality": kind, "mime_type": mime, "uri": uri}
        case DataPart(text) | UnknownPart(text):
            yield {"type": "text", "content": text}


def _result(parts: Sequence[Part]) -> Any:
    if len(parts) == 1 and isinstance(parts[0], TextPart):
        return parts[0].text
    if len(parts) == 1 and isinstance(parts[0], DataPart):
        return parts[0].value
    return _parts(parts)


def _loaded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
