"""Tools, searches, embeddings and agents are read from their spans."""

from __future__ import annotations

import json
from typing import Any

import pytest

from junjo_desktop.telemetry.llm.call import DataPart, Message, TextPart, ToolCallPart
from junjo_desktop.telemetry.llm.step_reading import read_agent_step, read_embedding, read_retrieval, read_tool_call
from junjo_desktop.telemetry.llm.steps import AgentStep, Document, Embedding, ToolCall
from tests.captures.load import Capture
from tests.recordings.load import recording
from tests.support.provider.script import HELLO, SYSTEM, TEXTS, WEATHER
from tests.telemetry.llm.spans import span_with

RESULTS = ('{"celsius":4,"sky":"rain"}', '{"celsius":21,"sky":"sun"}')
WITH_IDS = (
    "langsmith",
    "openinference-langchain",
    "pydantic-ai",
    "pydantic-ai-0.8",
    "strands",
    "traceloop-langchain",
    "vercel-ai",
)
WITHOUT_IDS = ("openinference-openai-agents", "otel-genai-openai-agents")


def tools_of(package: str) -> list[ToolCall]:
    capture = Capture(package, "tools")
    return [tool for span in capture.spans if (tool := read_tool_call(span, capture.logs)) is not None]


@pytest.mark.parametrize("package", [*WITH_IDS, *WITHOUT_IDS])
def test_a_tool_is_read_with_what_it_was_given_and_gave_back(package: str) -> None:
    tools = tools_of(package)
    assert [tool.name for tool in tools] == ["get_weather"] * 2
    assert [tool.result for tool in tools] == [(DataPart(text),) for text in RESULTS]
    for tool, city in zip(tools, ("Oslo", "Rome"), strict=True):
        assert tool.arguments_text in {f'{{"city":"{city}"}}', city}


@pytest.mark.parametrize("package", WITH_IDS)
def test_a_tool_has_the_id_of_the_call_that_asked_for_it(package: str) -> None:
    assert [tool.id for tool in tools_of(package)] == ["call_0010", "call_0011"]


def test_a_tool_of_a_junjo_agent() -> None:
    tools = [read_tool_call(span) for span in recording("0.68.0", "agent_bad_arguments").spans()]
    (tool,) = [tool for tool in tools if tool is not None]
    assert (tool.name, tool.id, tool.arguments_text, tool.result) == ("measure", "c1", '{"start":"Lyon"}', ())
    assert tool.error is not None
    assert tool.error.type == "AgentToolInputValidationError"


def test_a_tool_of_the_vercel_ai_sdk() -> None:
    tool = read_tool_call(
        span_with(
            {
                "ai.operationId": "ai.toolCall",
                "ai.toolCall.name": "f",
                "ai.toolCall.id": "c",
                "ai.toolCall.args": '{"a": 1}',
                "ai.toolCall.result": '"fine"',
            }
        )
    )
    assert tool is not None
    assert (tool.name, tool.id, tool.arguments_text, tool.result) == ("f", "c", '{"a":1}', (TextPart("fine"),))


@pytest.mark.parametrize(
    "package", ["openinference-openai", "traceloop-openai", "mlflow", "langfuse", "openlit-openai"]
)
def test_the_texts_of_an_embedding_are_read(package: str) -> None:
    assert _embedding(package).texts == TEXTS


@pytest.mark.parametrize("package", ["otel-openai-v2", "otel-genai-openai", "openinference-openai", "vercel-ai"])
def test_the_length_of_the_vectors_is_read(package: str) -> None:
    assert _embedding(package).dimensions == 4


def _embedding(package: str) -> Embedding:
    (embedding,) = [
        found for span in Capture(package, "embedding").spans if (found := read_embedding(span)) is not None
    ]
    assert embedding.call.usage is not None
    assert embedding.call.usage.input_tokens == sum(len(text) // 4 for text in TEXTS)
    return embedding


def test_a_search_has_its_query_and_its_documents() -> None:
    flat = {
        "openinference.span.kind": "RETRIEVER",
        "input.value": "How far?",
        "retrieval.documents.0.document.id": "d0",
        "retrieval.documents.0.document.content": "Far.",
        "retrieval.documents.0.document.score": 0.5,
        "retrieval.documents.0.document.metadata": '{"page": 3}',
        "retrieval.documents.10.document.content": "Near.",
    }
    found = read_retrieval(span_with(flat))
    assert found is not None
    assert found.query == "How far?"
    assert found.documents == (Document("d0", "Far.", 0.5, {"page": 3}), Document(content="Near."))


def test_a_search_may_be_told_in_opentelemetrys_words() -> None:
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.retrieval.query.text": "How far?",
        "gen_ai.retrieval.documents": json.dumps([{"id": "d0", "score": 0.25}, {"id": 7, "content": "Near."}, "Far."]),
        "gen_ai.retrieval.top_k": 3,
        "gen_ai.data_source.id": "roads",
    }
    found = read_retrieval(span_with(attributes))
    assert found is not None
    assert (found.query, found.top_k, found.data_source_id) == ("How far?", 3, "roads")
    assert found.documents == (Document("d0", score=0.25), Document("7", "Near."), Document(content="Far."))


def test_a_rerank_has_the_documents_that_are_left() -> None:
    attributes = {
        "openinference.span.kind": "RERANKER",
        "reranker.query": "How far?",
        "reranker.model_name": "rank-1",
        "reranker.top_k": 1,
        "reranker.input_documents.0.document.content": "Near.",
        "reranker.output_documents.0.document.content": "Far.",
    }
    found = read_retrieval(span_with(attributes))
    assert found is not None
    assert (found.query, found.model, found.top_k, found.documents) == (
        "How far?",
        "rank-1",
        1,
        (Document(content="Far."),),
    )


def _agents(package: str, scenario: str) -> list[AgentStep]:
    capture = Capture(package, scenario)
    return [step for span in capture.spans if (step := read_agent_step(span, capture.logs)) is not None]


@pytest.mark.parametrize(("package", "name"), [("pydantic-ai", "agent"), ("strands", "Strands Agents")])
def test_an_agent_has_what_it_was_asked_and_what_it_answered(package: str, name: str) -> None:
    agent = _agents(package, "chat")[0]
    assert agent.name == name
    assert agent.system_instructions == (TextPart(SYSTEM),)
    assert agent.input_messages == (Message("user", (TextPart(HELLO),)),)
    ((part,),) = [message.parts for message in agent.output_messages]
    assert isinstance(part, TextPart)
    assert part.text.strip() == "Take the train to Flåm, and the boat back."


def test_an_agent_shows_the_tools_that_it_used() -> None:
    agent = _agents("pydantic-ai", "tools")[0]
    asked, calls, *results = agent.input_messages
    assert asked == Message("user", (TextPart(WEATHER),))
    assert [part.id for part in calls.parts if isinstance(part, ToolCallPart)] == ["call_0010", "call_0011"]
    assert [message.role for message in results] == ["tool", "tool"]


def test_spans_of_other_kinds_are_none_of_these() -> None:
    span = span_with({"gen_ai.operation.name": "chat"})
    assert [read(span) for read in (read_tool_call, read_retrieval, read_embedding, read_agent_step)] == [None] * 4
