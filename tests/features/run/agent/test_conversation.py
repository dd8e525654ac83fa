"""The conversation of an agent as entries: order, causes, reasons, ways, and what is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.features.run.agent.conversation import conversation
from junjo_desktop.features.run.agent.definition import definition_entries
from junjo_desktop.features.run.agent.nesting import way_around
from junjo_desktop.features.run.agent.operations import operation_rows
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.widgets.conversation.entries import Entry, Part, text_part, value_part
from tests.recordings.load import recording
from tests.telemetry.junjo.made_agent import AGENT, MadeAgent, answers, asks, slot, span_id, withheld
from tests.telemetry.junjo.program import exception

SDK = "0.68.0"
CAUSE = """junjo.Cause: x
Traceback (most recent call last):
  File "a.py", line 1, in f
LookupError: no road
to Bern

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "b.py", line 1, in g
junjo.agent.errors.AgentToolError: It failed.
"""


def recorded(scenario: str) -> Run:
    """The run of the agent of a recording."""
    spans = recording(SDK, scenario).spans()
    return build_run(spans, next(span.span_id for span in spans if span.junjo_span_type == "agent"))


def entries_of(run: Run) -> tuple[Entry, ...]:
    assert run.agent is not None
    return conversation(run, run.agent)


def titles(entries: tuple[Entry, ...]) -> list[str]:
    return [f"{entry.tag} {entry.title}".strip() for entry in entries]


def part(entry: Entry, label: str) -> Part:
    return next(one for one in entry.parts if one.label == label)


def shown(entry: Entry, look: str) -> list[str]:
    return [one.shown for one in entry.parts if one.look == look]


def test_calls_stand_under_the_answer_that_asked_for_them() -> None:
    entries = entries_of(recorded("agent_tools"))
    assert titles(entries) == [
        "instructions",
        "input",
        "model Request 1",
        "tool measure",
        "tool measure",
        "model Request 2",
        "output Final output",
    ]
    calls = [entry for entry in entries if entry.tag == "tool"]
    assert [entry.depth for entry in calls] == [1, 1]
    assert [part(entry, "Result").shown for entry in calls] == ['{"kilometres": 193}', '{"kilometres": 216}']
    # The final output is told once.
    assert [entry.tag for entry in entries if any("409" in one.shown for one in entry.parts)] == ["output"]


def test_calls_of_two_answers_are_matched_by_their_ids() -> None:
    made = MadeAgent()
    made.ask(asks("First.", ("a", "measure", 1), ("b", "measure", 2)))
    made.ask(asks("Second.", ("c", "measure", 3)))
    for id_ in "cba":
        made.call(id_, "measure", {"of": id_}, f"result of {id_}")
    made.end("done")
    told = [
        (entry.title, [one.shown for one in entry.parts if one.label == "Result"]) for entry in entries_of(made.run())
    ]
    assert told[2:7] == [
        ("Request 1", []),
        ("measure", ["result of a"]),
        ("measure", ["result of b"]),
        ("Request 2", []),
        ("measure", ["result of c"]),
    ]


def test_the_real_cause_of_a_failing_tool_comes_first() -> None:
    entries = entries_of(recorded("agent_tool_fails"))
    failed, end = entries[-2], entries[-1]
    assert [badge.text for badge in failed.badges] == ["admitted", "failed"]
    assert shown(failed, "error") == ["LookupError: no road from Dijon to Bern"]
    assert "passed on as AgentToolError: Tool 'measure' service failed." in shown(failed, "note")
    assert (end.title, shown(end, "error")) == ("A tool failed", ["LookupError: no road from Dijon to Bern"])


def test_the_end_repeats_only_the_first_line_of_a_cause() -> None:
    made = MadeAgent()
    made.ask(asks("", ("a", "measure", {})))
    made.call("a", "measure", {}, error="It failed.", events=[exception("x.AgentToolError", "It failed.")])
    made.end(reason="tool_error", error=CAUSE)
    entries = entries_of(made.run())
    assert shown(entries[-2], "error") == ["LookupError: no road\nto Bern"]
    assert shown(entries[-1], "error") == ["LookupError: no road"]


@pytest.mark.parametrize(
    ("scenario", "reasons"),
    [
        ("agent_limit", ["With it, there would have been more tool calls than the limit lets in."] * 3),
        (
            "agent_unknown_tool",
            [
                "Another call of the same batch was refused, and a batch is admitted whole.",
                "The agent has no tool of this name.",
            ],
        ),
        ("agent_bad_arguments", ["Its arguments are not what the tool takes."]),
    ],
)
def test_a_call_that_was_not_let_through_says_why(scenario: str, reasons: list[str]) -> None:
    refused = [
        entry for entry in entries_of(recorded(scenario)) if any(badge.text == "not admitted" for badge in entry.badges)
    ]
    assert [[note for note in shown(entry, "note") if not note.startswith("passed on")] for entry in refused] == [
        [reason] for reason in reasons
    ]


@pytest.mark.parametrize(
    ("scenario", "title", "note"),
    [
        (
            "agent_limit",
            "The limit of tool calls was reached",
            "3 tool calls were asked for at once, which would have made 4; the limit is 2.",
        ),
        (
            "agent_request_limit",
            "The limit of model requests was reached",
            "There would have been 3 model requests; the limit is 2.",
        ),
        ("agent_cancelled", "It was cancelled", "Cancelled: the customer left"),
    ],
)
def test_the_end_says_how_it_came(scenario: str, title: str, note: str) -> None:
    end = entries_of(recorded(scenario))[-1]
    assert (end.title, shown(end, "note")) == (title, [note])


def test_a_rejected_output_stands_at_the_end_with_its_reason() -> None:
    *_, answer, end = entries_of(recorded("agent_bad_output"))
    assert part(end, "Rejected output").shown == '{"kilometres": "far"}'
    assert shown(end, "error")[0].startswith("ValidationError: 2 validation errors for Plan")
    assert shown(answer, "note") == ["It answers with a final output that was rejected, below."]


def test_a_rejected_input_stands_at_the_end() -> None:
    made = MadeAgent()
    more: dict[str, Any] = slot("input_candidate", {"question": 7})
    made.end(reason="input_validation_error", error="x", junjo__agent__input_candidate__available=True, **more)
    entries = entries_of(made.run())
    assert titles(entries) == ["instructions", "end Its input was rejected"]
    assert part(entries[-1], "Rejected input").shown == '{"question": 7}'


def test_a_candidate_that_could_not_be_kept_says_why() -> None:
    made = MadeAgent()
    key = "junjo__agent__history_candidate"
    made.end(
        reason="history_validation_error",
        error="x",
        **{f"{key}__available": False, f"{key}__unavailable_reason": "not_serializable"},
    )
    assert "Rejected history: It could not be written as JSON." in shown(entries_of(made.run())[-1], "note")


def test_messages_from_before_the_run_are_told_apart() -> None:
    earlier = [{"type": "agent_input", "input": "hello"}, {"type": "assistant_output", "output": "hi"}]
    made = MadeAgent()
    made.ask(
        answers("yes"), **slot("model__request", {"messages": [*earlier, {"type": "agent_input", "input": "now"}]})
    )
    made.end("yes")
    history = entries_of(made.run())[1]
    assert (history.tag, history.facts) == ("history", "2 messages from before this run")
    assert history.parts[0].value() == earlier


def test_a_run_that_goes_on_says_so() -> None:
    made = MadeAgent()
    made.ask(asks("", ("a", "measure", {}), ("b", "measure", {})))
    made.call("a", "measure", {}, 1)
    entries = entries_of(made.run())
    assert titles(entries)[-3:] == ["tool measure", "tool measure", "running It is running"]
    assert [badge.text for badge in entries[-2].badges] == ["admission unknown"]
    assert titles(entries)[0] == "instructions"


def test_a_call_whose_answer_has_not_arrived_stands_by_itself() -> None:
    made = MadeAgent()
    made.ask(asks("", ("a", "measure", {})))
    made.call("a", "measure", {}, 1)
    made.end("done")
    entries = entries_of(made.run("m1"))
    assert "tool measure" in titles(entries)
    assert "The answer that asked for it has not arrived." in shown(entries[2], "note")


def test_a_workflow_that_a_tool_called_is_one_click_away_and_what_is_in_it_is_not() -> None:
    run = recorded("agent_calls_workflow")
    calls = [entry for entry in entries_of(run) if entry.tag == "tool"]
    assert [[way.label for way in entry.ways] for entry in calls] == [["Open workflow stow parcels"]] * 2
    assert [entry.ways[0].destination for entry in calls] == [
        OpenRun(link.trace_id, link.span_id) for link in run.nested
    ]
    assert way_around(run) is None


def test_the_way_around_leads_to_the_node_that_the_agent_ran_in() -> None:
    run = recorded("agent_in_node")
    way = way_around(run)
    assert way is not None
    assert way.label == "Part of workflow plan and send"
    spans = {span.span_id: span for span in recording(SDK, "agent_in_node").spans()}
    assert isinstance(way.destination, OpenRun)
    assert spans[way.destination.span_id or ""].name == "Ask"


def test_what_was_withheld_says_so() -> None:
    made = MadeAgent()
    made.ask(None, **withheld("model__response", "redacted", policy="ours"))
    made.end(**withheld("output", "excluded"))
    entries = entries_of(made.run())
    assert "Response: the producer redacted it (policy ours)." in shown(entries[2], "note")
    assert shown(entries[-1], "note") == ["The producer left it out."]


def test_a_long_text_is_cut_and_whole_on_demand() -> None:
    text = "\n".join(f"line {number}" for number in range(500))
    cut = text_part("", text)
    assert (cut.is_cut, cut.length, cut.shown.count("\n"), cut.whole()) == (True, len(text), 8, text)
    short = text_part("", "line 1\nline 2")
    assert (short.is_cut, short.shown) == (False, "line 1\nline 2")


def test_a_word_without_end_may_break_where_it_is_shown_and_is_copied_as_it_was() -> None:
    word = text_part("", "x" * 300)
    assert max(map(len, word.shown.split("\u200b"))) <= 90
    assert word.copied.rstrip("…") == "x" * 300
    assert (word.is_cut, word.whole()) == (True, "x" * 300)


def test_a_value_keeps_its_characters() -> None:
    value = {"<b>": "\x1b[31m \u202eabc"}
    told = value_part("", value)
    assert "\x1b" not in told.shown
    assert "\u202e" not in told.shown
    assert json.loads(told.whole()) == value


def test_the_definition_tells_tools_and_schemas() -> None:
    run = recorded("agent_tools")
    assert run.agent is not None
    entries = definition_entries(run, run.agent)
    assert titles(entries) == [
        "agent plan a route",
        "instructions",
        "tool measure",
        "tool stow",
        "tool wait",
        "input schema",
        "output schema",
    ]
    facts = {one.label: one.shown for one in entries[0].parts}
    assert (facts["Model"], facts["Model requests"], facts["Tool calls"]) == (
        "openai gpt-4.1-mini",
        "at most 4",
        "at most 3",
    )
    assert part(entries[2], "Takes").value()["required"] == ["end", "start"]


def test_a_definition_known_from_a_request_alone_says_so() -> None:
    made = MadeAgent()
    made.ask(answers(1))
    run = made.run(AGENT)
    assert run.agent is not None
    facts, *others = definition_entries(run, run.agent)
    assert any("first model request" in note for note in shown(facts, "note"))
    assert titles(tuple(others)) == ["instructions", "tool measure"]


def test_operations_are_rows_with_their_real_causes() -> None:
    run = recorded("agent_tool_fails")
    assert run.agent is not None
    rows = operation_rows(run, run.agent)
    assert [(row.number, row.kind, row.state) for row in rows] == [
        (1, "model", "completed"),
        (2, "tool", "completed"),
        (3, "model", "completed"),
        (4, "tool", "failed"),
    ]
    assert (rows[0].input_tokens, rows[0].output_tokens, rows[0].detail) == (400, 30, "tool calls")
    assert rows[3].detail == "LookupError: no road from Dijon to Bern"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
RESPONSES = st.fixed_dictionaries(
    {},
    optional={
        "type": ANY_JSON,
        "assistantText": ANY_JSON,
        "output": ANY_JSON,
        "calls": st.lists(st.fixed_dictionaries({}, optional={"id": ANY_JSON, "name": ANY_JSON})) | ANY_JSON,
    },
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_payloads_hold_there_is_a_conversation(data: st.DataObject) -> None:
    made = MadeAgent()

    def odd(*names: str) -> dict[str, Any]:
        drawn = {f"junjo__agent__{name}": data.draw(ANY_JSON | st.just("{")) for name in names}
        return {key: value if isinstance(value, str) else json.dumps(value) for key, value in drawn.items()}

    response = json.dumps(data.draw(RESPONSES))
    made.ask(None, junjo__agent__model__response=response, **odd("model__request", "model__usage"))
    made.call("a", "measure", {}, **odd("tool__result", "tool__arguments"))
    reason = data.draw(st.sampled_from(["final_output", "output_validation_error", "limit_exceeded", "odd"]))
    made.end(reason=reason, **odd("definition_snapshot", "input", "output", "state__end", "usage"))
    for without in ((), (AGENT,), ("m1",)):
        run = made.run(*without)
        assert run.agent is not None
        entries = conversation(run, run.agent)
        assert len({entry.key for entry in entries}) == len(entries)
        assert {entry.span_id for entry in entries if entry.is_operation} <= {span_id("m1"), span_id("t1")}
        for entry in (*entries, *definition_entries(run, run.agent)):
            for one in entry.parts:
                assert isinstance(one.whole(), str)
        assert len(operation_rows(run, run.agent)) == len(run.agent.operations)
