"""Agents of real runs, against what their scripted models and their tools noted."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from junjo_desktop.telemetry.junjo.agent_json import agent_json
from tests.recordings.load import Recording, recording, recordings
from tests.recordings.page import run_under
from tests.recordings.record import VERSIONS

every = pytest.mark.parametrize("one", [one for one in recordings() if one.expected["agents"]], ids=str)
TOKENS = {
    "inputTokens": "input_tokens",
    "outputTokens": "output_tokens",
    "cachedInputTokens": "cached_input_tokens",
    "totalTokens": "total_tokens",
}


@every
def test_an_agent_ends_and_counts_as_it_did(one: Recording) -> None:
    for found, told in _agents(one):
        assert (found["outcome"], found["termination_reason"]) == (told["outcome"], told["termination_reason"])
        assert found["limits"] == told["limits"]
        assert {name: found["counts"][name] for name in told["counts"]} == told["counts"]
        assert found["usage"]["fields"] == {TOKENS[name]: summed for name, summed in told["usage"]["fields"].items()}
        assert found["output"]["value"] == told["output"]


@every
def test_operations_are_in_order_with_what_was_asked_and_answered(one: Recording) -> None:
    for found, told in _agents(one):
        # A call whose arguments were refused has a span, and never reached its tool.
        reached = [each for each in found["operations"] if each["type"] != "tool" or each["arguments"]["value"]]
        assert [_operation(each) for each in reached] == told["operations"]


@every
def test_every_call_that_was_asked_for_is_let_through_or_not(one: Recording) -> None:
    for found, told in _agents(one):
        admitted = [call for call in found["tool_calls"] if call["admission"] == "admitted"]
        refused = [call for call in found["tool_calls"] if call["admission"] == "not_admitted"]
        counts = told["counts"]["tool_calls"]
        assert (len(admitted), len(admitted) + len(refused)) == (counts["admitted"], counts["requested"])
        assert all(call["reason"] for call in refused)


@pytest.mark.parametrize(
    ("scenario", "reasons"),
    [
        ("agent_limit", ["limit_exceeded"] * 3),
        ("agent_unknown_tool", ["batch_preflight_rejected", "unknown_tool"]),
        ("agent_bad_arguments", ["tool_input_validation_error"]),
    ],
)
def test_why_a_call_was_not_let_through(scenario: str, reasons: list[str]) -> None:
    ((found, _),) = _agents(recording(VERSIONS[-1], scenario))
    assert [call["reason"] for call in found["tool_calls"] if call["admission"] == "not_admitted"] == reasons


def _agents(one: Recording) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return what is said of each agent, and what it noted."""
    return [
        (orjson.loads(orjson.dumps(agent_json(run_under(one, told["execution"]).run))), told)
        for told in one.expected["agents"]
    ]


def _operation(found: dict[str, Any]) -> dict[str, Any]:
    """Bring an operation into the form of the expected page."""
    error = _error(found)
    if found["type"] == "model_request":
        return {
            "kind": "model_request",
            "ordinal": found["ordinal"],
            "message_count": len(found["request"]["value"]["messages"]),
            "response_type": found["response_type"],
            "error": error,
        }
    return {
        "kind": "tool_call",
        "id": found["call_id"],
        "name": found["tool_name"],
        "arguments": found["arguments"]["value"],
        "result": found["result"]["value"],
        "error": error,
    }


def _error(found: dict[str, Any]) -> str | None:
    if found["outcome"] == "cancelled":
        return "cancelled"
    cause: str | None = found["error"] and found["error"]["cause"]
    return cause
