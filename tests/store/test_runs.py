"""Lists of runs: filters, orders, groups, neighbours, and what an open run is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store import run_queries, runs
from junjo_desktop.store.database import Store
from junjo_desktop.store.execution import LOST_AFTER_NS
from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome, RunSort, RunSortBy
from junjo_desktop.store.run_listings import RunIds, RunKey, RunListing, RunRow
from junjo_desktop.telemetry.query.error import QueryError
from tests.store.sending import RECEIVED_NS, Sender
from tests.support import otlp
from tests.support.junjo_spans import START_NS, Generation, Place, executable, operation

NOW_NS = RECEIVED_NS + 10**9
SECOND_NS = 10**9


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    store = Store.open(tmp_path / "telemetry.duckdb")
    yield Sender(store)
    store.close()


def run(number: int, name: str = "order", **fields: Any) -> Span:
    """A workflow in a trace of its own, a second after the one before, and as many milliseconds long as its number."""
    fields.setdefault("kind", "workflow")
    fields.setdefault("graph", f"graph_{name}")
    kind = fields.pop("kind")
    made = executable(kind, number, Place(number), name=name, start_ns=START_NS + number * SECOND_NS, **fields)
    made.end_time_unix_nano = made.start_time_unix_nano + number * 1_000_000
    return made


def child(number: int, owner: int, name: str = "order", **fields: Any) -> Span:
    """A node of the workflow with the number `owner`."""
    place = Place(owner, owner, f"runtime-{owner}", f"definition-{owner}", f"graph_{name}")
    start_ns = START_NS + owner * SECOND_NS
    return executable("node", number, place, graph=f"graph_{name}", start_ns=start_ns, **fields)


def whole(sender: Sender, sort: RunSort | None = None, now_ns: int = NOW_NS, **chosen: Any) -> RunListing:
    return sender.store.read(
        lambda cursor: run_queries.whole_listing(cursor, RunFilter(**chosen), sort or RunSort(), now_ns)
    )


def listed(sender: Sender, sort: RunSort | None = None, now_ns: int = NOW_NS, **chosen: Any) -> list[int]:
    """Return the numbers of the runs, in order; the top of the list is read in both ways."""
    found = whole(sender, sort, now_ns, **chosen)
    top = sender.store.read(
        lambda cursor: run_queries.first_page(cursor, RunFilter(**chosen), sort or RunSort(), now_ns)
    )
    assert top.ids == found.ids
    assert list(top.first_rows.values()) == list(found.first_rows.values())
    return [int(found.ids[row][32:], 16) for row in range(len(found.ids))]


def rows(sender: Sender, now_ns: int = NOW_NS, **chosen: Any) -> list[RunRow]:
    found = whole(sender, now_ns=now_ns, **chosen)
    return [found.first_rows[found.ids[row]] for row in range(len(found.ids))]


def test_the_newest_run_comes_first_and_subflows_are_asked_for(sender: Sender) -> None:
    sender.send(run(1), run(3), run(2), run(4, kind="subflow"), run(5, kind="agent"))
    assert listed(sender) == [3, 2, 1]
    assert listed(sender, with_subflows=True) == [4, 3, 2, 1]
    assert listed(sender, kind=RunKind.AGENTS) == [5]


def test_runs_are_filtered_by_what_is_known_of_them(sender: Sender) -> None:
    sender.send(run(1), service="shop", version="1")
    correlated: dict[str, otlp.Value] = {"junjo.correlation.id": "A-7"}
    sender.send(run(2, "refund", more=correlated), service="front", version="2")
    sender.send(run(3, error="no stock", more={"error.type": "StockError"}), run(4, more={"junjo.cancelled": True}))
    assert listed(sender, service="front") == [2]
    assert listed(sender, name="refund") == [2]
    assert listed(sender, version="2") == [2]
    assert listed(sender, correlation_id="A-7") == [2]
    assert listed(sender, outcomes=frozenset((RunOutcome.FAILED, RunOutcome.CANCELLED))) == [4, 3]
    assert listed(sender, since_ns=START_NS + 2 * SECOND_NS, until_ns=START_NS + 3 * SECOND_NS) == [3, 2]
    assert listed(sender, min_duration_ns=2_000_000, max_duration_ns=3_000_000) == [3, 2]
    for text in ("STOCK", "no stock", "stockerr", otlp.trace_id(3).hex(), "runtime-3"):
        assert listed(sender, text=text) == [3]
    assert listed(sender, text="a-7") == [2]
    assert listed(sender, text="50%") == []


def test_a_text_is_a_query_and_its_words_are_found_in_the_state_too(sender: Sender) -> None:
    sender.send(run(1, more={"junjo.workflow.state.start": '{"question": "where is “it”?"}'}), run(2))
    sender.send(run(3, error="no stock"))
    assert listed(sender, text='"Where is “IT”?"') == [1]
    assert listed(sender, text="outcome:failed OR question") == [3, 1]
    assert listed(sender, text="-question") == [3, 2]
    with pytest.raises(QueryError):
        listed(sender, text="name ~ (")


@pytest.mark.parametrize("by", list(RunSortBy))
def test_every_order_has_every_run_once(sender: Sender, by: RunSortBy) -> None:
    sender.send(run(1, "b"), run(2, "a", error="broke"), child(31, 3), run(4, "c", kind="subflow"))
    for descending in (True, False):
        found = listed(sender, RunSort(by, descending), with_subflows=True)
        assert sorted(found) == [1, 2, 3, 4]


def test_orders_compare_what_they_say(sender: Sender) -> None:
    sender.send(run(1, "b"), run(2, "A", error="broke"), run(3, "c", more={"junjo.workflow.node.count": 4}))
    assert listed(sender, RunSort(RunSortBy.NAME, False)) == [2, 1, 3]
    assert listed(sender, RunSort(RunSortBy.DURATION)) == [3, 2, 1]
    assert listed(sender, RunSort(RunSortBy.OUTCOME, False)) == [2, 3, 1]
    assert listed(sender, RunSort(RunSortBy.NODES)) == [3, 2, 1]
    assert listed(sender, RunSort(RunSortBy.NODES, False)) == [3, 2, 1], "what has no value is last"


def test_an_open_run_is_named_after_the_newest_of_its_graph(sender: Sender) -> None:
    sender.send(run(1, "old name", graph="graph_order"), run(2, graph="graph_order"), child(31, 3))
    open_run = rows(sender)[0]
    assert (open_run.name, open_run.name_source, open_run.type) == ("order", "inferred", "workflow")
    sender.send(child(91, 9, "never seen"))
    unknown = rows(sender)[0]
    assert (unknown.name, unknown.name_source, unknown.type) == ("", "unknown", "workflow")
    sender.send(run(3, "the name it sent", graph="graph_order"))
    assert {row.name: row.name_source for row in rows(sender)}["the name it sent"] == "sent"


def test_an_open_run_of_old_is_named_after_the_newest_of_its_object(sender: Sender) -> None:
    g0 = Generation.G0
    sender.send(run(1, definition="one", generation=g0))
    place = Place(3, 3, None, "one")
    sender.send(executable("node", 31, place, generation=g0))
    [open_run] = rows(sender, outcomes=frozenset((RunOutcome.RUNNING,)))
    assert (open_run.name, open_run.name_source) == ("order", "inferred")


def test_an_open_agent_is_named_after_the_newest_of_its_key(sender: Sender) -> None:
    said: dict[str, otlp.Value] = {"junjo.agent.key": "planner", "junjo.agent.name": "Planner"}
    sender.send(run(1, kind="agent", more=said), operation(31, Place(3, 3, "runtime-3"), tokens=(7, 2)))
    [open_run] = rows(sender, kind=RunKind.AGENTS, outcomes=frozenset((RunOutcome.RUNNING,)))
    assert (open_run.name, open_run.name_source, open_run.input_tokens) == ("Planner", "inferred", 7)


def test_of_two_open_runs_in_a_trace_the_later_one_is_taken_for_a_subflow(sender: Sender) -> None:
    inner = Place(3, 5, "runtime-5", "definition-5", "graph_tax")
    sender.send(child(31, 3), executable("node", 51, inner, graph="graph_tax", start_ns=START_NS + 3 * SECOND_NS + 1))
    assert listed(sender) == [3]
    assert listed(sender, with_subflows=True) == [5, 3]
    sender.send(run(1, "tax"))
    assert listed(sender) == [5, 3, 1], "a workflow with that graph has been seen"


def test_an_open_run_is_running_while_its_trace_is_heard_of_and_lost_then(sender: Sender) -> None:
    sender.send(child(31, 3), received_ns=RECEIVED_NS)
    later = RECEIVED_NS + LOST_AFTER_NS + 1
    assert rows(sender)[0].outcome is RunOutcome.RUNNING
    assert rows(sender)[0].duration_ns == NOW_NS - START_NS - 3 * SECOND_NS
    assert rows(sender, later)[0].outcome is RunOutcome.LOST
    assert rows(sender, later)[0].duration_ns == RECEIVED_NS - START_NS - 3 * SECOND_NS
    assert listed(sender, now_ns=later, outcomes=frozenset((RunOutcome.LOST,))) == [3]
    assert listed(sender, now_ns=later, outcomes=frozenset((RunOutcome.RUNNING,))) == []
    foreign = otlp.span("call", trace=otlp.trace_id(3), id=otlp.span_id(7), parent=otlp.span_id(32))
    sender.send(foreign, received_ns=later)
    [heard] = rows(sender, later)
    assert (heard.outcome, heard.heard_ns) == (RunOutcome.RUNNING, later)


def test_a_workflow_alone_in_its_trace_has_the_tokens_of_its_trace(sender: Sender) -> None:
    said: dict[str, otlp.Value] = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 12}
    call = otlp.span("chat", trace=otlp.trace_id(1), id=otlp.span_id(7), parent=otlp.span_id(1), attributes=said)
    sender.send(run(1), call, run(2))
    assert [row.input_tokens for row in rows(sender)] == [None, 12]
    assert listed(sender, RunSort(RunSortBy.TOKENS)) == [1, 2]
    beside = executable("workflow", 8, Place(1), name="beside", start_ns=START_NS + 8 * SECOND_NS)
    sender.send(beside)
    assert [row.input_tokens for row in rows(sender)] == [None, None, None]


def test_rows_that_are_gone_are_left_out(sender: Sender) -> None:
    sender.send(run(1))
    key = RunKey(otlp.trace_id(1).hex(), otlp.span_id(1).hex()).text()
    found = sender.store.read(lambda cursor: run_queries.rows(cursor, [key, key[:32] + "f" * 16, "0" * 48], NOW_NS))
    assert list(found) == [key]


def test_a_run_that_ends_is_not_new(sender: Sender) -> None:
    sender.send(child(31, 3))
    shown = whole(sender)
    sender.send(run(3))
    sender.send(run(4))
    again = sender.store.read(lambda cursor: run_queries.whole_listing(cursor, RunFilter(), RunSort(), NOW_NS, shown))
    assert (len(again.ids), again.new, again.stored) == (2, 1, 2)
    many = replace(shown, ids=RunIds())
    again = sender.store.read(lambda cursor: run_queries.whole_listing(cursor, RunFilter(), RunSort(), NOW_NS, many))
    assert again.new == 2


def test_runs_are_grouped_by_name_and_service(sender: Sender) -> None:
    sender.send(run(1), run(2, error="broke"), run(3), run(4, more={"junjo.cancelled": True}), child(51, 5))
    sender.send(run(6), service="front")
    found = sender.store.read(lambda cursor: run_queries.groups(cursor, RunFilter(), NOW_NS))
    assert [(group.service_name, group.name, group.count) for group in found] == [
        ("front", "order", 1),
        ("shop", "order", 5),
    ]
    shop = found[1]
    assert (shop.completed, shop.failed, shop.cancelled, shop.running, shop.lost) == (2, 1, 1, 1, 0)
    assert shop.failure_rate == 0.25
    assert (shop.p50_ns, shop.p95_ns) == (2_000_000, 4_000_000)
    assert (shop.last_outcome, shop.last_key) == (
        RunOutcome.RUNNING,
        RunKey(otlp.trace_id(5).hex(), otlp.span_id(5).hex()).text(),
    )
    assert sender.store.read(lambda cursor: run_queries.groups(cursor, RunFilter(name="no"), NOW_NS)) == ()


def test_facets_count_what_can_be_chosen(sender: Sender) -> None:
    reason: dict[str, otlp.Value] = {"junjo.agent.termination_reason": "final_output"}
    sender.send(run(1), run(2), run(3, "refund"), run(4, kind="agent", more=reason))
    workflows, agents = (
        sender.store.read(lambda cursor, kind=kind: run_queries.facets(cursor, kind))  # type: ignore[misc]  # bound now
        for kind in (RunKind.WORKFLOWS, RunKind.AGENTS)
    )
    assert (workflows.names, workflows.services, workflows.versions) == (
        {"order": 2, "refund": 1},
        {"shop": 3},
        {"1.2": 3},
    )
    assert (agents.names, agents.termination_reasons) == ({"order": 1}, {"final_output": 1})


def test_neighbours_are_the_runs_of_the_same_name_before_and_after(sender: Sender) -> None:
    sender.send(run(1), run(2, "refund"), run(3), run(5))
    sender.send(run(4), service="front")

    def key(number: int) -> RunKey:
        return RunKey(otlp.trace_id(number).hex(), otlp.span_id(number).hex())

    def around(number: int) -> Any:
        where = key(number)
        return sender.store.read(lambda cursor: runs.neighbours(cursor, where.trace_id, where.owner_span_id))

    found = around(3)
    assert (found.older, found.newer, found.position, found.count) == (key(1), key(5), 2, 3)
    assert (around(1).older, around(5).newer, around(5).position) == (None, None, 3)
    assert around(9) is None


def test_a_run_is_found_by_its_runtime_id_before_and_after_it_ends(sender: Sender) -> None:
    sender.send(child(31, 3))
    found = sender.store.read(lambda cursor: runs.find_execution(cursor, "runtime-3"))
    assert found is not None
    assert (found.trace_id, found.span_id, found.count) == (otlp.trace_id(3).hex(), None, 1)
    sender.send(run(3))
    found = sender.store.read(lambda cursor: runs.find_execution(cursor, "runtime-3"))
    assert found is not None
    assert found.span_id == found.owner_span_id == otlp.span_id(3).hex()
    sender.send(run(8, runtime="runtime-3"))
    found = sender.store.read(lambda cursor: runs.find_execution(cursor, "runtime-3"))
    assert found is not None
    assert (found.trace_id, found.count) == (otlp.trace_id(8).hex(), 2)
    assert sender.store.read(lambda cursor: runs.find_execution(cursor, "nobody")) is None
