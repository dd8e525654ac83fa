"""Spans whose parent has not arrived: runs in progress, killed programs, lost spans, odd traces."""

from __future__ import annotations

from typing import Any

import pytest

from junjo_desktop.errors import NotFoundError
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run import Run, build_run
from tests.telemetry.junjo.program import START_NS, Program, graph_v2, group, id_of, set_state

W = ("W", "graph_1")
ENCLOSED: dict[str, Any] = {"junjo__enclosing_graph_structural_id": "graph_1"}


def tree(run: Run) -> list[str]:
    """The steps, indented; what has not arrived in brackets, what is assumed with a question mark."""
    lines = []
    for step in run.steps:
        name = step.name or (str(step.executable.type) if step.executable else "")
        shown = name if step.is_arrived else f"({name})"
        lines.append(f"{'  ' * step.depth}{shown}{'?' if step.is_assumed else ''}")
    return lines


def running() -> Program:
    """A workflow in its third node, which runs an agent; neither has ended."""
    program = Program()
    program.execute("A", "W", (10, 20), within=W, junjo__correlation__id="o-1", **ENCLOSED)
    program.execute("B", "W", (21, 30), within=W, **ENCLOSED)
    program.span("ask", "C", (31, 40))
    program.span("model request 1", "agent", (42, 50), junjo__agent__runtime_id="run of agent")
    return program


def test_a_run_in_progress_is_built_from_what_it_has_done() -> None:
    run = build_run(running().spans(), runtime_id="W")
    assert (run.span_id, run.runtime_id, run.state, run.end_ns) == (None, "W", ExecutionState.RUNNING, None)
    assert run.executable is not None
    assert (run.executable.type, run.executable.structural_id) == (ExecutableType.WORKFLOW, "graph_1")
    assert (run.executable.correlation_id, run.executable.contract_version) == ("o-1", 2)
    assert (run.start_ns, run.service_version) == (START_NS + 10_000_000, "1.2")
    assert run.graphs[id_of("W")].executions == {"A": (id_of("A"),), "B": (id_of("B"),)}
    assert tree(run) == ["(workflow)", "  A", "  B", "  ask?", "  (agent)?", "    model request 1"]
    assert any("has not arrived" in note for note in run.notes)


@pytest.mark.parametrize("asked", [{"span_id": id_of("W")}, {"runtime_id": "W"}, {"span_id": id_of("A")}, {}])
def test_it_is_found_by_any_of_its_ids(asked: dict[str, Any]) -> None:
    assert build_run(running().spans(), **asked).runtime_id == "W"


def test_it_is_the_same_run_when_it_has_ended() -> None:
    program = running()
    before = build_run(program.spans(), runtime_id="W")
    program.execute("C", "W", (31, 60), within=W, **ENCLOSED)
    program.execute("agent", "C", (41, 55), type="agent", runtime="run of agent", within=("C", "node_C"))
    program.execute("W", at=(5, 70), type="workflow", structure="graph_1", graph=graph_v2("A", "B", "C"), name="shop")
    after = build_run(program.spans(), runtime_id="W")
    assert (after.name, after.span_id, after.state) == ("shop", id_of("W"), ExecutionState.DONE)
    assert tree(after) == ["shop", "  A", "  B", "  C", "    ask", "    agent", "      model request 1"]
    assert {step.span_id for step in before.steps} < {step.span_id for step in after.steps}
    assert after.notes == ()


def test_what_was_silent_for_a_minute_is_lost() -> None:
    spans = running().spans()
    received_ns = max(span.received_ns for span in spans)
    assert build_run(spans, now_ns=received_ns + 60 * 10**9).state is ExecutionState.RUNNING
    lost = build_run(spans, now_ns=received_ns + 60 * 10**9 + 1)
    assert lost.state is ExecutionState.LOST
    assert lost.executable is not None
    assert lost.executable.state is ExecutionState.LOST
    assert [step.state for step in lost.steps] == [
        ExecutionState.LOST,
        *[ExecutionState.DONE] * 3,
        ExecutionState.LOST,
        ExecutionState.DONE,
    ]


def test_what_did_not_arrive_within_something_that_ended_is_lost_at_once() -> None:
    program = running()
    program.execute("W", at=(5, 70), type="workflow", structure="graph_1", graph=graph_v2("A", "B", "C"))
    run = build_run(program.spans())
    assert (run.state, run.steps[-2].state) == (ExecutionState.DONE, ExecutionState.LOST)


def test_a_concurrent_group_in_progress_is_known_by_its_children() -> None:
    program = Program()
    program.execute("A", "W", (10, 20), within=W, **ENCLOSED)
    program.execute("X", "G", (21, 25), within=("G", "node_G"), **ENCLOSED)
    run = build_run(program.spans())
    assert tree(run) == ["(workflow)", "  A", "  (run_concurrent)", "    X"]
    assert run.graphs[id_of("W")].executions["G"] == (id_of("G"),)
    program.execute("W", at=(0, 30), type="workflow", structure="graph_1", graph=graph_v2("A", group("G", "X"), "X"))
    assert tree(build_run(program.spans())) == ["W", "  A", "  (G)", "    X"]


def test_the_oldest_generation_is_built_from_parent_ids() -> None:
    program = Program()
    program.old_execute("A", "W", (10, 20), own="a", within="w")
    program.old_execute("B", "W", (21, 30), own="b", within="w", events=[set_state("st")])
    run = build_run(program.spans(), runtime_id="w")
    assert (run.span_id, tree(run)) == (None, ["(workflow)", "  A", "  B"])
    assert [(store.store_id, store.owner_span_id, store.is_outside) for store in run.stores] == [("st", None, False)]
    assert run.stores[0].start.reason == "The span of its owner has not arrived."


def test_an_id_that_comes_again_with_each_run_does_not_mix_them() -> None:
    program = Program()
    for number, at in (("1", 0), ("2", 100), ("3", 200)):
        program.old_execute(f"A{number}", f"W{number}", (at + 10, at + 20), own=f"a{number}", within="w")
        program.old_execute(f"W{number}", None, (at, at + 50), type="workflow", own="w", name="shop")
    assert tree(build_run(program.spans(), id_of("W1"))) == ["shop", "  A1"]
    newest = build_run(program.spans(), runtime_id="w")
    assert (newest.span_id, newest.notes) == (
        id_of("W3"),
        ("3 runs of this trace have the same id; this is the newest.",),
    )
    going_on = build_run(program.spans("W3"), runtime_id="w")
    assert (going_on.span_id, going_on.name, tree(going_on)) == (None, "shop", ["(shop)", "  A3"])


def test_two_runs_of_one_workflow_under_a_request_that_goes_on_stay_apart() -> None:
    program = Program()
    for number, at in (("1", 0), ("2", 30)):
        within = (f"run {number}", "graph_1")
        program.execute(f"A{number}", f"W{number}", (at + 10, at + 20), definition="a", within=within, **ENCLOSED)
    runs = [build_run(program.spans(), runtime_id=f"run {number}") for number in "12"]
    assert [tree(run) for run in runs] == [["(workflow)", "  A1"], ["(workflow)", "  A2"]]
    program.execute("W1", "request", (5, 25), type="workflow", runtime="run 1", structure="graph_1")
    runs = [build_run(program.spans(), runtime_id=f"run {number}") for number in "12"]
    assert [tree(run) for run in runs] == [["W1", "  A1"], ["(W1)", "  A2"]]


def test_a_workflow_called_by_a_tool_names_its_agent() -> None:
    program = Program()
    program.execute("V", "tool", (10, 20), type="workflow", within=("agent run", "agent_sha256:1"))
    program.span("log", "tool", (21, 22))
    run = build_run(program.spans(), runtime_id="agent run")
    assert tree(run) == ["(agent)", "  V", "  log"]
    nested = build_run(program.spans(), id_of("V"))
    assert nested.parent is not None
    assert (nested.parent.runtime_id, nested.parent.span_id) == ("agent run", None)
    assert nested.parent.type is ExecutableType.AGENT


def test_where_the_chain_of_spans_is_broken_the_one_of_junjo_holds() -> None:
    program = Program()
    program.execute("W", at=(0, 100), type="workflow", structure="graph_1")
    program.execute("N", "lost", (10, 20), within=W)
    program.execute("V", None, (30, 40), type="workflow", within=W)
    run = build_run(program.spans())
    assert tree(run) == ["W", "  N", "  V"]
    assert [link.span_id for link in run.nested] == [id_of("V")]


def test_a_parent_in_another_trace_is_named_and_not_made_up() -> None:
    program = Program()
    program.execute("V", None, type="workflow", within=("elsewhere", "agent_1"), junjo__parent_executable_type="agent")
    run = build_run(program.spans())
    assert tree(run) == ["V"]
    assert run.parent is not None
    assert (run.parent.runtime_id, run.parent.span_id, run.parent.type) == ("elsewhere", None, ExecutableType.AGENT)


def test_spans_that_may_be_of_either_of_two_runs_belong_to_none() -> None:
    program = Program()
    for number in "12":
        program.execute(f"A{number}", f"W{number}", (10, 20), within=(f"run {number}", "graph_1"))
    program.span("ask", "C", (30, 40))
    run = build_run(program.spans(), runtime_id="run 1")
    assert tree(run) == ["(workflow)", "  A1"]
    assert any(note.startswith("1 span of this trace belongs to no run") for note in run.notes)


def test_several_roots_are_several_runs() -> None:
    program = Program()
    program.execute("W", at=(0, 10), type="workflow")
    program.execute("V", at=(20, 30), type="workflow")
    program.span("web", at=(5, 25))
    assert [tree(build_run(program.spans(), id_of(key))) for key in "WV"] == [["W"], ["V"]]
    assert build_run(program.spans()).name == "W"


def test_spans_that_are_their_own_ancestors_stand_at_the_top() -> None:
    program = Program()
    program.execute("W", "B", (0, 100), type="workflow")
    program.execute("A", "W", (10, 20))
    program.execute("B", "A", (12, 18))
    program.execute("self", "self", (1, 2), type="workflow", name="own parent")
    run = build_run(program.spans(), id_of("W"))
    assert tree(run) == ["W", "  A", "    B"]
    assert any("own ancestors" in note for note in run.notes)
    assert tree(build_run(program.spans(), id_of("self"))) == ["own parent"]


@pytest.mark.parametrize("asked", [{"span_id": id_of("none")}, {"runtime_id": "none"}, {"span_id": id_of("web")}])
def test_an_unknown_run_is_not_found(asked: dict[str, Any]) -> None:
    program = Program()
    program.span("web")
    program.execute("W", "web", type="workflow")
    with pytest.raises(NotFoundError, match="No such run"):
        build_run(program.spans(), **asked)


def test_an_empty_trace_has_no_run() -> None:
    with pytest.raises(NotFoundError, match="No span of this trace"):
        build_run([])
