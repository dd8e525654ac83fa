"""Reads what stands around model calls from their spans: tools, searches, embeddings, agents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from junjo_desktop.telemetry.junjo.json_value import value_or_none
from junjo_desktop.telemetry.junjo.payload import payload_of
from junjo_desktop.telemetry.llm.bodies import take_answer, take_request
from junjo_desktop.telemetry.llm.conventions.openinference import documents_of
from junjo_desktop.telemetry.llm.draft import Draft, Worth
from junjo_desktop.telemetry.llm.merging import merged
from junjo_desktop.telemetry.llm.message_reading import read_message
from junjo_desktop.telemetry.llm.normal_form import instructions_and_rest, normal_answers, normal_messages
from junjo_desktop.telemetry.llm.part_reading import result_parts
from junjo_desktop.telemetry.llm.parts import Message, Part, ToolResultPart
from junjo_desktop.telemetry.llm.reading import call_of, drafts_of, error_of
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.steps import AgentStep, Document, Embedding, Retrieval, ToolCall
from junjo_desktop.telemetry.llm.values import (
    arguments_text,
    as_count,
    as_number,
    as_object,
    as_text,
    items,
    parsed,
    structure,
)
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.otlp_json import Attributes, Plain
from junjo_desktop.telemetry.semantics import span_type_of
from junjo_desktop.telemetry.span import Span

_JUNJO = "junjo.agent."
_ARGUMENTS = (
    "gen_ai.tool.call.arguments",
    "tool_arguments",
    "ai.toolCall.args",
    "gen_ai.tool.args",
    "gcp.vertex.agent.tool_call_args",
    "traceloop.entity.input",
    "mlflow.spanInputs",
    "langfuse.observation.input",
    "gen_ai.prompt",
    "input.value",
)
_RESULTS = (
    "gen_ai.tool.call.result",
    "tool_response",
    "ai.toolCall.result",
    "gcp.vertex.agent.tool_response",
    "traceloop.entity.output",
    "mlflow.spanOutputs",
    "langfuse.observation.output",
    "gen_ai.completion",
    "output.value",
)
# What is under these is JSON, texts too.
_ALWAYS_JSON = ("ai.toolCall.result", "mlflow.spanOutputs")
_TOOL_NAMES = ("gen_ai.tool.name", "tool.name", "ai.toolCall.name", f"{_JUNJO}tool.name", "traceloop.entity.name")
_TOOL_IDS = ("gen_ai.tool.call.id", "tool_call.id", "tool.id", "ai.toolCall.id", f"{_JUNJO}tool_call.id")
_VECTORS = ("ai.embeddings", "ai.embedding")
_AGENT_TYPES = frozenset(("agent", "chain", "workflow"))


class Run(NamedTuple):
    """What a tool was given and gave back."""

    arguments_text: str | None
    result: tuple[Part, ...]
    call_id: str | None


def read_tool_call(span: Span, logs: Sequence[LogRecord] = ()) -> ToolCall | None:
    """Read a tool that ran; None where a span is none."""
    source = Source(span, logs)
    if span_type_of(source.attributes) != "tool":
        return None
    run = _asked_of_tool(source)
    return ToolCall(
        span.trace_id,
        span.span_id,
        source.text(*_TOOL_NAMES),
        source.text(*_TOOL_IDS) or run.call_id,
        source.text("gen_ai.tool.description", "tool.description"),
        run.arguments_text,
        run.result,
        error_of(source),
        _conventions(source),
    )


def read_retrieval(span: Span, logs: Sequence[LogRecord] = ()) -> Retrieval | None:
    """Read a search for documents or their rerank; None where a span is none."""
    source = Source(span, logs)
    kind = span_type_of(source.attributes)
    if kind not in {"retrieval", "rerank"}:
        return None
    flat = documents_of(source.indexed("retrieval.documents") or source.indexed("reranker.output_documents"))
    told: list[Plain] = [*flat] or items(source.structure("gen_ai.retrieval.documents", *_RESULTS))
    query = source.text("gen_ai.retrieval.query.text", "reranker.query", "db.query.text")
    if query is None:
        query = _query_in(source.structure("input.value", *_ARGUMENTS))
    return Retrieval(
        span.trace_id,
        span.span_id,
        query,
        tuple(_document(item) for item in told),
        source.count("gen_ai.retrieval.top_k", "gen_ai.request.top_k", "reranker.top_k"),
        source.text("gen_ai.data_source.id"),
        source.text("gen_ai.request.model", "reranker.model_name"),
        error_of(source),
        _conventions(source),
    )


def read_embedding(span: Span, logs: Sequence[LogRecord] = ()) -> Embedding | None:
    """Read a call that turned texts into vectors; None where a span is none."""
    source = Source(span, logs)
    if span_type_of(source.attributes) != "embedding":
        return None
    call = call_of(source, "embedding")
    flat = source.indexed("embedding.embeddings")
    texts = [text for one in flat if (text := as_text(one.get("embedding.text")))]
    if not texts:
        parts = [part for message in call.input_messages for part in message.parts]
        texts = [text for part in parts if isinstance(text := getattr(part, "text", None), str)]
    held = [one.get("embedding.vector") for one in flat] or [structure(one) for one in items(source.value(*_VECTORS))]
    vectors = [vector for vector in held if isinstance(vector, list)]
    dimensions = len(vectors[0]) if vectors else source.count("gen_ai.embeddings.dimension.count")
    return Embedding(call, tuple(texts), len(vectors) or None, dimensions)


def read_agent_step(span: Span, logs: Sequence[LogRecord] = ()) -> AgentStep | None:
    """Read an agent, a chain or a workflow of an agent framework; None where a span is none."""
    source = Source(span, logs)
    if span_type_of(source.attributes) not in _AGENT_TYPES:
        return None
    drafts, names = drafts_of(source)
    draft = merged([*drafts, _whole_values(source)])
    system, asked = instructions_and_rest(draft.system, normal_messages(draft.input))
    answered = normal_answers(normal_messages(draft.output, asked), draft.finish_reasons)
    return AgentStep(
        span.trace_id,
        span.span_id,
        draft.agent_name or source.text("traceloop.entity.name", f"{_JUNJO}name", f"{_JUNJO}key"),
        source.text("gen_ai.agent.id", f"{_JUNJO}runtime_id"),
        source.text("gen_ai.agent.description"),
        draft.conversation_id,
        system,
        asked,
        answered,
        error_of(source),
        names,
    )


def _asked_of_tool(source: Source) -> Run:
    """Return the arguments of a tool, its result, and the id of the call that it answers."""
    asked, result = source.structure(*_ARGUMENTS), source.structure(*_RESULTS)
    if isinstance(result, str) and any(key in source.attributes for key in _ALWAYS_JSON):
        result = structure(_string_in(result))
    if f"{_JUNJO}operation_type" in source.attributes:
        slots = (f"{_JUNJO}tool.arguments", f"{_JUNJO}tool.requested_arguments", f"{_JUNJO}tool.result")
        arguments, requested, result = (value_or_none(payload_of(source.attributes, slot)) for slot in slots)
        asked = requested if arguments is None else arguments
    if asked is None and result is None:
        asked, result = _told_by_events(source)
    asked, identity = _arguments(asked)
    parts, answered = _result(result)
    return Run(None if asked is None else arguments_text(asked), parts, identity or answered)


def _string_in(text: str) -> str:
    """Return the text that is written as a JSON string; any other as it is."""
    try:
        found = parsed(text)
    except ValueError:
        return text
    return found if isinstance(found, str) else text


def _told_by_events(source: Source) -> tuple[Plain, Plain]:
    """Return what Strands says of a tool: an event with its arguments, one with its result."""
    asked = next((event.attributes.get("content") for event in source.events_named("gen_ai.tool.message")), None)
    result = next((event.attributes.get("message") for event in source.events_named("gen_ai.choice")), None)
    return structure(asked), structure(result)


def _arguments(asked: Plain) -> tuple[Plain, str | None]:
    """Return the arguments alone, where LangChain has them in its own callback's, and the id of the call."""
    told = as_object(asked)
    if "input_str" not in told:
        return asked, None
    inputs = told.get("inputs")
    return told["input_str"] if inputs is None else inputs, as_text(as_object(told.get("kwargs")).get("tool_call_id"))


def _result(result: Plain) -> tuple[tuple[Part, ...], str | None]:
    """Return the result alone, where a framework has it in a message or in an object of its own."""
    if result is None:
        return (), None
    told = as_object(result)
    inner = told.get("output")
    if inner is not None and set(told) <= {"output", "kwargs"}:
        return _result(inner) if isinstance(inner, dict) and "output" not in inner else (_whole(inner), None)
    is_message = "lc" in told or told.get("type") == "tool"
    part = next(iter(read_message(told, "tool").parts), None) if is_message else None
    if isinstance(part, ToolResultPart):
        return _whole_parts(part.parts), part.id
    return _whole(result), None


def _whole(result: Plain) -> tuple[Part, ...]:
    return _whole_parts(result_parts(result))


def _whole_parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    (message,) = normal_messages((Message("tool", (ToolResultPart(None, None, parts),)),))
    return tuple(inner for part in message.parts if isinstance(part, ToolResultPart) for inner in part.parts)


def _query_in(value: Plain) -> str | None:
    if isinstance(value, str):
        return value or None
    told = as_object(value)
    return next((text for key in ("query", "question", "input", "text") if (text := as_text(told.get(key)))), None)


def _document(value: Plain) -> Document:
    told = as_object(value)
    if not told:
        return Document(content=as_text(value))
    metadata = told.get("metadata")
    content = next((text for key in ("content", "page_content", "text") if (text := as_text(told.get(key)))), None)
    score: Attributes = {key: told.get(key) for key in ("score", "relevance_score") if told.get(key) is not None}
    return Document(
        as_text(told.get("id")) or (None if (number := as_count(told.get("id"))) is None else str(number)),
        content,
        next((as_number(number) for number in score.values()), None),
        metadata if isinstance(metadata, dict) else {},
    )


def _whole_values(source: Source) -> Draft:
    """Return what a step was given and what it gave back, where only its whole values are told."""
    draft = Draft()
    asked = source.structure("input.value", "traceloop.entity.input", "gcp.vertex.agent.data")
    answered = source.structure("final_result", "output.value", "traceloop.entity.output")
    if asked is not None:
        take_request(draft, asked, Worth.WHOLE_VALUE)
    if answered is not None:
        take_answer(draft, answered, Worth.WHOLE_VALUE)
    return draft


def _conventions(source: Source) -> tuple[str, ...]:
    return drafts_of(source)[1]
