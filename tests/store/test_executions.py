"""The table of runs is a function of what is stored, whatever the order of arrival."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store import opening
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import Selection, delete
from junjo_desktop.store.derivation import derivation_of
from junjo_desktop.store.rebuild import rebuild
from tests.store.run_table import RunTable
from tests.store.sending import RECEIVED_NS
from tests.support import otlp
from tests.support.junjo_spans import START_NS, Generation, Place, executable, operation

G0, G1, G2 = Generation.G0, Generation.G1, Generation.G2


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[RunTable]:
    store = Store.open(tmp_path / "telemetry.duckdb")
    yield RunTable(store)
    store.close()


def within(trace: int, number: int, structure: str = "graph_a", type_: str = "workflow") -> Place:
    """A place directly within the owner with this number."""
    return Place(trace, number, f"runtime-{number}", f"definition-{number}", structure, type_)


def workflow(generation: Generation = G2, **fields: Any) -> Span:
    return executable("workflow", 1, Place(7), generation=generation, name="order", graph="graph_a", **fields)


def node(number: int, generation: Generation = G2, **fields: Any) -> Span:
    place = fields.pop("place", within(7, 1))
    return executable("node", number, place, generation=generation, graph="graph_a", **fields)


@pytest.mark.parametrize("generation", list(Generation))
def test_a_run_is_open_until_its_owner_arrives(sender: RunTable, generation: Generation) -> None:
    sender.send(node(2, generation), node(3, generation, error="no stock"))
    found = sender.row()
    assert (found["span_id"], found["owner_span_id"]) == (None, otlp.span_id(1).hex())
    assert found["definition_id"] == "definition-1"
    assert found["runtime_id"] == ("definition-1" if generation is G0 else "runtime-1")
    assert found["graph_structural_id"] == (None if generation is G0 else "graph_a")
    assert (found["type"], found["name"], found["end_ns"], found["outcome"]) == (None, None, None, None)
    assert (found["node_count"], found["failure_count"], found["start_ns"]) == (2, 1, START_NS + 2)
    assert (found["service_name"], found["service_version"]) == ("shop", "1.2")

    sender.send(workflow(generation, more={"junjo.workflow.node.count": 2}))
    found = sender.row()
    assert (found["span_id"], found["type"], found["name"]) == (otlp.span_id(1).hex(), "workflow", "order")
    assert (found["outcome"], found["node_count"], found["failure_count"]) == ("completed", 2, 0)
    assert (found["start_ns"], found["duration_ns"]) == (START_NS + 1, 1_000_000)


@pytest.mark.parametrize("generation", list(Generation))
def test_a_late_child_opens_no_run_that_has_ended(sender: RunTable, generation: Generation) -> None:
    sender.send(workflow(generation))
    sender.send(node(2, generation))
    assert sender.row()["span_id"] is not None


@pytest.mark.parametrize("generation", list(Generation))
def test_the_same_object_run_twice_in_one_trace_is_two_runs(sender: RunTable, generation: Generation) -> None:
    def run(number: int) -> list[Span]:
        owner = executable("workflow", number, Place(7), generation=generation, definition="one", graph="graph_a")
        place = Place(7, number, f"runtime-{number}", "one", "graph_a")
        return [node(number + 1, generation, place=place), owner]

    for span in (*run(10), *run(20)):
        sender.send(span)
    assert [row["span_id"] for row in sender.rows()] == [otlp.span_id(10).hex(), otlp.span_id(20).hex()]
    sender.send(run(30)[0])
    assert [row["span_id"] is None for row in sender.rows()] == [False, False, True]


@pytest.mark.parametrize("generation", [G1, G2])
def test_what_runs_in_a_concurrent_group_opens_no_run_of_its_own(sender: RunTable, generation: Generation) -> None:
    group = Place(7, 5, "group", "group", "node_group", "run_concurrent")
    sender.send(node(2, generation, place=group))
    assert sender.rows() == []
    sender.send(executable("run_concurrent", 5, within(7, 1), generation=generation, graph="graph_a"))
    assert [row["owner_span_id"] for row in sender.rows()] == [otlp.span_id(1).hex()]


@pytest.mark.parametrize("arrives_first", [True, False])
def test_what_runs_in_a_concurrent_group_of_old_opens_a_run_only_until_the_group_arrives(
    sender: RunTable, arrives_first: bool
) -> None:
    inner = node(2, G0, place=Place(7, 5, "group", "group"))
    group = executable("run_concurrent", 5, within(7, 1), generation=G0)
    for span in (group, inner) if arrives_first else (inner, group):
        sender.send(span)
    assert [row["owner_span_id"] for row in sender.rows()] == [otlp.span_id(1).hex()]


@pytest.mark.parametrize("generation", list(Generation))
def test_a_subflow_is_a_run_and_a_child(sender: RunTable, generation: Generation) -> None:
    sender.send(executable("subflow", 4, within(7, 1), generation=generation, name="tax", graph="graph_b"))
    outer, inner = sender.rows()
    assert (outer["span_id"], outer["node_count"]) == (None, 1)
    assert outer["graph_structural_id"] == (None if generation is G0 else "graph_a")
    assert (inner["type"], inner["name"], inner["span_id"]) == ("subflow", "tax", inner["owner_span_id"])
    assert inner["parent_runtime_id"] == ("definition-1" if generation is G0 else "runtime-1")


def test_an_agent_is_open_until_it_arrives_and_then_says_more(sender: RunTable) -> None:
    place = within(7, 1)
    sender.send(operation(2, place, tokens=(10, 4)), operation(3, place, type="tool"), operation(4, place))
    found = sender.row()
    assert (found["type"], found["agent_key"], found["runtime_id"]) == ("agent", "planner", "runtime-1")
    assert (found["model_requests"], found["tool_calls"]) == (2, 1)
    assert (found["input_tokens"], found["output_tokens"], found["node_count"]) == (10, 4, None)

    usage = '{"v":1,"modelResponses":2,"fields":{"inputTokens":{"sum":30,"observations":2},"outputTokens":{"sum":9}}}'
    said: dict[str, otlp.Value] = {
        "junjo.agent.name": "Planner",
        "junjo.agent.key": "planner",
        "junjo.agent.outcome": "failed",
        "junjo.agent.termination_reason": "limit_exceeded",
        "junjo.agent.model_request.count": 2,
        "junjo.agent.tool_call.started_count": 1,
        "junjo.agent.usage": usage,
        "error.type": "AgentLimitError",
    }
    sender.send(executable("agent", 1, Place(7), structure="agent_sha256:a", error="too many", more=said))
    found = sender.row()
    assert (found["name"], found["outcome"], found["termination_reason"]) == ("Planner", "failed", "limit_exceeded")
    assert (found["error_type"], found["error_message"]) == ("AgentLimitError", "too many")
    assert (found["model_requests"], found["tool_calls"]) == (2, 1)
    assert (found["input_tokens"], found["output_tokens"]) == (30, 9)


def test_a_cancelled_run_has_not_failed_and_a_failing_hook_fails_none(sender: RunTable) -> None:
    cancelled = workflow(more={"junjo.cancelled": True, "junjo.cancelled_reason": "stop"})
    cancelled.events.add(name="junjo.hook_error")
    sender.send(cancelled)
    found = sender.row()
    assert (found["outcome"], found["failure_count"], found["hook_error_count"]) == ("cancelled", 0, 1)
    sender.send(workflow())
    assert sender.row()["outcome"] == "completed"


def test_an_old_failure_is_told_by_its_exception(sender: RunTable) -> None:
    failed = workflow(G0, error="KeyError: 'boom!'")
    for _ in range(2):
        failed.events.add(name="exception", attributes=otlp.key_values({"exception.type": "KeyError"}))
    sender.send(failed)
    found = sender.row()
    assert (found["outcome"], found["failure_count"]) == ("failed", 1)
    assert (found["error_type"], found["error_message"]) == ("KeyError", "'boom!'")


def test_the_correlation_of_the_application_is_kept(sender: RunTable) -> None:
    said: dict[str, otlp.Value] = {"junjo.correlation.type": "order", "junjo.correlation.id": "1042"}
    sender.send(node(2, more=said), node(3))
    assert (sender.row()["correlation_type"], sender.row()["correlation_id"]) == ("order", "1042")
    sender.send(workflow(more=said))
    assert (sender.row()["correlation_type"], sender.row()["correlation_id"]) == ("order", "1042")


def test_a_span_that_comes_again_as_something_else_changes_the_runs(sender: RunTable) -> None:
    sender.send(node(2), workflow())
    sender.send(otlp.span("plain", trace=otlp.trace_id(7), id=otlp.span_id(1), start_ns=START_NS))
    assert sender.row()["span_id"] is None
    sender.send(otlp.span("plain", trace=otlp.trace_id(7), id=otlp.span_id(2), start_ns=START_NS))
    assert sender.rows() == []


def test_only_the_last_version_within_a_batch_counts(sender: RunTable) -> None:
    other = otlp.span("plain", trace=otlp.trace_id(7), id=otlp.span_id(1), start_ns=START_NS)
    sender.send(workflow(), other)
    assert sender.rows() == []


def test_runs_go_with_their_trace_and_with_their_service(sender: RunTable) -> None:
    sender.send(node(2), service="shop")
    sender.send(workflow(), service="front")
    delete(sender.store, Selection(service="front"))
    assert sender.row()["span_id"] is None
    delete(sender.store, Selection(service="shop"))
    assert sender.rows() == []
    for selection in (Selection(trace_ids=(otlp.trace_id(7).hex(),)), Selection(everything=True)):
        sender.send(node(2), workflow())
        assert sender.rows()
        delete(sender.store, selection)
        assert sender.rows() == []


def test_hostile_attributes_make_no_trouble(sender: RunTable) -> None:
    odd: dict[str, otlp.Value] = {
        "junjo.agent.outcome": ["failed"],
        "junjo.agent.usage": '{"fields":[1]}',
        "junjo.agent.model_request.count": -1,
        "junjo.workflow.node.count": "many",
        "junjo.parent_executable_type": {"a": 1},
        "junjo.correlation.id": b"bytes",
        "junjo.telemetry.contract_version": 2.5,
    }
    sender.send(workflow(more=odd), node(2, more=odd), node(5, place=Place(7, 4, "x", "y"), more=odd))
    ended, open_ = sender.rows()
    assert (ended["outcome"], ended["node_count"], ended["model_requests"]) == ("completed", None, None)
    assert (ended["correlation_id"], ended["contract_version"], ended["input_tokens"]) == (None, None, None)
    assert open_["owner_span_id"] == otlp.span_id(4).hex()


def test_many_spans_at_once_make_the_same_rows_as_few(tmp_path: Path) -> None:
    def runs(first: int) -> list[Span]:
        spans: list[Span] = []
        for trace in range(first, first + 400):
            number = trace * 10
            place = Place(trace, number, f"runtime-{number}", f"definition-{number}", "graph_a")
            spans += [executable("node", number + at, place, graph="graph_a") for at in range(1, 4)]
            if trace % 3:
                spans.append(executable("workflow", number, Place(trace), name="order", graph="graph_a"))
        return spans

    spans = runs(1)
    found = []
    for name, size in (("many", len(spans)), ("few", 100)):
        store = Store.open(tmp_path / name)
        sender = RunTable(store)
        for at in range(0, len(spans), size):
            sender.send(*spans[at : at + size], received_ns=RECEIVED_NS)
        found.append(sender.rows())
        store.close()
    assert len(found[0]) == 400
    assert found[0] == found[1]


MIGRATIONS = sorted((Path(opening.__file__).parent / "migrations").glob("[0-9]*.sql"))
_MADE = re.compile(r"^CREATE (TABLE|VIEW) (\S+)", re.MULTILINE)


def as_it_was_before(store: Store) -> None:
    """Take the table of runs away, as if an older version of the program had written the database."""
    made_later = [
        (kind, name)
        for number in range(5, len(MIGRATIONS) + 1)
        for kind, name in _MADE.findall(MIGRATIONS[number - 1].read_text(encoding="utf-8"))
    ]
    with store.write() as writer:
        for kind, name in reversed(made_later):
            writer.execute(f"DROP {kind} IF EXISTS {name}")
        writer.execute("DELETE FROM schema_migrations WHERE number >= 5")
        writer.execute("UPDATE derivation SET version = 2")


def test_runs_stored_by_an_older_version_are_there_when_the_database_is_opened(tmp_path: Path) -> None:
    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    table.send(workflow(), node(2), executable("node", 31, within(3, 30), graph="graph_a"))
    rows = table.rows()
    as_it_was_before(table.store)
    table.store.close()

    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    assert table.rows() == rows
    assert table.store.read(derivation_of).version == 2, "what a rebuild alone can tell is still missing"
    table.store.close()


def test_very_many_spans_of_an_older_version_wait_for_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    table.send(workflow(), node(2))
    rows = table.rows()
    as_it_was_before(table.store)
    table.store.close()

    monkeypatch.setattr("junjo_desktop.store.rebuild_executions.FILLED_AT_ONCE", 1)
    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    assert table.rows() == []
    rebuild(table.store)
    assert table.rows() == rows
    assert table.store.read(derivation_of).is_current
    table.store.close()


def test_what_waits_for_a_rebuild_is_not_counted_again_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    table.send(workflow(), node(2))
    as_it_was_before(table.store)
    table.store.close()

    monkeypatch.setattr("junjo_desktop.store.rebuild_executions.FILLED_AT_ONCE", 1)
    Store.open(tmp_path / "telemetry.duckdb").close()
    monkeypatch.setattr("junjo_desktop.store.rebuild_executions.FILLED_AT_ONCE", 50_000)
    table = RunTable(Store.open(tmp_path / "telemetry.duckdb"))
    assert table.rows() == []
    table.store.close()
