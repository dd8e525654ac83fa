"""Two runs compared: real recordings of every generation, where paths part, where the time went, what is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from junjo_desktop.errors import NotFoundError
from junjo_desktop.telemetry.junjo.comparison import compare_runs, compared
from junjo_desktop.telemetry.junjo.comparison_model import ComparedRun, Comparison, PathPlace, PathVerdict
from junjo_desktop.telemetry.junjo.comparison_path import path_verdict, time_shares
from junjo_desktop.telemetry.junjo.comparison_states import states_between
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run import Run, build_run
from junjo_desktop.telemetry.span import Span
from tests.recordings.load import Recording, recording, recordings
from tests.telemetry.junjo.compared_runs import MS, Tree, run_of

NEWEST = "0.68.0"
OLD = ("0.50.1", "0.61.1", "0.63.0", "0.64.0")


def run_in(version: str, scenario: str) -> ComparedRun:
    spans = recording(version, scenario).spans()
    return compared(build_run(spans), spans)


def without(one: ComparedRun, spans: list[Span], *names: str) -> ComparedRun:
    """The run as it looked when spans of these names had not arrived."""
    kept = [span for span in spans if span.name not in names]
    return compared(build_run(kept, one.run.steps[0].span_id), kept)


def paths(left: Run, right: Run) -> Comparison:
    return compare_runs(ComparedRun(left), ComparedRun(right))


@pytest.mark.parametrize("one", recordings(), ids=str)
def test_a_recorded_run_is_the_same_as_itself(one: Recording) -> None:
    spans = one.spans()
    run = compared(build_run(spans), spans)
    found = compare_runs(run, run)
    assert all(row.is_both for row in found.steps)
    assert (found.facts.path, found.facts.divergence) == (PathVerdict.SAME, None)
    assert not any(row.difference_ns for row in found.steps)
    assert found.graphs == ()
    for pair, is_end in product(found.stores, (False, True)):
        changes = states_between(pair, is_end=is_end).changes
        assert changes is None or changes.count == 0


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize("scenario", ["conditions", "loop", "concurrent", "subflow_nested", "subflow_twice"])
def test_the_same_program_run_by_two_sdks_takes_the_same_path(version: str, scenario: str) -> None:
    found = compare_runs(run_in(version, scenario), run_in(NEWEST, scenario))
    assert all(row.is_both for row in found.steps if row.is_path)
    assert found.facts.path is PathVerdict.SAME
    assert found.facts.end is not None
    assert found.facts.end.count == 0


def test_another_graph_is_told_by_its_nodes_and_edges() -> None:
    found = compare_runs(run_in(NEWEST, "linear"), run_in(NEWEST, "fails_in_node"))
    assert found.facts.is_graph_same is False
    [graph] = found.graphs
    assert [node.label for node in graph.new_nodes] == ["Break"]
    assert [node.label for node in graph.gone_nodes] == ["Check", "Pack"]
    assert [(edge.tail, edge.head) for edge in graph.new_edges] == [("Receive", "Break"), ("Break", "Send")]


def test_a_loop_of_five_and_a_run_without_one_part_at_the_first_turn() -> None:
    found = compare_runs(run_in(NEWEST, "loop"), run_in(NEWEST, "linear"))
    divergence = found.facts.divergence
    assert divergence is not None
    assert (divergence.after, divergence.left) == (PathPlace("Receive"), PathPlace("Pack", 1))
    assert sum(row.is_both for row in found.steps if row.name == "Pack") == 1
    assert sum(row.right is None for row in found.steps if row.name == "Pack") == 4


def test_a_failed_run_says_where_it_stopped_and_why() -> None:
    found = compare_runs(run_in(NEWEST, "subflow"), run_in(NEWEST, "fails_in_subflow"))
    failure = found.facts.right.failure
    assert failure is not None
    assert (failure.step, failure.message) == ("Refuse", "the office is closed")
    assert (found.facts.left.failure, found.facts.right.failure_count) == (None, 1)


def test_a_run_whose_end_has_not_arrived_has_taken_the_same_path_so_far() -> None:
    spans = recording(NEWEST, "linear").spans()
    whole = run_in(NEWEST, "linear")
    cut = without(whole, spans, "take an order", "Send")
    found = compare_runs(cut, whole)
    assert found.facts.path is PathVerdict.OPEN
    assert found.facts.divergence is not None
    assert found.facts.divergence.right == PathPlace("Send")
    assert found.facts.duration_difference_ns is None
    assert found.facts.end is not None
    assert found.facts.end.count is None
    assert found.facts.end.reason.startswith("In the left run: the span of the owner has not arrived")
    assert any("left run has not ended" in sentence for sentence in found.facts.unknown)


def test_a_subflow_that_has_not_arrived_stands_beside_the_one_that_has() -> None:
    spans = recording(NEWEST, "subflow").spans()
    whole = run_in(NEWEST, "subflow")
    owners = [step.name for step in whole.run.steps if step.span_type in ("workflow", "subflow")]
    cut = without(whole, spans, *owners)
    rows = compare_runs(cut, whole).steps
    assert all(row.is_both for row in rows if row.is_path)


def test_agents_are_compared_by_their_operations_and_their_state() -> None:
    found = compare_runs(run_in(NEWEST, "agent_tools"), run_in(NEWEST, "agent_tool_fails"))
    assert all(row.is_path for row in found.steps if row.depth == 1)
    assert found.facts.right.state is ExecutionState.FAILED
    assert found.facts.left.model_calls > 0
    assert found.facts.left.input_tokens
    assert found.facts.end is not None
    assert found.facts.end.count


def test_lost_events_are_said() -> None:
    found = compare_runs(run_in(NEWEST, "many_updates"), run_in(NEWEST, "many_updates"))
    assert any(sentence.endswith("were dropped before they were sent.") for sentence in found.facts.unknown)


@given(st.lists(st.sampled_from(recordings()), min_size=2, max_size=2), st.data())
def test_whatever_is_missing_comparing_never_raises(pair: list[Recording], data: st.DataObject) -> None:
    sides = []
    for one in pair:
        spans = one.spans()
        kept = data.draw(st.lists(st.sampled_from(spans), min_size=1, max_size=len(spans), unique_by=id))
        if not any(span.junjo_span_type for span in kept):
            kept = spans
        try:
            sides.append(compared(build_run(kept, now_ns=data.draw(st.sampled_from([0, 2 * 10**18]))), kept))
        except NotFoundError:
            # What is left tells of no run.
            reject()
    found = compare_runs(*sides)
    for side, name in ((found.left, "left"), (found.right, "right")):
        told = [getattr(row, name) for row in found.steps if getattr(row, name) is not None]
        assert sorted(step.span_id for step in told) == sorted(step.span_id for step in side.run.steps)


# Where paths part


def parting(left: Run, right: Run) -> tuple[PathVerdict, tuple[str | None, str | None, str | None]]:
    verdict, found = path_verdict(paths(left, right).steps)
    names = (
        (None, None, None)
        if found is None
        else tuple(place and place.name for place in (found.after, found.left, found.right))
    )
    return verdict, names  # type: ignore[return-value] # a tuple of three


def test_the_steps_after_the_last_common_one_are_named() -> None:
    found = parting(run_of(*map(Tree, "ABD")), run_of(*map(Tree, "ACD")))
    assert found == (PathVerdict.DIFFERENT, ("A", "B", "C"))


def test_a_step_that_one_run_skipped_is_told_with_where_the_other_went() -> None:
    found = parting(run_of(*map(Tree, "AD")), run_of(*map(Tree, "ACD")))
    assert found == (PathVerdict.DIFFERENT, ("A", "D", "C"))


def test_paths_can_part_at_the_beginning_and_at_the_end() -> None:
    assert parting(run_of(Tree("A")), run_of(Tree("B"))) == (PathVerdict.DIFFERENT, (None, "A", "B"))
    assert parting(run_of(Tree("A")), run_of(Tree("A"), Tree("B"))) == (PathVerdict.DIFFERENT, ("A", None, "B"))


def test_what_other_instrumentations_saw_is_no_part_of_the_path() -> None:
    left = run_of(Tree("A", [Tree("chat", type=None, span_type="llm")]))
    assert parting(left, run_of(Tree("A"))) == (PathVerdict.SAME, (None, None, None))


def test_the_first_place_counts_also_when_it_is_deep_inside() -> None:
    def sub(*names: str) -> Tree:
        return Tree("Sub", [*map(Tree, names)], type=ExecutableType.SUBFLOW)

    left, right = run_of(sub("A", "B"), Tree("X")), run_of(sub("A", "C"), Tree("Y"))
    _, found = path_verdict(paths(left, right).steps)
    assert found is not None
    assert (found.within, found.after, found.left, found.right) == (
        "Sub",
        PathPlace("A"),
        PathPlace("B"),
        PathPlace("C"),
    )


def test_a_real_difference_counts_before_one_that_is_only_not_known_yet() -> None:
    left = run_of(Tree("A"), Tree("B"), state=ExecutionState.RUNNING)
    assert parting(left, run_of(*map(Tree, "ABC")))[0] is PathVerdict.OPEN
    assert parting(left, run_of(*map(Tree, "AXBC"))) == (PathVerdict.DIFFERENT, ("A", "B", "X"))


# Where the time went


def test_the_time_of_steps_adds_up_to_that_of_the_run() -> None:
    left = run_of(Tree("A", own_ms=5), Tree("B", [Tree("C", own_ms=7)], ExecutableType.SUBFLOW, own_ms=3))
    right = run_of(Tree("A", own_ms=9), Tree("B", [Tree("C", own_ms=8)], ExecutableType.SUBFLOW, own_ms=3), Tree("D"))
    found = paths(left, right)
    assert sum(share.left_ns or 0 for share in found.times) == found.facts.left.duration_ns
    assert sum(share.right_ns or 0 for share in found.times) == found.facts.right.duration_ns
    assert found.facts.slowest is not None
    assert (found.facts.slowest.name, found.facts.slowest.difference_ns) == ("A", 4 * MS)


def test_turns_of_a_loop_count_together_and_lead_to_the_one_that_differs_most() -> None:
    left = run_of(*(Tree("A", own_ms=2) for _ in range(4)))
    right = run_of(Tree("A", own_ms=3), Tree("A", own_ms=9), Tree("A", own_ms=2))
    share = next(one for one in time_shares(paths(left, right).steps) if one.name == "A")
    assert (share.left_count, share.right_count, share.difference_ns) == (4, 3, 6 * MS)
    assert share.position == 2


def test_steps_that_ran_at_once_do_not_count_twice() -> None:
    run = run_of(Tree("G", [Tree("A", own_ms=4), Tree("B", own_ms=4)], ExecutableType.RUN_CONCURRENT))
    a, b = (next(step for step in run.steps if step.name == name) for name in "AB")
    at_once = replace(b, start_ns=a.start_ns, end_ns=a.end_ns)
    run = replace(run, steps=tuple(at_once if step is b else step for step in run.steps))
    group = next(one for one in time_shares(paths(run, run).steps) if one.name == "G")
    assert group.left_ns == 5 * MS
