"""A span of a call, a tool or a search reads as what it is."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.llm.prices.kept_cost import KeptCost
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.inspector.reading import SpanReading, read_span
from tests.captures.load import Capture
from tests.telemetry.llm.spans import span_with


def calling_spans(capture: Capture) -> list[Span]:
    return [span for span in capture.spans if read_call(span, capture.logs) is not None]


def reading_of(span: Span, capture: Capture | None = None, kept: KeptCost | None = None) -> SpanReading:
    found = read_span(span, () if capture is None else capture.logs, kept)
    assert found is not None
    return found


def told(entry: Entry) -> str:
    return "\n".join(f"{part.label} {part.whole()}".strip() for part in entry.parts)


def facts(reading: SpanReading) -> dict[str, str]:
    return {fact.label: fact.value for fact in reading.facts}


@pytest.mark.parametrize("package", ["openinference-openai", "openinference-anthropic"])
def test_tool_calls_stand_with_their_results(package: str) -> None:
    capture = Capture(package, "tools")
    span = max(calling_spans(capture), key=lambda span: len(span.attributes))
    entries = reading_of(span, capture).entries
    said = [entry for entry in entries if entry.tag in ("user", "assistant", "tool")]
    assert [entry.tag for entry in said] == ["user", "assistant", "tool", "tool", "assistant"]
    assert [entry.title for entry in said if entry.tag == "tool"] == ["get_weather", "get_weather"]
    assert "Oslo" in told(said[2])
    assert "rain" in told(said[2])
    assert "Rome" in told(said[3])
    assert "sun" in told(said[3])


def test_facts_and_the_arithmetic_of_a_call() -> None:
    capture = Capture("openinference-openai", "chat")
    (span,) = calling_spans(capture)
    reading = reading_of(span, capture)
    assert reading.title == "Conversation"
    assert facts(reading)["Model"].startswith("openai · gpt-4o-mini → gpt-4o-mini-")
    assert facts(reading)["Cost"].startswith("$0.00")
    cost = next(entry for entry in reading.entries if entry.tag == "cost")
    assert " fresh at $0.15 a million" in told(cost)
    assert "price table litellm" in told(cost)


def test_the_cost_that_is_kept_is_shown_and_that_prices_are_others_now() -> None:
    capture = Capture("openinference-openai", "chat")
    (span,) = calling_spans(capture)
    reading = reading_of(span, capture, KeptCost(1.5, "table", "gpt-4o-mini", "litellm 0.1", is_counted=False))
    assert (facts(reading)["Cost"], facts(reading)["Counted"]) == ("$1.50", "no")
    cost = next(entry for entry in reading.entries if entry.tag == "cost")
    assert "computed by litellm 0.1" in told(cost)
    assert "not counted" in told(cost)


def test_an_own_price_is_named_as_such() -> None:
    usage = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5}
    asked = span_with({"gen_ai.operation.name": "chat", "gen_ai.request.model": "home", **usage})
    own = {"home": {"input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6}}
    kept = KeptCost(4e-5, "own", "home", None, own_prices=own)
    cost = next(entry for entry in reading_of(asked, kept=kept).entries if entry.tag == "cost")
    assert "your own price of home" in told(cost)
    assert "unpriced" in facts(reading_of(asked))["Cost"]


def test_content_that_was_not_captured_names_the_switch() -> None:
    capture = Capture("otel-openai-v2", "unseen")
    entries = reading_of(calling_spans(capture)[0], capture).entries
    assert "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT" in told(entries[0])


def test_texts_that_were_embedded_and_how_long_their_vectors_are() -> None:
    capture = Capture("openinference-openai", "embedding")
    reading = reading_of(calling_spans(capture)[0], capture)
    assert reading.title == "Texts"
    assert [told(entry) for entry in reading.entries if entry.tag == "text"] == capture.exchanges[0]["texts"]
    assert "dimensions" in told(reading.entries[0])


def test_a_search_tells_its_documents_with_their_scores() -> None:
    span = span_with(
        {
            "openinference.span.kind": "RETRIEVER",
            "input.value": "where is tea",
            "retrieval.documents.0.document.content": "Tea is on shelf 3.",
            "retrieval.documents.0.document.score": 0.75,
        }
    )
    reading = reading_of(span)
    assert (reading.title, reading.call) == ("Documents", None)
    query, document = reading.entries
    assert (told(query), told(document), document.facts) == ("where is tea", "Tea is on shelf 3.", "1 · score 0.75")


def test_a_tool_tells_arguments_and_result() -> None:
    span = span_with(
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find", "gen_ai.tool.call.arguments": '{"q":1}'}
    )
    tool, result = reading_of(span).entries
    assert (tool.title, told(tool), told(result)) == ("find", 'Arguments {\n  "q": 1\n}', "No result told.")


def test_a_message_of_ten_megabytes_is_folded_and_kept_whole() -> None:
    text = "word " * 2_000_000
    span = span_with({"gen_ai.operation.name": "chat", "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": text})
    (part,) = next(entry for entry in reading_of(span).entries if entry.tag == "user").parts
    assert part.is_cut
    assert len(part.shown) < 2_000
    assert part.whole() == text


def test_what_is_of_no_such_kind_has_no_reading() -> None:
    assert read_span(span_with({"http.request.method": "GET"})) is None
