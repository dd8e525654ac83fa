"""What stands around model calls: tools that ran, searches, embeddings, agents. What was not told is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.llm.call import CallError, LlmCall
from junjo_desktop.telemetry.llm.parts import Message, Part
from junjo_desktop.telemetry.otlp_json import Plain


@dataclass(frozen=True)
class ToolCall:
    """A tool that ran. `id` is that of the `ToolCallPart` which asked for it; `arguments_text` as there."""

    trace_id: str
    span_id: str
    name: str | None
    id: str | None = None
    description: str | None = None
    arguments_text: str | None = None
    result: tuple[Part, ...] = ()
    error: CallError | None = None
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One thing that was found (or, of a rerank, given). `score` is higher for a better one, in units of its source."""

    id: str | None = None
    content: str | None = None
    score: float | None = None
    metadata: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Retrieval:
    """A search for documents, or their rerank."""

    trace_id: str
    span_id: str
    query: str | None = None
    documents: tuple[Document, ...] = ()
    top_k: int | None = None
    data_source_id: str | None = None
    model: str | None = None
    error: CallError | None = None
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Embedding:
    """Texts that were turned into vectors. `call` has the model and the tokens; `dimensions` is the length of each."""

    call: LlmCall
    texts: tuple[str, ...] = ()
    vector_count: int | None = None
    dimensions: int | None = None


@dataclass(frozen=True)
class AgentStep:
    """An agent or one of its steps: what it was given and what it gave back. It has no usage: its calls have it."""

    trace_id: str
    span_id: str
    name: str | None
    id: str | None = None
    description: str | None = None
    conversation_id: str | None = None
    system_instructions: tuple[Part, ...] = ()
    input_messages: tuple[Message, ...] = ()
    output_messages: tuple[Message, ...] = ()
    error: CallError | None = None
    conventions: tuple[str, ...] = ()
