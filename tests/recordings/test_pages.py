"""What the app makes of real telemetry, against what the recorded programs really did."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from junjo_desktop.telemetry.junjo.run import build_run
from junjo_desktop.telemetry.junjo.state import Certainty, HistoryStatus, StoreHistory, reconstruct
from tests.recordings.load import Recording, recording, recordings, untold
from tests.recordings.page import OUTCOMES, NumberedRun, arrived, drawn, is_exact, run_under, runs_of
from tests.recordings.record import VERSIONS

pytestmark = pytest.mark.filterwarnings("error")
every = pytest.mark.parametrize("one", recordings(), ids=str)
complete = pytest.mark.parametrize(
    "one", [one for one in recordings() if one.scenario not in {"many_updates", "killed", "killed_inside"}], ids=str
)


@every
def test_all_executions_are_there_as_they_went(one: Recording) -> None:
    found: dict[int, Any] = {}
    for numbered in runs_of(one):
        found |= numbered.executions()
    told = one.expected["executions"]
    assert sorted(found) == arrived(one)
    if "outcome" not in untold(one.version, one.scenario):
        assert {number: (said["outcome"], said["reason"]) for number, said in found.items()} == {
            number: (told[number]["outcome"], told[number]["reason"]) for number in found
        }
    for number, said in found.items():
        parent = told[number]["parent"] if told[number]["parent"] in found else None
        assert (said["name"], said["type"], said["parent"]) == (told[number]["name"], told[number]["type"], parent)


@every
def test_a_run_ends_as_the_program_did(one: Recording) -> None:
    tops = [told for told in one.expected["executions"] if told["parent"] is None]
    if "outcome" not in untold(one.version, one.scenario):
        assert [OUTCOMES[numbered.run.state] for numbered in runs_of(one)] == [top["outcome"] for top in tops]


@every
def test_what_the_application_calls_a_run_is_on_all_of_it(one: Recording) -> None:
    told = one.expected["correlation"] or {"type": None, "id": None}
    for numbered in runs_of(one):
        found = [step.executable for step in numbered.run.steps if step.executable is not None]
        assert {(said.correlation_type, said.correlation_id) for said in found if said.is_arrived} == {
            (told["type"], told["id"])
        }


@every
def test_graphs_tell_what_ran_how_often_and_which_edges_were_taken(one: Recording) -> None:
    found: dict[int, Any] = {}
    for numbered in runs_of(one):
        found |= numbered.graphs()
    told = {graph["owner"]: graph for graph in one.expected["graphs"] if graph["owner"] in arrived(one)}
    assert sorted(found) == sorted(told)
    for owner, graph in told.items():
        assert drawn(found[owner]) == drawn(graph)


@complete
def test_iterations_are_counted_by_node_and_execution(one: Recording) -> None:
    found: dict[int, tuple[int, int]] = {}
    for numbered in runs_of(one):
        found |= numbered.iterations()
    for graph in one.expected["graphs"]:
        for node in graph["nodes"]:
            for at, number in enumerate(node["executions"]):
                assert found[number] == (at + 1, len(node["executions"]))


@every
def test_spans_of_others_are_steps_too(one: Recording) -> None:
    names = Counter(step.name for numbered in runs_of(one) for step in numbered.run.steps if step.executable is None)
    inside = [name for name in one.expected["foreign_spans"] if not name.startswith("POST /")]
    assert [name for name in inside if name not in names] == []


@every
def test_failures_name_the_error_its_origin_and_its_cause(one: Recording) -> None:
    told = {number: said for number, said in enumerate(one.expected["executions"]) if said["outcome"] == "failed"}
    found = {}
    for numbered in runs_of(one):
        for failure in numbered.run.failures:
            if failure.span_id in numbered.numbers:
                assert numbered.numbers[failure.span_id] not in found
                found[numbered.numbers[failure.span_id]] = failure
    assert sorted(found) == sorted(told)
    for number, said in told.items():
        failure, error = found[number], said["error"]
        own = f"{error['type']}: {error['message']}"
        assert (failure.type.rpartition(".")[2], failure.message) == (error["type"], error["message"])
        assert _first_line(failure.cause) in ({error["cause"]} if error["cause"] != own else {"", own})
        if said["type"] != "agent":
            assert failure.is_origin == error["is_origin"]


@every
def test_every_failed_run_has_an_origin(one: Recording) -> None:
    for numbered in runs_of(one):
        assert bool(numbered.run.failures) == any(failure.is_origin for failure in numbered.run.failures)


@every
def test_errors_of_hooks_are_apart_from_failures(one: Recording) -> None:
    found = [
        {
            "execution": numbered.numbers[error.span_id],
            "event": error.hook_event,
            "type": error.type,
            "message": error.message,
        }
        for numbered in runs_of(one)
        for error in numbered.run.hook_errors
    ]
    assert sorted(found, key=str) == sorted(one.expected["hook_errors"], key=str)


@every
def test_updates_of_stores_are_in_order_wherever_they_sit(one: Recording) -> None:
    for numbered, history, told in _stores(one):
        kept = [step for at, step in enumerate(told["transitions"]) if at not in told["lost"]]
        found = [step.event for step in history.transitions]
        assert [event.action for event in found] == [step["action"] for step in kept]
        assert [numbered.span_name(event.span_id) for event in found] == [step["span"] for step in kept]
        assert [numbered.execution_around(event.span_id) for event in found] == [step["execution"] for step in kept]


@every
def test_both_ends_of_every_store_are_right(one: Recording) -> None:
    for _, history, told in _stores(one):
        assert (history.start.value, history.start.certainty) == (told["start"], Certainty.EXACT)
        assert (history.end.value, history.end.certainty) == (told["end"], Certainty.EXACT)


@complete
def test_with_nothing_lost_every_step_is_exact_and_leads_to_the_end(one: Recording) -> None:
    for _, history, told in _stores(one):
        assert history.status is HistoryStatus.EXACT, history.summary
        assert is_exact(step.certainty for step in history.transitions)
        assert not history.missing
        before = told["start"]
        for position, step in enumerate(told["transitions"]):
            assert history.state_before(position).value == before
            assert history.state_after(position).value == step["state"]
            assert bool(history.changes(position)) == step["is_change"]
            before = step["state"]
        assert before == told["end"] == history.end.value


@every
def test_what_is_called_exact_is_right(one: Recording) -> None:
    for _, history, told in _stores(one):
        kept = [step for at, step in enumerate(told["transitions"]) if at not in told["lost"]]
        for position, step in enumerate(kept):
            after = history.state_after(position)
            if after.certainty is Certainty.EXACT:
                assert after.value == step["state"]


@pytest.mark.parametrize("version", VERSIONS)
def test_after_lost_updates_the_steps_say_so_and_the_end_is_right(version: str) -> None:
    one = recording(version, "many_updates")
    ((_, history, told),) = _stores(one)
    kept = [step for at, step in enumerate(told["transitions"]) if at not in told["lost"]]
    assert len(told["lost"]) == 72
    assert history.status is HistoryStatus.PARTIAL
    assert "72" in history.summary
    after_the_gap = history.transitions[told["lost"][0] :]
    assert len(after_the_gap) == 129
    # The state after the last one is sent with the workflow, so it may well be called exact.
    assert all(step.certainty is not Certainty.EXACT and "dropped" in step.reason for step in after_the_gap[:-1])
    assert [history.state_after(step.position).value for step in history.transitions] == [
        step["state"] for step in kept
    ]
    assert history.end.value == told["end"]
    assert runs_of(one)[0].run.dropped.events == 72


def test_numbered_updates_tell_where_the_gap_is() -> None:
    ((_, history, _),) = _stores(recording(VERSIONS[-1], "many_updates"))
    assert [(gap.from_sequence, gap.to_sequence) for gap in history.missing] == [(2, 73)]
    assert [step.sequence for step in history.transitions] == [1, *range(74, 203)]
    assert history.transitions[0].certainty is Certainty.EXACT


@pytest.mark.parametrize("version", VERSIONS)
def test_a_killed_run_is_made_of_what_arrived(version: str) -> None:
    one = recording(version, "killed")
    (numbered,) = runs_of(one)
    assert numbered.run.span_id is None
    assert [step.name for step in numbered.run.steps if step.span_id in numbered.numbers] == ["Receive", "Pack"]
    (record,) = numbered.run.stores
    assert (record.owner_span_id, record.is_ended) == (None, False)
    history = reconstruct(record)
    (told,) = one.expected["stores"]
    assert [step.event.action for step in history.transitions] == [step["action"] for step in told["transitions"][:5]]
    assert all(step.certainty is not Certainty.EXACT for step in history.transitions)
    assert build_run(one.spans(), now_ns=numbered.run.start_ns + 1).steps == numbered.run.steps


@pytest.mark.parametrize("one", [one for one in recordings() if "subflow" in one.scenario], ids=str)
def test_a_subflow_is_a_run_of_its_own(one: Recording) -> None:
    for number, said in enumerate(one.expected["executions"]):
        if said["type"] == "subflow":
            numbered = run_under(one, number)
            assert numbered.run.name == said["name"]
            assert set(numbered.executions()) == _under(one, number)
            assert numbered.run.parent is not None
            assert number in numbered.histories()


def _first_line(cause: str) -> str:
    """Return the class, without its module, and the first line of the message."""
    type_, _, message = cause.partition("\n")[0].partition(": ")
    return f"{type_.rpartition('.')[2]}: {message}" if type_ else ""


def _under(one: Recording, top: int) -> set[int]:
    inside = {top}
    for number, said in enumerate(one.expected["executions"]):
        if said["parent"] in inside:
            inside.add(number)
    return inside


def _stores(one: Recording) -> list[tuple[NumberedRun, StoreHistory, dict[str, Any]]]:
    """Return each store whose owner arrived: the run, its history, and what the program says."""
    found = {owner: (numbered, history) for numbered in runs_of(one) for owner, history in numbered.histories().items()}
    told = {store["owner"]: store for store in one.expected["stores"] if store["end"] is not None}
    assert sorted(found) == sorted(told)
    return [(*found[owner], told[owner]) for owner in sorted(found)]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_killed_inside_a_subflow_is_one_run_all_the_same(version: str) -> None:
    one = recording(version, "killed_inside")
    (numbered,) = runs_of(one)
    assert numbered.run.span_id is None
    steps = {step.span_id: step for step in numbered.run.steps}
    assert sorted(numbered.numbers) == sorted(span_id for span_id in steps if span_id in numbered.numbers)
    above = {step.name: steps[step.parent_span_id] for step in numbered.run.steps if step.parent_span_id is not None}
    parents = [above[name].executable for name in ("Receive", "FindRate", "KeepRate")]
    assert all(parent is not None and not parent.is_arrived for parent in parents)
    assert above["Receive"].span_id != above["FindRate"].span_id != above["KeepRate"].span_id
    assert sorted(len(record.events) for record in numbered.run.stores) == [3, 3]
