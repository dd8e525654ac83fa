"""What is read of a span when it arrives (`semantics`) agrees with the whole reading of its call, but where noted."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.conventions import MODEL_CALLS
from junjo_desktop.telemetry.llm.reading import read_call
from tests.captures.load import Capture, captures

_IN_THE_ANSWER = {"model": "the model that answered is only within the whole answer"}
APART: dict[tuple[str, str], dict[str, str]] = {
    ("langsmith", "*"): _IN_THE_ANSWER,
    ("openinference-langchain", "stream"): _IN_THE_ANSWER,
    ("openinference-litellm", "embedding"): {"provider": "it is only within the parameters"},
    ("openinference-openai", "error"): {"model": "it is only within the parameters"},
}


def _apart(capture: Capture) -> dict[str, str]:
    return APART.get((capture.package, "*"), {}) | APART.get((capture.package, capture.scenario), {})


def _differences(capture: Capture) -> set[str]:
    found: set[str] = set()
    for span in capture.spans:
        call = read_call(span, capture.logs)
        assert (span.span_type in MODEL_CALLS) == (call is not None)
        if call is not None:
            input_tokens = call.usage and call.usage.input_tokens
            output_tokens = call.usage and call.usage.output_tokens
            told = {
                "provider": (span.llm_provider, call.provider),
                "model": (span.llm_model, call.model),
                "tokens": ((span.input_tokens, span.output_tokens), (input_tokens, output_tokens)),
            }
            found |= {field for field, (quick, whole) in told.items() if quick != whole}
    return found


@pytest.mark.parametrize("capture", captures(), ids=str)
def test_a_call_is_read_alike_when_it_arrives_and_when_it_is_read_whole(capture: Capture) -> None:
    assert _differences(capture) <= set(_apart(capture))


def test_what_is_noted_to_be_read_otherwise_is_so() -> None:
    for (package, scenario), fields in APART.items():
        noted = [one for one in captures() if one.package == package and scenario in {"*", one.scenario}]
        assert set().union(*(_differences(capture) for capture in noted)) == set(fields)


def test_an_older_run_of_an_agent_of_pydantic_ai_is_an_agent() -> None:
    spans = Capture("pydantic-ai-0.8", "tools").spans
    assert {span.name: span.span_type for span in spans}["agent run"] == "agent"
