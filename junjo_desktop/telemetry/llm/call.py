"""One call of a model, as all that shows, counts and prices it sees it; see `reading` for how it is read.

What was not told is None, never 0 and never "". Names that providers and conventions spell differently have one
spelling here, so that the same call told by two of them is the same `LlmCall`:

    operation      chat, text_completion, embeddings, rerank, or the word that was sent
    provider       OpenTelemetry's names (`openai`, `anthropic`, `gcp.gemini`, …), or the word that was sent
    finish reason  stop, length, tool_calls, content_filter, or the word that was sent
    parameters     OpenTelemetry's names without their prefix (`temperature`, `max_tokens`, `stop_sequences`, …)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junjo_desktop.telemetry.llm.parts import (
    DataPart,
    MediaPart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
    UnknownPart,
)
from junjo_desktop.telemetry.llm.usage import Usage
from junjo_desktop.telemetry.otlp_json import Plain

__all__ = [
    "CallError",
    "Captured",
    "DataPart",
    "LlmCall",
    "MediaPart",
    "Message",
    "Part",
    "ReasoningPart",
    "TextPart",
    "ToolCallPart",
    "ToolDefinition",
    "ToolResultPart",
    "UnknownPart",
    "Usage",
]


@dataclass(frozen=True, slots=True)
class CallError:
    """Why a call failed. `type` is a class, a status code or the provider's word."""

    type: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Captured:
    """Whether the messages of a call came along.

    `switch` is a sentence that names what turns the capture on in the SDK that sent the span; None where all is there
    or where no SDK is recognised.
    """

    input: bool
    output: bool
    switch: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether both what was asked and what was answered are known."""
        return self.input and self.output


@dataclass(frozen=True)
class LlmCall:
    """A call. System messages before the first other one are `system_instructions`, not `input_messages`.

    `output_messages` has one message for each choice. `raw_keys` are the keys (of attributes, and `event:NAME` of
    events and log records) that something was read from; all that a span carries is in its attributes as ever.
    """

    trace_id: str
    span_id: str
    operation: str
    provider: str | None = None
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    parameters: Mapping[str, Plain] = field(default_factory=dict)
    system_instructions: tuple[Part, ...] = ()
    input_messages: tuple[Message, ...] = ()
    output_messages: tuple[Message, ...] = ()
    tool_definitions: tuple[ToolDefinition, ...] = ()
    finish_reasons: tuple[str, ...] = ()
    usage: Usage | None = None
    time_to_first_token_ns: int | None = None
    error: CallError | None = None
    conversation_id: str | None = None
    user_id: str | None = None
    agent_name: str | None = None
    server_address: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    captured: Captured = Captured(input=False, output=False)
    conventions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    raw_keys: tuple[str, ...] = ()

    @property
    def model(self) -> str | None:
        """The model that answered, else the one that was asked."""
        return self.response_model or self.request_model
