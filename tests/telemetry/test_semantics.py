"""What attributes mean, in the shapes that real instrumentations send."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry import conventions, otlp_json
from junjo_desktop.telemetry.columns import SPAN_COLUMNS
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.otlp_json import read_attributes
from junjo_desktop.telemetry.semantics import JUNJO_RUNTIME_IDS, Meaning, Reading, meaning_of
from tests.support import otlp
from tests.support.otlp_strategies import attributes
from tests.telemetry.stored import PATIENT, decoded

SPAN_TYPES = {
    *conventions.JUNJO_TYPES.values(),
    *conventions.KIND_WORDS.values(),
    *(kind for _, kind in conventions.KIND_BY_PRESENCE),
    "pending",
    "span",
}

Attributes = Mapping[str, otlp.Value]

OPENINFERENCE_LLM: Attributes = {
    "openinference.span.kind": "LLM",
    "llm.provider": "openai",
    "llm.system": "openai",
    "llm.model_name": "gpt-4o-2024-08-06",
    "llm.invocation_parameters": '{"temperature": 0.2}',
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.content": "hi",
    "llm.token_count.prompt": 12,
    "llm.token_count.completion": 5,
    "llm.token_count.total": 17,
}
GENAI_CHAT: Attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.response.model": "claude-sonnet-4-5-20250929",
    "gen_ai.usage.input_tokens": 2085,
    "gen_ai.usage.output_tokens": 64,
    "server.address": "api.anthropic.com",
}
TRACELOOP_LEGACY: Attributes = {
    "gen_ai.system": "OpenAI",
    "llm.request.type": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.prompt.0.role": "user",
    "gen_ai.usage.prompt_tokens": 8,
    "gen_ai.usage.completion_tokens": 9,
    "llm.usage.total_tokens": 17,
}
VERCEL_INNER: Attributes = {
    "operation.name": "ai.generateText.doGenerate",
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.id": "gpt-4o",
    "ai.model.provider": "openai.chat",
    "gen_ai.system": "openai.chat",
    "ai.usage.promptTokens": 10.0,
    "ai.usage.completionTokens": 4.0,
}
LANGSMITH_CHAT: Attributes = {
    "langsmith.span.kind": "llm",
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.usage.input_tokens": 3,
    "gen_ai.usage.output_tokens": 1,
}
LANGFUSE_GENERATION: Attributes = {
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "gpt-4o",
    "langfuse.observation.usage_details": '{"input": 7, "output": 2, "total": 9}',
}
MLFLOW_CHAT_MODEL: Attributes = {
    "mlflow.spanType": '"CHAT_MODEL"',
    "mlflow.llm.model": "gpt-4o",
    "mlflow.chat.tokenUsage": '{"input_tokens": 21, "output_tokens": 6, "total_tokens": 27}',
}
JUNJO_MODEL_REQUEST: Attributes = {
    "junjo.telemetry.contract_version": 2,
    "junjo.agent.operation_type": "model_request",
    "junjo.agent.model.provider": "openai",
    "junjo.agent.model.name": "gpt-4o",
    "junjo.agent.model.usage": '{"v":1,"inputTokens":10,"outputTokens":4,"totalTokens":14}',
}


def meaning(attributes_: Attributes) -> Meaning:
    return meaning_of(read_attributes(otlp.key_values(attributes_))[0])


def is_error(span: OtlpSpan) -> object:
    (row,) = decoded(Signal.TRACES, otlp.trace_request(span)).spans
    return row[SPAN_COLUMNS.index("is_error")]


@pytest.mark.parametrize(
    ("sent", "provider", "model", "tokens"),
    [
        (OPENINFERENCE_LLM, "openai", "gpt-4o-2024-08-06", (12, 5)),
        (GENAI_CHAT, "anthropic", "claude-sonnet-4-5-20250929", (2085, 64)),
        (TRACELOOP_LEGACY, "openai", "gpt-4o", (8, 9)),
        (VERCEL_INNER, "openai", "gpt-4o", (10, 4)),
        (LANGSMITH_CHAT, "openai", "gpt-4o-mini", (3, 1)),
        (LANGFUSE_GENERATION, None, "gpt-4o", (7, 2)),
        (MLFLOW_CHAT_MODEL, None, "gpt-4o", (21, 6)),
        (JUNJO_MODEL_REQUEST, "openai", "gpt-4o", (10, 4)),
    ],
    ids=["openinference", "genai", "traceloop", "vercel", "langsmith", "langfuse", "mlflow", "junjo"],
)
def test_a_model_call_is_recognised(
    sent: Attributes, provider: str | None, model: str, tokens: tuple[int, int]
) -> None:
    call = meaning(sent)
    assert call.span_type == "llm"
    assert (call.llm_provider, call.llm_model) == (provider, model)
    assert (call.input_tokens, call.output_tokens) == tokens


@pytest.mark.parametrize(
    ("sent", "span_type"),
    [
        ({"openinference.span.kind": "EMBEDDING", "embedding.model_name": "e5"}, "embedding"),
        ({"openinference.span.kind": "RETRIEVER"}, "retrieval"),
        ({"openinference.span.kind": "RERANKER", "reranker.model_name": "r1"}, "rerank"),
        ({"openinference.span.kind": "TOOL", "tool.name": "lookup"}, "tool"),
        ({"openinference.span.kind": "AGENT"}, "agent"),
        ({"openinference.span.kind": "CHAIN"}, "chain"),
        ({"openinference.span.kind": "GUARDRAIL"}, "guardrail"),
        ({"openinference.span.kind": "EVALUATOR"}, "evaluation"),
        ({"gen_ai.operation.name": "text_completion"}, "llm"),
        ({"gen_ai.operation.name": "generate_content"}, "llm"),
        ({"gen_ai.operation.name": "embeddings"}, "embedding"),
        ({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup"}, "tool"),
        ({"gen_ai.operation.name": "invoke_agent"}, "agent"),
        ({"gen_ai.operation.name": "invoke_workflow"}, "workflow"),
        ({"gen_ai.operation.name": "retrieval"}, "retrieval"),
        ({"gen_ai.operation.name": "never heard of", "gen_ai.request.model": "m"}, "llm"),
        ({"gen_ai.tool.name": "lookup", "tool_arguments": "{}"}, "tool"),
        ({"traceloop.span.kind": "workflow"}, "workflow"),
        ({"traceloop.span.kind": "task"}, "chain"),
        ({"llm.request.type": "embedding"}, "embedding"),
        ({"ai.operationId": "ai.generateText", "ai.model.id": "m"}, "chain"),
        ({"ai.operationId": "ai.embed.doEmbed"}, "embedding"),
        ({"ai.operationId": "ai.toolCall"}, "tool"),
        ({"mlflow.spanType": '"RETRIEVER"'}, "retrieval"),
        ({"langfuse.observation.type": "span", "http.request.method": "GET"}, "http"),
        ({"junjo.span_type": "workflow"}, "workflow"),
        ({"junjo.span_type": "subflow"}, "subflow"),
        ({"junjo.span_type": "node"}, "node"),
        ({"junjo.span_type": "run_concurrent"}, "concurrent"),
        ({"junjo.span_type": "agent"}, "agent"),
        ({"junjo.agent.operation_type": "tool"}, "tool"),
        ({"junjo.evaluation.role": "judge"}, "evaluation"),
        ({"db.system": "postgresql", "server.address": "db"}, "database"),
        ({"db.system.name": "duckdb"}, "database"),
        ({"http.request.method": "POST", "url.full": "https://example.org"}, "http"),
        ({"http.method": "GET"}, "http"),
        ({"rpc.system": "grpc", "rpc.method": "Export"}, "rpc"),
        ({"messaging.system": "kafka"}, "messaging"),
        ({"logfire.span_type": "pending_span", "gen_ai.operation.name": "chat"}, "pending"),
        ({"model_name": "m", "all_messages_events": "[]", "gen_ai.usage.input_tokens": 7}, "agent"),
        ({"app.anything": 1}, "span"),
        ({}, "span"),
    ],
)
def test_a_span_is_called_what_it_does(sent: Attributes, span_type: str) -> None:
    assert meaning(sent).span_type == span_type
    assert span_type in SPAN_TYPES


@pytest.mark.parametrize(
    "kind",
    [
        {"gen_ai.operation.name": "invoke_agent"},
        {"openinference.span.kind": "CHAIN"},
        {"openinference.span.kind": "AGENT"},
        {"traceloop.span.kind": "workflow"},
        {"langsmith.span.kind": "chain"},
        {"ai.operationId": "ai.generateText"},
        {"junjo.span_type": "agent"},
    ],
)
def test_what_only_adds_up_its_calls_is_no_call(kind: Attributes) -> None:
    usage: Attributes = {"gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 100}
    around = meaning({**usage, **kind})
    assert around.span_type not in conventions.MODEL_CALLS
    assert (around.llm_model, around.input_tokens) == (None, None)


def test_a_call_written_on_the_node_around_it_is_still_a_call() -> None:
    node = meaning({"junjo.span_type": "node", "junjo.executable_runtime_id": "n1", **TRACELOOP_LEGACY})
    assert (node.span_type, node.junjo_span_type, node.junjo_runtime_id) == ("llm", "node", "n1")
    assert node.input_tokens == 8


def test_junjo_identity_is_read_in_every_generation() -> None:
    assert meaning({"junjo.span_type": "node", "junjo.id": "old"}).junjo_runtime_id == "old"
    both = {"junjo.span_type": "node", "junjo.id": "old", "junjo.executable_runtime_id": "new"}
    assert meaning(both).junjo_runtime_id == "new"
    assert meaning({"junjo.span_type": "later kind"}).junjo_span_type == "later kind"


@pytest.mark.parametrize(
    ("sent", "tokens"),
    [
        (12, 12),
        (0, 0),
        (12.0, 12),
        ("12", 12),
        (-1, None),
        (12.5, None),
        (10**13, None),
        (math.nan, None),
        (True, None),
        ("many", None),
        ("١٢", None),
        ("9" * 5000, None),
        (["12"], None),
        (None, None),
    ],
)
def test_tokens_are_a_plain_count_or_nothing(sent: otlp.Value, tokens: int | None) -> None:
    assert meaning({"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": sent}).input_tokens == tokens


def test_the_next_alias_answers_when_the_first_is_useless() -> None:
    call = meaning({"openinference.span.kind": "LLM", "gen_ai.usage.input_tokens": -5, "llm.token_count.prompt": 5})
    assert call.input_tokens == 5


@pytest.mark.parametrize("usage", ["{", "[]", "7", '{"input": "x"}', '{"other": 1}'])
def test_usage_that_is_not_the_expected_json_says_nothing(usage: str) -> None:
    call = meaning({"langfuse.observation.type": "generation", "langfuse.observation.usage_details": usage})
    assert call.input_tokens is None


def test_duplicate_keys_still_have_a_meaning() -> None:
    twice = otlp.key_values({"gen_ai.operation.name": "invoke_agent"}) + otlp.key_values(GENAI_CHAT)
    assert meaning_of(read_attributes(twice)[0]).span_type == "llm"


@PATIENT
@given(attributes)
def test_whatever_is_sent_means_something_known(key_values: list[KeyValue]) -> None:
    found = meaning_of(read_attributes(key_values)[0])
    assert found.span_type in SPAN_TYPES
    assert all(tokens is None or tokens >= 0 for tokens in (found.input_tokens, found.output_tokens))


def test_an_error_is_a_status_an_error_type_or_an_exception() -> None:
    by_event, by_hook, ok = otlp.span(), otlp.span(), otlp.span()
    by_event.events.add(name="exception")
    by_hook.events.add(name="junjo.hook_error").attributes.extend(otlp.key_values({"exception.type": "ValueError"}))
    ok.status.SetInParent()
    assert is_error(otlp.span(error="boom")) is True
    assert is_error(otlp.span(attributes={"error.type": "KeyError"})) is True
    assert is_error(by_event) is True
    assert is_error(by_hook) is False
    assert is_error(otlp.span(attributes={"junjo.cancelled": True})) is False
    assert is_error(otlp.span(attributes={"error.type": ""})) is False
    assert is_error(ok) is False


_TELLING_KEYS = (
    "junjo.span_type",
    *JUNJO_RUNTIME_IDS,
    "error.type",
    "logfire.span_type",
    *conventions.KIND_KEYS,
    *conventions.PROVIDER_KEYS,
    *conventions.MODEL_KEYS,
    *(key for key, _ in (*conventions.KIND_BY_PRESENCE, *conventions.INPUT_TOKENS, *conventions.OUTPUT_TOKENS)),
)
_telling_values: st.SearchStrategy[otlp_json.Plain] = st.one_of(
    st.sampled_from(("node", "workflow", "LLM", "chat", "openai.chat", "", "7", '{"input": 3}', "pending_span")),
    st.integers(-1, 3),
    st.sampled_from((True, False, 1.0, None)),
    st.just([]),
)


@PATIENT
@given(
    st.sets(st.sampled_from(_TELLING_KEYS), max_size=8).flatmap(
        lambda keys: st.lists(
            st.fixed_dictionaries(dict.fromkeys(sorted(keys), _telling_values)), min_size=1, max_size=6
        )
    )
)
def test_many_spans_with_the_same_keys_mean_what_each_alone_does(spans_: list[otlp_json.Attributes]) -> None:
    reading = Reading(frozenset(spans_[0]))
    for sent in [*spans_, *spans_]:
        assert reading.meaning(sent) == meaning_of(sent)
        assert isinstance(reading.meaning(sent), Meaning)
