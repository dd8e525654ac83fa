"""Whatever stands under the known keys, reading never raises and never loses what was sent."""

from __future__ import annotations

import base64
import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.llm.call_json import call_json
from junjo_desktop.telemetry.llm.parts import MediaPart, TextPart, UnknownPart
from junjo_desktop.telemetry.llm.prices.cost import cost_of
from junjo_desktop.telemetry.llm.prices.table import PriceTable
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.llm.step_reading import read_agent_step, read_embedding, read_retrieval, read_tool_call
from junjo_desktop.telemetry.llm.values import compacted, cut_off
from tests.captures.load import captures
from tests.telemetry.llm.spans import log_with, span_with
from tests.telemetry.stored import PATIENT

MODEST = settings(PATIENT, max_examples=40)
TABLE = PriceTable({"gpt-4o-mini": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}}, "1")
READERS = (read_call, read_tool_call, read_retrieval, read_embedding, read_agent_step)


def _attributes_of_captures() -> list[dict[str, Any]]:
    return [dict(span.attributes_json) for capture in captures() for span in capture.spans]


SENT = _attributes_of_captures()
KEYS = sorted({key for attributes in SENT for key in attributes if not key.startswith("metadata.")})
KINDS: list[dict[str, Any]] = [
    {"gen_ai.operation.name": "chat"},
    {"gen_ai.operation.name": "embeddings"},
    {"gen_ai.operation.name": "retrieval"},
    {"openinference.span.kind": "LLM"},
    {"openinference.span.kind": "TOOL"},
    {"openinference.span.kind": "AGENT"},
    {"ai.operationId": "ai.generateText.doGenerate"},
    {"langfuse.observation.type": "generation"},
    {"mlflow.spanType": '"CHAT_MODEL"'},
    {"junjo.agent.operation_type": "model_request"},
]
EXTRA = (
    "ai.prompt.messages",
    "ai.prompt",
    "ai.prompt.tools",
    "ai.response.toolCalls",
    "ai.response.object",
    "gcp.vertex.agent.llm_request",
    "gcp.vertex.agent.llm_response",
    "junjo.agent.model.request",
    "junjo.agent.model.response",
    "junjo.agent.model.usage",
    "request_data",
    "response_data",
    "gen_ai.prompt.0.content",
    "gen_ai.prompt.9.tool_calls.x.name",
    "gen_ai.completion.99999999999.content",
    "llm.input_messages.3.message.contents.7.message_content.image.image.url",
    "retrieval.documents.0.document.score",
)
WORDS = st.sampled_from(
    [
        *("role", "parts", "content", "type", "text", "tool_call", "tool_result", "image_url", "messages", "choices"),
        *("message", "id", "name", "arguments", "function", "lc", "constructor", "kwargs", "generations", "usage"),
        *("input", "output", "model", "tools", "system", "source", "data", "url", "response", "cache_creation"),
    ]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text() | WORDS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4)
)


def _is_json(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


SENDABLE = VALUES.filter(_is_json)


def _read_all(attributes: dict[str, Any], **more: Any) -> None:
    span = span_with(attributes, **more)
    for read in READERS:
        read(span)
    call = read_call(span)
    if call is not None:
        json.dumps(call_json(call))
        cost_of(call, TABLE, duration_ns=1)
    assert span.attributes_json == attributes


@MODEST
@given(kind=st.sampled_from(KINDS), told=st.dictionaries(st.sampled_from([*KEYS, *EXTRA]), SENDABLE, max_size=8))
def test_any_value_under_a_known_key_is_taken(kind: dict[str, Any], told: dict[str, Any]) -> None:
    _read_all({**kind, **told})


@MODEST
@given(kind=st.sampled_from(KINDS), told=st.dictionaries(st.sampled_from([*KEYS, *EXTRA]), SENDABLE, max_size=8))
def test_any_value_as_json_text_under_a_known_key_is_taken(kind: dict[str, Any], told: dict[str, Any]) -> None:
    _read_all({**kind, **{key: json.dumps(value) for key, value in told.items()}})


@MODEST
@given(data=st.data())
def test_what_was_sent_may_be_cut_changed_or_missing(data: st.DataObject) -> None:
    attributes = dict(data.draw(st.sampled_from(SENT)))
    for key in data.draw(st.lists(st.sampled_from(sorted(attributes)), max_size=4)) if attributes else ():
        value = attributes.get(key)
        change = data.draw(st.sampled_from(["cut", "drop", "other"]))
        if change == "drop":
            attributes.pop(key, None)
        elif change == "cut" and isinstance(value, str):
            attributes[key] = value[: data.draw(st.integers(0, len(value)))]
        else:
            attributes[key] = data.draw(SENDABLE)
    _read_all(attributes)


@MODEST
@given(body=SENDABLE, name=st.sampled_from(["gen_ai.user.message", "gen_ai.choice", "gen_ai.tool.message"]))
def test_any_body_of_an_event_is_taken(body: Any, name: str) -> None:
    span = span_with({"gen_ai.operation.name": "chat"}, events=[(name, {"content": body, "message": body})])
    assert read_call(span, [log_with(name, body)]) is not None


@MODEST
@given(message=st.dictionaries(WORDS | st.text(max_size=5), SENDABLE, min_size=1, max_size=5))
def test_every_message_shows_something_of_itself(message: dict[str, Any]) -> None:
    call = read_call(span_with({"gen_ai.operation.name": "chat", "gen_ai.input.messages": [message]}))
    assert call is not None
    shown = [*call.system_instructions, *call.input_messages]
    is_message = {"role", "content", "parts"} & set(message)
    assert shown or is_message


@pytest.mark.parametrize("depth", [50, 300, 900])
@pytest.mark.parametrize("key", ["message", "parts", "content", "data", "messages", "function", "summary"])
def test_nesting_of_any_depth_is_taken(depth: int, key: str) -> None:
    text = f'{{"type":"reasoning","{key}":' * depth + "1" + "}" * depth
    for name in ("gen_ai.input.messages", "gen_ai.tool.definitions", "input.value", "output.value", "request_data"):
        _read_all({"gen_ai.operation.name": "chat", "openinference.span.kind": "LLM", "logfire.msg": "", name: text})


def test_ten_megabytes_are_taken() -> None:
    text = "x" * 10_000_000
    whole = json.dumps([{"role": "user", "content": text}])
    call = read_call(span_with({"gen_ai.operation.name": "chat", "gen_ai.input.messages": whole}))
    assert call is not None
    assert call.input_messages[0].parts == (TextPart(text),)
    cut = read_call(span_with({"gen_ai.operation.name": "chat", "gen_ai.input.messages": whole[:-4]}))
    assert cut is not None
    assert cut.input_messages


TEN_MEGABYTES = "x" * 10_000_000


@pytest.mark.parametrize(
    "key",
    [
        *("gen_ai.input.messages", "gen_ai.prompt", "gen_ai.prompt.0.content", "gen_ai.content.prompt", "events"),
        *("input.value", "llm.input_messages.0.message.content", "ai.prompt.messages", "langfuse.observation.input"),
        *("mlflow.spanInputs", "request_data", "gcp.vertex.agent.llm_request", "junjo.agent.model.request"),
        *("gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.tool.definitions", "hidden_params"),
        *("metadata.usage_object", "langfuse.observation.usage_details", "mlflow.spanOutputs", "mlflow.linkedPrompts"),
    ],
)
def test_ten_megabytes_under_any_key_are_taken(key: str) -> None:
    for sent in (TEN_MEGABYTES, f'{{"messages":[{{"role":"user","content":"{TEN_MEGABYTES}'):
        span = span_with({"gen_ai.operation.name": "chat", "openinference.span.kind": "LLM", key: sent})
        assert read_call(span) is not None
        assert span.attributes_json[key] == sent


@MODEST
@given(numbers=st.lists(st.integers(0, 10**8), min_size=1, max_size=6, unique=True), data=st.data())
def test_messages_with_missing_indexes_are_all_there_in_order(numbers: list[int], data: st.DataObject) -> None:
    keys = ("llm.input_messages.{}.message.content", "gen_ai.prompt.{}.content")
    key = data.draw(st.sampled_from(keys))
    told = {key.format(number): f"Number {number}" for number in numbers}
    call = read_call(span_with({"gen_ai.operation.name": "chat", **told}))
    assert call is not None
    shown = [part.text for message in call.input_messages for part in message.parts if isinstance(part, TextPart)]
    assert shown == [f"Number {number}" for number in sorted(numbers)]


def test_attributes_that_are_damaged_or_sent_twice_are_taken() -> None:
    assert read_call(span_with("no JSON")) is None
    twice = '{"kvlistValue":[{"key":"gen_ai.operation.name","value":"chat"},{"key":"a","value":1},{"key":"a"}]}'
    assert read_call(span_with(twice)) is not None


def test_bytes_in_a_structure_are_the_data_of_a_part() -> None:
    data = base64.b64encode(b"\x00\xff").decode()
    part = {"type": "blob", "mime_type": "image/png", "modality": "image", "content": {"bytesValue": data}}
    messages = [{"role": "user", "parts": [part]}]
    call = read_call(span_with({"gen_ai.operation.name": "chat", "gen_ai.input.messages": messages}))
    assert call is not None
    assert call.input_messages[0].parts == (MediaPart("image", "image/png", data),)


@MODEST
@given(value=st.lists(SENDABLE, min_size=1, max_size=3), data=st.data())
def test_a_cut_off_end_never_raises_more_than_that_it_is_none(value: list[Any], data: st.DataObject) -> None:
    text = json.dumps(value)
    end = data.draw(st.integers(1, len(text)))
    try:
        found, is_cut = cut_off(text[:end])
    except ValueError:
        return
    assert isinstance(found, list)
    assert is_cut == (end < len(text))


@pytest.mark.parametrize(
    "text", ['{"a": 12345678901234567890}', '{"a": 1e400}', '{"a": 0.1234567890123456789}', "{not json"]
)
def test_numbers_that_could_change_are_left_as_they_were_sent(text: str) -> None:
    assert compacted(text) == text


def test_what_cannot_be_written_as_json_is_still_shown() -> None:
    text = '{"type":"odd","deep":' + "[" * 600 + "]" * 600 + "}"
    call = read_call(span_with({"gen_ai.operation.name": "chat", "gen_ai.input.messages": f"[{text}]"}))
    assert call is not None
    (part,) = call.input_messages[0].parts
    assert isinstance(part, UnknownPart)
    assert "odd" in part.json_text
