"""Runs of agents as they are read, whole and with parts of them missing."""

from __future__ import annotations

import pytest

from junjo_desktop.telemetry.junjo.agent import Admission, AgentRun, ModelRequest, TokenSum, ToolCall
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.payload import PayloadMode
from junjo_desktop.telemetry.junjo.run import build_run
from tests.recordings.load import Recording, recording, recordings
from tests.telemetry.junjo.made_agent import AGENT, MadeAgent, answers, asks, slot, withheld

SDK = "0.68.0"


def agent_of(made: MadeAgent, *without: str) -> AgentRun:
    agent = made.run(*without).agent
    assert agent is not None
    return agent


def two_calls() -> MadeAgent:
    made = MadeAgent()
    made.ask(asks("Both.", ("a", "measure", {"town": "Lyon"}), ("b", "measure", {"town": "Bern"})))
    made.call("b", "measure", {"town": "Bern"}, {"km": 2})
    made.call("a", "measure", {"town": "Lyon"}, {"km": 1})
    made.ask(answers({"km": 3}), tokens=None)
    made.end(
        {"km": 3}, **slot("usage", {"modelResponses": 2, "fields": {"inputTokens": {"sum": 9, "observations": 1}}})
    )
    return made


def test_operations_are_in_the_order_of_the_agent_and_calls_find_theirs_by_id() -> None:
    agent = agent_of(two_calls())
    assert [type(one) for one in agent.operations] == [ModelRequest, ToolCall, ToolCall, ModelRequest]
    assert [one.sequence for one in agent.operations] == [1, 2, 3, 4]
    matched = [(call.call_id, call.operation and call.operation.result.value) for call in agent.requested_calls]
    assert matched == [("a", {"km": 1}), ("b", {"km": 2})]
    assert agent.usage.fields == {"input_tokens": TokenSum(9, 1)}


def test_definition_and_limits_are_those_of_the_agent_itself() -> None:
    agent = agent_of(two_calls())
    assert (agent.definition.instructions, agent.definition.is_inferred) == ("Be brief.", False)
    assert [tool.name for tool in agent.definition.tools] == ["measure"]
    assert (agent.limits.model_requests, agent.model_request_count, agent.tool_call_count) == (500, 2, 2)


def test_before_its_own_span_an_agent_is_what_its_operations_tell() -> None:
    made = two_calls()
    agent = agent_of(made, AGENT)
    assert made.run(AGENT).state is ExecutionState.RUNNING
    assert (agent.is_arrived, agent.outcome, agent.termination_reason) == (False, None, None)
    assert (agent.definition.instructions, agent.definition.is_inferred) == ("Be brief.", True)
    assert [tool.name for tool in agent.definition.tools] == ["measure"]
    assert agent.input.value == {"question": "how far?"}
    assert (agent.output.mode, agent.output.reason) == (
        PayloadMode.MISSING,
        "The agent's own span has not arrived.",
    )
    # One of two responses told its tokens.
    assert agent.usage.model_responses == 2
    assert agent.usage.fields["input_tokens"] == TokenSum(400, 1)
    assert (agent.model_request_count, agent.tool_call_count) == (2, 2)
    # Calls that reached their tool were let through, whatever is missing.
    assert {call.admission for call in agent.requested_calls} == {Admission.ADMITTED}


def test_an_agent_of_which_nothing_but_itself_arrived() -> None:
    agent = agent_of(two_calls(), "m1", "m2", "t1", "t2")
    assert (agent.operations, agent.requested_calls) == ((), ())
    assert (agent.model_request_count, agent.output.value) == (2, {"km": 3})


@pytest.mark.parametrize("mode", ["redacted", "excluded", "reference"])
def test_what_was_withheld_is_told_as_such(mode: str) -> None:
    made = MadeAgent()
    made.ask(None, **withheld("model__response", mode, policy="ours", reference="s3://there"))
    made.call("a", "measure", {}, **withheld("tool__result", mode))
    made.end(**withheld("output", mode))
    agent = agent_of(made)
    (request,), (call,) = agent.model_requests, agent.tool_calls
    assert [slot.mode for slot in (request.response, call.result, agent.output)] == [PayloadMode(mode)] * 3
    assert not request.response.is_known
    assert "policy ours" in request.response.reason


def test_arguments_that_were_withheld_still_show_that_the_call_was_admitted() -> None:
    made = MadeAgent()
    made.ask(asks("", ("a", "measure", {})))
    made.call("a", "measure", {}, junjo__agent__tool__arguments__mode="excluded")
    made.program.sent["t1"].attributes.remove(
        next(one for one in made.program.sent["t1"].attributes if one.key == "junjo.agent.tool.arguments")
    )
    assert agent_of(made, AGENT).requested_calls[0].admission is Admission.ADMITTED


def test_an_answer_that_did_not_pass_is_the_rejected_output() -> None:
    made = MadeAgent()
    made.ask(answers({"km": "far"}))
    made.end(reason="output_validation_error", error="x")
    assert agent_of(made).rejected_output == {"km": "far"}
    assert agent_of(two_calls()).rejected_output is None


def test_an_agent_within_the_tool_of_another_keeps_its_operations_to_itself() -> None:
    made = two_calls()
    made.program.execute("inner", "t1", type="agent", runtime="inner", name="inner")
    made.program.span(
        "deep", "inner", junjo__agent__operation_type="model_request", junjo__agent__runtime_id="inner", name="deep"
    )
    assert len(agent_of(made).operations) == 4
    inner = build_run(made.program.spans(), runtime_id="inner").agent
    assert inner is not None
    assert [one.name for one in inner.operations] == ["deep"]


def test_only_agents_have_one() -> None:
    assert build_run(recording(SDK, "linear").spans()).agent is None


@pytest.mark.parametrize("one", [one for one in recordings(SDK) if one.expected["agents"]], ids=str)
def test_without_its_own_span_a_recorded_agent_keeps_its_operations(one: Recording) -> None:
    spans = one.spans()
    for owner in [span for span in spans if span.junjo_span_type == "agent"]:
        whole = build_run(spans, owner.span_id).agent
        left = build_run([span for span in spans if span is not owner], owner.span_id).agent
        assert whole is not None
        assert left is not None
        assert [one.span_id for one in left.operations] == [one.span_id for one in whole.operations]
        assert left.definition.instructions == whole.definition.instructions
        assert left.input.value == whole.input.value
