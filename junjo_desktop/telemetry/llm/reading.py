"""Reads a model call from its span, and from its log records where the messages are only there."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.llm.call import CallError, Captured, LlmCall
from junjo_desktop.telemetry.llm.capture_switches import switch_of
from junjo_desktop.telemetry.llm.conventions.table import CONVENTIONS
from junjo_desktop.telemetry.llm.draft import Draft
from junjo_desktop.telemetry.llm.merging import merged
from junjo_desktop.telemetry.llm.normal_form import instructions_and_rest, normal_answers, normal_messages
from junjo_desktop.telemetry.llm.parts import Message, ToolCallPart, ToolResultPart
from junjo_desktop.telemetry.llm.source import Source
from junjo_desktop.telemetry.llm.usage_rules import usage_of
from junjo_desktop.telemetry.llm.words import finish_reason_of, operation_of, provider_and_model, provider_of
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.semantics import ERROR_TYPE, EXCEPTION_EVENT, span_type_of
from junjo_desktop.telemetry.span import Span

_NOTHING = Draft()
_SPEAKING, _EMBEDDING = "llm", "embedding"


def read_call(span: Span, logs: Sequence[LogRecord] = ()) -> LlmCall | None:
    """Read a call to a model (a chat, an embedding, a rerank); None where a span is none.

    `logs` may hold records of other spans too, which are passed over. Never raises, whatever the attributes hold.
    """
    source = Source(span, logs)
    kind = span_type_of(source.attributes)
    return None if kind not in MODEL_CALLS else call_of(source, kind)


def call_of(source: Source, kind: str) -> LlmCall:
    """Read a span as a call of a kind: `llm`, `embedding` or `rerank`."""
    drafts, names = drafts_of(source)
    draft = merged(drafts)
    usage, usage_notes = usage_of(draft.tokens, draft.reported_cost)
    system, asked = instructions_and_rest(draft.system, normal_messages(draft.input))
    answered = normal_answers(normal_messages(draft.output, asked), draft.finish_reasons)
    if kind == _EMBEDDING:
        asked, answered = _as_one(asked), ()
    reasons = [one.finish_reason for one in answered]
    if not any(reasons):
        reasons = [finish_reason_of(word) for word in draft.finish_reasons]
    error = error_of(source)
    if error is not None:
        answered = tuple(message for message in answered if message.parts)
    is_asked, is_answered = bool(system) or _is_told(asked), _is_told(answered) or kind != _SPEAKING
    is_whole = is_asked and (is_answered or error is not None)
    provider, asked_model = provider_and_model(provider_of(draft.provider), draft.request_model)
    provider, answering_model = provider_and_model(provider, draft.response_model)
    return LlmCall(
        trace_id=source.span.trace_id,
        span_id=source.span.span_id,
        operation=operation_of(draft.operation, kind),
        provider=provider,
        request_model=asked_model,
        response_model=answering_model,
        response_id=draft.response_id,
        parameters=draft.parameters,
        system_instructions=system,
        input_messages=asked,
        output_messages=answered,
        tool_definitions=draft.tools,
        finish_reasons=tuple(reason for reason in reasons if reason),
        usage=usage,
        time_to_first_token_ns=_first_token(draft.time_to_first_token_ns, source.span),
        error=error,
        conversation_id=draft.conversation_id,
        user_id=draft.user_id,
        agent_name=draft.agent_name,
        server_address=draft.server_address,
        prompt_name=draft.prompt_name,
        prompt_version=draft.prompt_version,
        captured=Captured(is_asked, is_answered, None if is_whole else switch_of(source.scope_name)),
        conventions=names,
        notes=(*dict.fromkeys(source.notes), *usage_notes, *_dropped(source.span)),
        raw_keys=tuple(source.keys),
    )


def drafts_of(source: Source) -> tuple[list[Draft], tuple[str, ...]]:
    """Read a span in every convention that applies; return what each says, and the names of those that say anything."""
    told = [(one.name, one.read(source)) for one in CONVENTIONS if one.applies(source)]
    told = [(name, draft) for name, draft in told if draft != _NOTHING]
    return [draft for _, draft in told], tuple(name for name, _ in told)


def error_of(source: Source) -> CallError | None:
    """Return why a span failed; None where it did not."""
    if not source.span.is_error:
        return None
    thrown = next((event.attributes for event in source.events if event.name == EXCEPTION_EVENT), {})
    words = (source.text(ERROR_TYPE), thrown.get("exception.type"), source.text("error.code"))
    messages = (source.span.status_message, thrown.get("exception.message"), source.text("error.message"))
    kind = next((word for word in words if isinstance(word, str) and word), None)
    return CallError(kind, next((text for text in messages if isinstance(text, str) and text), None))


def _as_one(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the texts that were embedded as one message, however they were sent."""
    parts = tuple(part for message in messages for part in message.parts)
    return (Message(messages[0].role, parts),) if messages else ()


def _is_told(messages: Sequence[Message]) -> bool:
    """Whether messages have content: calls and results of tools are told without theirs, too."""
    return any(
        bool(part.arguments_text)
        if isinstance(part, ToolCallPart)
        else not isinstance(part, ToolResultPart) or part.parts
        for message in messages
        for part in message.parts
    )


def _first_token(waited_ns: int | None, span: Span) -> int | None:
    """Return the time to the first token; some send milliseconds where seconds are due."""
    duration_ns = span.end_time_unix_nano - span.start_time_unix_nano
    candidates = () if waited_ns is None else (waited_ns, waited_ns // 1000)
    return next((told for told in candidates if 0 <= told <= duration_ns), None)


def _dropped(span: Span) -> tuple[str, ...]:
    counts = ((span.dropped_attributes_count, "attributes"), (span.dropped_events_count, "events"))
    return tuple(
        f"{count:,} {what} were dropped by the SDK: some of this call may be missing."
        for count, what in counts
        if count
    )
