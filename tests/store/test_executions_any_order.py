"""Whatever arrives, in whatever order and how often: the table of runs is what a rebuild makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import Selection, delete
from junjo_desktop.store.rebuild import rebuild
from tests.store.run_table import RunTable
from tests.store.sending import RECEIVED_NS
from tests.support import otlp
from tests.support.junjo_spans import START_NS, Generation, Place, executable, operation

PLACES = st.builds(
    Place,
    trace=st.integers(1, 2),
    parent=st.integers(0, 6),
    runtime=st.sampled_from([None, "runtime-1", "runtime-2", "definition-1", "group"]),
    definition=st.sampled_from([None, "definition-1", "definition-2", "group"]),
    structure=st.sampled_from([None, "graph_a", "graph_b", "node_group", "agent_sha256:a"]),
    type=st.sampled_from([None, "workflow", "subflow", "agent", "node", "run_concurrent"]),
)
EXECUTABLES = st.builds(
    executable,
    st.sampled_from(["workflow", "subflow", "agent", "node", "run_concurrent", "other"]),
    st.integers(1, 6),
    PLACES,
    generation=st.sampled_from(list(Generation)),
    runtime=st.sampled_from(["", "runtime-1", "definition-1"]),
    definition=st.sampled_from(["", "definition-1"]),
    graph=st.sampled_from(["", "graph_a"]),
    error=st.sampled_from([None, "it broke"]),
    more=st.sampled_from(
        [{}, {"junjo.correlation.id": "a"}, {"junjo.correlation.type": "b", "junjo.correlation.id": "b"}]
    ),
)
OPERATIONS = st.builds(
    operation,
    st.integers(1, 6),
    PLACES.filter(lambda place: place.runtime is not None),
    type=st.sampled_from(["model_request", "tool"]),
    agent_key=st.sampled_from(["planner", "writer"]),
    tokens=st.sampled_from([None, (3, 1)]),
)
PLAIN = st.builds(
    lambda trace, number: otlp.span("plain", trace=otlp.trace_id(trace), id=otlp.span_id(number), start_ns=START_NS),
    st.integers(1, 2),
    st.integers(1, 6),
)
SENT = st.tuples(st.one_of(EXECUTABLES, EXECUTABLES, OPERATIONS, PLAIN), st.sampled_from(["shop", "front"]))


@pytest.fixture(scope="module")
def wiped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], RunTable]]:
    store = Store.open(tmp_path_factory.mktemp("executions") / "telemetry.duckdb")

    def wipe() -> RunTable:
        delete(store, Selection(everything=True))
        with store.write() as writer:
            writer.execute("DELETE FROM intake_position")
        return RunTable(store)

    yield wipe
    store.close()


def key_of(sent: tuple[Span, str]) -> bytes:
    return sent[0].trace_id + sent[0].span_id


def in_batches(sender: RunTable, sent: Sequence[tuple[Span, str]], rnd: random.Random) -> None:
    """Send all in batches of random size, each span a request of its own; when it was received depends on itself."""
    rest = list(sent)
    while rest:
        size = rnd.randint(1, 3)
        batch, rest = rest[:size], rest[size:]
        requests = [((span,), service, RECEIVED_NS + span.span_id[-1]) for span, service in batch]
        sender.send_together(requests, "1.2")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SENT, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_runs_as_a_rebuild(
    wiped: Callable[[], RunTable], sent: list[tuple[Span, str]], rnd: random.Random
) -> None:
    sender = wiped()
    in_batches(sender, sent, rnd)
    rows = sender.rows()
    assert rebuild(sender.store).position.summaries_changed == 0
    assert sender.rows() == rows

    last = {key_of(one): one for one in sent}
    again = wiped()
    shuffled = rnd.sample(list(last.values()), len(last))
    in_batches(again, [*shuffled, *rnd.sample(shuffled, rnd.randint(0, len(shuffled)))], rnd)
    assert again.rows() == rows


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SENT, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_a_rebuild_makes_the_runs_from_nothing(
    wiped: Callable[[], RunTable], sent: list[tuple[Span, str]], rnd: random.Random
) -> None:
    sender = wiped()
    in_batches(sender, sent, rnd)
    rows = sender.rows()
    with sender.store.write() as writer:
        writer.execute("DELETE FROM executions")
    rebuild(sender.store)
    assert sender.rows() == rows


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SENT, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_deleting_a_service_leaves_what_the_other_spans_tell(
    wiped: Callable[[], RunTable], sent: list[tuple[Span, str]], rnd: random.Random
) -> None:
    sender = wiped()
    in_batches(sender, sent, rnd)
    delete(sender.store, Selection(service="front"))
    rows = sender.rows()
    rebuild(sender.store)
    assert sender.rows() == rows
