"""What each convention says is read, also in shapes that no capture has."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from junjo_desktop.telemetry.llm.call import (
    DataPart,
    LlmCall,
    MediaPart,
    Message,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UnknownPart,
    Usage,
)
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.log_record import LogRecord
from tests.telemetry.llm.spans import log_with, span_with

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini"}
ASKED = Message("user", (TextPart("Hello"),))
ANSWERED = Message("assistant", (TextPart("Hi"),), finish_reason="stop")


def read(attributes: dict[str, Any], **more: Any) -> LlmCall:
    logs: tuple[LogRecord, ...] = more.pop("logs", ())
    call = read_call(span_with(attributes, **more), logs)
    assert call is not None
    return call


def test_a_span_that_is_no_call_is_none() -> None:
    assert read_call(span_with({"http.request.method": "GET"})) is None
    assert read_call(span_with({"gen_ai.operation.name": "invoke_agent"})) is None


def test_messages_may_be_structures_or_text_and_content_for_parts() -> None:
    parts = [{"role": "user", "parts": [{"type": "text", "content": "Hello"}]}]
    flat = [{"role": "user", "content": "Hello"}]
    for value in (parts, json.dumps(parts), flat, json.dumps(flat)):
        assert read({**CHAT, "gen_ai.input.messages": value}).input_messages == (ASKED,)


def test_the_older_events_are_read_from_log_records() -> None:
    logs = (
        log_with("gen_ai.system.message", {"content": "Be brief."}),
        log_with("gen_ai.user.message", {"content": "Weather?"}),
        log_with("gen_ai.assistant.message", {"tool_calls": [_openai_call("c1", '{"city": "Oslo"}')]}),
        log_with("gen_ai.tool.message", {"id": "c1", "content": "rain"}),
        log_with("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": {"content": "Rain."}}),
        log_with("gen_ai.user.message", {"content": "of another span"}, span_id="f" * 16),
    )
    call = read(CHAT, logs=logs)
    assert call.system_instructions == (TextPart("Be brief."),)
    assert call.input_messages == (
        Message("user", (TextPart("Weather?"),)),
        Message("assistant", (ToolCallPart("c1", "get_weather", '{"city":"Oslo"}'),)),
        Message("tool", (ToolResultPart("c1", "get_weather", (TextPart("rain"),)),)),
    )
    assert call.output_messages == (Message("assistant", (TextPart("Rain."),), finish_reason="stop"),)
    assert call.captured.is_complete


def test_the_oldest_events_hold_json() -> None:
    events = [
        ("gen_ai.content.prompt", {"gen_ai.prompt": '[{"role": "user", "content": "Hello"}]'}),
        ("gen_ai.content.completion", {"gen_ai.completion": '[{"role": "assistant", "content": "Hi"}]'}),
    ]
    call = read({**CHAT, "gen_ai.response.finish_reasons": ["stop"]}, events=events)
    assert (call.input_messages, call.output_messages) == ((ASKED,), (ANSWERED,))


def test_details_may_be_an_event_only() -> None:
    details = {
        "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Hello"}]}],
        "gen_ai.output.messages": [
            {"role": "assistant", "parts": [{"type": "text", "content": "Hi"}], "finish_reason": "stop"}
        ],
    }
    name = "gen_ai.client.inference.operation.details"
    in_attributes, in_body = log_with(name, None, details), log_with(name, details)
    for call in (
        read(CHAT, logs=(in_attributes,)),
        read(CHAT, logs=(in_body,)),
        read(CHAT, events=[(name, {key: json.dumps(value) for key, value in details.items()})]),
    ):
        assert (call.input_messages, call.output_messages) == ((ASKED,), (ANSWERED,))


def _openai_call(identity: str, arguments: str) -> dict[str, Any]:
    return {"id": identity, "type": "function", "function": {"name": "get_weather", "arguments": arguments}}


CALL, PNG = ToolCallPart("c", "f", '{"a":1}'), MediaPart("image", "image/png", "AA==")
WAV, LINK = MediaPart("audio", "audio/wav", "AA=="), MediaPart("image", None, uri="https://a/b")
SOURCE = {"type": "base64", "media_type": "image/png", "data": "AA=="}
PARTS: tuple[tuple[dict[str, Any], Any], ...] = (
    ({"type": "reasoning", "content": "Hm."}, ReasoningPart("Hm.")),
    ({"type": "thinking", "thinking": "Hm.", "signature": "s"}, ReasoningPart("Hm.")),
    ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}, ReasoningPart("Hm.")),
    ({"text": "Hm.", "thought": True}, ReasoningPart("Hm.")),
    ({"type": "tool_call", "id": "c", "name": "f", "arguments": {"a": 1}}, CALL),
    ({"type": "tool_call", "id": "c", "name": "f", "arguments": '{"a": 1}'}, CALL),
    ({"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}, CALL),
    ({"type": "tool-call", "toolCallId": "c", "toolName": "f", "input": {"a": 1}}, CALL),
    ({"functionCall": {"id": "c", "name": "f", "args": {"a": 1}}}, CALL),
    ({"toolUse": {"toolUseId": "c", "name": "f", "input": {"a": 1}}}, CALL),
    ({"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AA=="}, PNG),
    ({"type": "blob", "mime_type": "image/png", "data": "AA=="}, PNG),
    ({"type": "uri", "modality": "image", "uri": "https://a/b"}, LINK),
    ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}, PNG),
    ({"type": "input_image", "image_url": "https://a/b"}, LINK),
    ({"type": "image", "source": SOURCE}, PNG),
    ({"inlineData": {"mimeType": "audio/wav", "data": "AA=="}}, WAV),
    ({"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}, WAV),
    ({"type": "binary", "media_type": "text/css", "content": "AA=="}, MediaPart("file", "text/css", "AA==")),
    ({"type": "file", "file_id": "f1", "mime_type": "text/css"}, MediaPart("file", "text/css", uri="f1")),
    ({"type": "anthropic_image"}, MediaPart("image", missing="It was not captured.")),
    ({"type": "json", "content": {"a": 1}}, DataPart('{"a":1}')),
    ({"type": "hologram", "content": 7}, UnknownPart('{"type":"hologram","content":7}')),
    ({"type": "text", "content": ""}, None),
)


@pytest.mark.parametrize(("sent", "part"), PARTS, ids=[str(at) for at in range(len(PARTS))])
def test_parts_of_every_shape_are_read(sent: dict[str, Any], part: Any) -> None:
    text = {"type": "text", "content": "first"}
    call = read({**CHAT, "gen_ai.input.messages": [{"role": "user", "parts": [text, sent]}]})
    assert call.input_messages[0].parts == (TextPart("first"), *([part] if part else []))


def test_what_is_damaged_hides_nothing_else() -> None:
    whole = [
        {"role": "user", "content": "Hello"},
        7,
        {"role": "user", "parts": [None, {"type": ["x"]}, "More"]},
        {"odd": 1},
    ]
    call = read({**CHAT, "gen_ai.input.messages": whole, "gen_ai.output.messages": "not JSON"})
    assert call.input_messages == (
        ASKED,
        Message("user", (UnknownPart("7"),)),
        Message("user", (UnknownPart('{"type":["x"]}'), TextPart("More"))),
        Message("user", (UnknownPart('{"odd":1}'),)),
    )
    assert call.output_messages == (Message("assistant", (TextPart("not JSON"),)),)


def test_messages_whose_end_is_cut_off_are_shown_as_far_as_they_go() -> None:
    text = json.dumps([{"role": "user", "content": "Hello"}, {"role": "user", "content": "A long text"}])
    for end in range(len('[{"role": "user", "content": "Hello"}'), len(text)):
        call = read({**CHAT, "gen_ai.input.messages": text[:end]})
        assert call.input_messages[0] == ASKED
        assert any("gen_ai.input.messages" in note for note in call.notes)


def test_the_vercel_ai_sdk() -> None:
    result = {"type": "tool-result", "toolCallId": "c", "toolName": "f", "output": {"type": "text", "value": "rain"}}
    call = read(
        {
            "ai.operationId": "ai.streamText.doStream",
            "ai.model.id": "gpt-4o-mini",
            "ai.model.provider": "openai.responses",
            "ai.settings.maxOutputTokens": 100,
            "ai.prompt.messages": json.dumps(
                [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                    {
                        "role": "assistant",
                        "content": [{"type": "tool-call", "toolCallId": "c", "toolName": "f", "input": {"a": 1}}],
                    },
                    {"role": "tool", "content": [result]},
                ]
            ),
            "ai.prompt.tools": ['{"type": "function", "name": "f", "inputSchema": {"type": "object"}}'],
            "ai.response.text": "Rain.",
            "ai.response.reasoning": "Hm.",
            "ai.response.toolCalls": '[{"toolCallId": "d", "toolName": "f", "input": "{\\"a\\": 2}"}]',
            "ai.response.finishReason": "tool-calls",
            "ai.response.model": "gpt-4o-mini-2024-07-18",
            "ai.response.id": "r1",
            "ai.response.msToFirstChunk": 250.5,
            "ai.usage.inputTokens": 10,
            "ai.usage.outputTokens": 20,
            "ai.usage.cachedInputTokens": 4,
            "ai.usage.reasoningTokens": 5,
            "ai.telemetry.metadata.sessionId": "s1",
        },
        scope="ai",
    )
    assert (call.provider, call.model, call.response_id, call.conversation_id) == (
        "openai",
        "gpt-4o-mini-2024-07-18",
        "r1",
        "s1",
    )
    assert call.system_instructions == (TextPart("Be brief."),)
    assert call.input_messages == (
        Message("user", (TextPart("Weather?"),)),
        Message("assistant", (ToolCallPart("c", "f", '{"a":1}'),)),
        Message("tool", (ToolResultPart("c", "f", (TextPart("rain"),)),)),
    )
    assert call.output_messages == (
        Message(
            "assistant",
            (ReasoningPart("Hm."), TextPart("Rain."), ToolCallPart("d", "f", '{"a":2}')),
            finish_reason="tool_calls",
        ),
    )
    assert call.usage == Usage(10, 20, cache_read_tokens=4, reasoning_tokens=5)
    assert call.time_to_first_token_ns == 250_500_000
    assert call.parameters == {"max_tokens": 100}
    assert [tool.name for tool in call.tool_definitions] == ["f"]


def test_an_object_from_the_vercel_ai_sdk_is_data() -> None:
    call = read({"ai.operationId": "ai.generateObject.doGenerate", "ai.response.object": '{"a": 1}'})
    assert call.output_messages == (Message("assistant", (DataPart('{"a":1}'),)),)


def test_the_first_token_of_a_stream_may_be_an_event() -> None:
    for name in ("First Token Stream Event", "gen_ai.content.completion.chunk", "ai.stream.firstChunk"):
        attributes = {**CHAT, "openinference.span.kind": "LLM", "ai.operationId": "ai.streamText.doStream"}
        assert read(attributes, events=[(name, {}), (name, {})]).time_to_first_token_ns == 1_000_000


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        ("opentelemetry.instrumentation.genai.openai", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"),
        ("opentelemetry.instrumentation.openai_v2", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"),
        ("opentelemetry.instrumentation.openai.v1", "TRACELOOP_TRACE_CONTENT"),
        ("openinference.instrumentation.langchain", "OPENINFERENCE_HIDE_INPUTS"),
        ("pydantic-ai", "include_content"),
        ("ai", "recordInputs"),
        ("openlit.instrumentation.openai", "capture_message_content"),
    ],
)
def test_a_call_without_content_names_the_switch_of_its_sdk(scope: str, word: str) -> None:
    captured = read(CHAT, scope=scope).captured
    assert (captured.input, captured.output) == (False, False)
    assert captured.switch is not None
    assert word in captured.switch


def test_masked_content_is_not_content() -> None:
    call = read(
        {
            "openinference.span.kind": "LLM",
            "input.value": "__REDACTED__",
            "output.value": "__REDACTED__",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "__REDACTED__",
        },
        scope="openinference.instrumentation.openai",
    )
    assert not call.captured.input
    assert not call.captured.output


def test_a_failed_call_with_its_question_misses_nothing() -> None:
    call = read({**CHAT, "gen_ai.input.messages": [{"role": "user", "content": "Hello"}]}, error="Too busy")
    assert call.error is not None
    assert (call.error.message, call.captured.switch) == ("Too busy", None)


def test_dropped_attributes_are_told() -> None:
    assert read(CHAT, dropped=3).notes == ("3 attributes were dropped by the SDK: some of this call may be missing.",)


def test_a_conversation_that_lost_attributes_is_read_from_the_whole_request() -> None:
    whole = {"messages": [{"role": "user", "content": f"Number {number}"} for number in range(40)]}
    attributes: dict[str, Any] = {"openinference.span.kind": "LLM", "input.value": json.dumps(whole)}
    for number in range(3):
        attributes[f"llm.input_messages.{number}.message.role"] = "user"
        attributes[f"llm.input_messages.{number}.message.content"] = f"Number {number}"
    assert len(read(attributes, dropped=74).input_messages) == 40
    assert len(read(attributes).input_messages) == 3


def test_parameters_have_one_name_and_hold_no_secrets() -> None:
    invoked = {
        "model": "gpt-4o-mini",
        "max_completion_tokens": 5,
        "stop": ["x"],
        "reasoning": {"effort": "low"},
        "api_key": "sk-secret",
        "extra_headers": {"authorization": "Bearer secret"},
        "api_base": "https://api.openai.com/v1",
    }
    call = read({"openinference.span.kind": "LLM", "llm.invocation_parameters": json.dumps(invoked)})
    assert call.parameters == {"max_tokens": 5, "stop_sequences": ["x"], "reasoning_effort": "low"}
    assert (call.request_model, call.server_address) == ("gpt-4o-mini", "https://api.openai.com/v1")


def test_conventions_on_one_span_are_merged_and_the_richest_messages_win() -> None:
    call = read(
        {
            **CHAT,
            "gen_ai.input.messages": [{"role": "user", "content": "Hello"}],
            "gen_ai.usage.input_tokens": 7,
            "openinference.span.kind": "LLM",
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": "Be brief.",
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": "Hello",
            "llm.output_messages.0.message.content": "Hi",
            "llm.token_count.prompt": 9,
            "llm.token_count.completion": 2,
        }
    )
    assert call.system_instructions == (TextPart("Be brief."),)
    assert call.input_messages == (ASKED,)
    assert call.output_messages == (replace(ANSWERED, finish_reason=None),)
    assert call.usage == Usage(7, 2)
    assert call.conventions == ("OpenTelemetry GenAI", "OpenInference")


@pytest.mark.parametrize(
    ("tokens", "usage"),
    [
        ({"input": 1888, "cache_read": 512, "cache_creation": 1024}, Usage(1888, 5, 512, 1024)),
        ({"input": 352, "cache_read": 512, "cache_creation": 1024}, Usage(1888, 5, 512, 1024)),
        ({"input": 0, "cache_read": 0}, Usage(0, 5, 0)),
    ],
)
def test_cached_input_counts_once(tokens: dict[str, int], usage: Usage) -> None:
    keys = {
        "input": "input_tokens",
        "cache_read": "cache_read.input_tokens",
        "cache_creation": "cache_creation.input_tokens",
    }
    attributes = {f"gen_ai.usage.{keys[name]}": count for name, count in tokens.items()}
    assert read({**CHAT, **attributes, "gen_ai.usage.output_tokens": 5}).usage == usage


def test_the_total_tells_whether_the_cache_is_beside_the_input() -> None:
    cached = {
        "llm.token_count.prompt": 1000,
        "llm.token_count.prompt_details.cache_read": 200,
        "llm.token_count.completion": 5,
    }
    beside = read({"openinference.span.kind": "LLM", **cached, "llm.token_count.total": 1205})
    assert beside.usage == Usage(1200, 5, 200)
    assert beside.notes
    assert read({"openinference.span.kind": "LLM", **cached, "llm.token_count.total": 1005}).usage == Usage(
        1000, 5, 200
    )


def test_the_arithmetic_is_told_in_words() -> None:
    usage = Usage(1888, 120, cache_read_tokens=512, cache_write_tokens=1024, reasoning_tokens=80)
    assert usage.words == (
        "1,888 in = 352 fresh + 1,024 cache write + 512 cache read, 120 out = 40 answer + 80 reasoning"
    )
    assert Usage(None, None).words == "input unknown, output unknown"


def test_calls_without_usage_have_none() -> None:
    assert read(CHAT).usage is None
    assert read({**CHAT, "gen_ai.usage.cost": 0}).usage is None
    assert read({**CHAT, "gen_ai.usage.cost": 0.25}).usage == Usage(reported_cost=0.25)


@pytest.mark.parametrize(
    "told",
    [
        {"gen_ai.prompt.name": "greet", "gen_ai.prompt.version": "3"},
        {"langfuse.observation.prompt.name": "greet", "langfuse.observation.prompt.version": 3},
        {"openinference.span.kind": "LLM", "prompt.id": "greet", "llm.prompt_template.version": "3"},
        {"traceloop.prompt.key": "greet", "traceloop.prompt.version": 3},
        {"langsmith.metadata.lc_hub_repo": "greet", "langsmith.metadata.lc_hub_commit_hash": "3"},
        {"mlflow.linkedPrompts": json.dumps([{"name": "greet", "version": "3"}, {"name": "other", "version": "1"}])},
        {"ai.telemetry.metadata.langfusePrompt": json.dumps({"name": "greet", "version": 3})},
    ],
    ids=lambda told: next(iter(told)),
)
def test_the_prompt_of_a_registry_is_named_with_its_version(told: dict[str, Any]) -> None:
    call = read({**CHAT, **told})
    assert (call.prompt_name, call.prompt_version) == ("greet", "3")


def test_a_prompt_that_is_not_named_is_unknown() -> None:
    call = read({**CHAT, "gen_ai.prompt.name": 7, "gen_ai.prompt.version": True, "mlflow.linkedPrompts": "[[]]"})
    assert (call.prompt_name, call.prompt_version) == (None, None)
