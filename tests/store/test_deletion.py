"""After a deletion the store is what it would be if only the rest had ever been received."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junjo_desktop.store import deletion, rewriting, victims
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.deletion import delete, toll_of
from junjo_desktop.store.occupancy import occupancy_of
from junjo_desktop.store.reach import reach_of
from junjo_desktop.store.removal import remove_traces
from junjo_desktop.store.selection import Selection, Toll
from tests.store.entries import Source
from tests.store.telemetry_model import (
    STORED,
    Model,
    Sent,
    SentLog,
    SentMetric,
    SentSpan,
    check_adds_up,
    check_holds,
    hex_id,
    rows,
)
from tests.support.otlp import span, span_id, trace_id

services = st.sampled_from("st")
sent_spans = st.builds(
    SentSpan,
    trace=st.integers(1, 4),
    span=st.integers(1, 3),
    service=services,
    is_root=st.booleans(),
    start_ns=st.integers(0, 8),
    name=st.sampled_from(["workflow", "node"]),
    failed=st.booleans(),
    operation=st.sampled_from(["", "chat", "embeddings"]),
    tokens=st.none() | st.integers(0, 5),
)
sent = sent_spans | st.builds(SentLog, trace=st.integers(0, 5), service=services) | st.builds(SentMetric, services)
selections = (
    st.lists(st.integers(1, 5).map(hex_id), min_size=1, max_size=3).map(lambda ids: Selection(trace_ids=tuple(ids)))
    | services.map(lambda name: Selection(service=name))
    | st.integers(0, 10).map(lambda when: Selection(before_ns=when))
    | st.just(Selection(everything=True))
)
kept_traces = st.frozensets(st.integers(1, 5).map(hex_id), max_size=2)
actions = st.lists(st.lists(sent, min_size=1, max_size=8) | st.tuples(selections, kept_traces), min_size=2, max_size=6)
clocks = st.lists(st.integers(0, 9), min_size=60, max_size=60)  # of the receiver; it may go back


@pytest.fixture
def in_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a few rows as many as millions: a transaction takes two traces or one row, a look finds three traces."""
    monkeypatch.setattr(victims, "_TRACES_AT_ONCE", 2)
    monkeypatch.setattr(victims, "_LOOKED_FOR", 3)
    monkeypatch.setattr(deletion, "_ROWS_AT_ONCE", 1)


# All examples use one store, emptied before each: making one costs more than what is tested.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=actions, clocks=clocks)
@pytest.mark.usefixtures("in_small_portions")
def test_what_is_left_is_as_if_nothing_else_had_ever_been_received(
    store: Store, actions: list[list[Sent] | tuple[Selection, frozenset[str]]], clocks: list[int]
) -> None:
    with store.write() as writer:
        for table in STORED:
            writer.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    model = Model(store)
    clock = iter(itertools.cycle(clocks)).__next__
    for action in actions:
        if isinstance(action, list):
            model.send(action, clock)
        else:
            _delete_and_check(model, *action)
        check_holds(model)


def _delete_and_check(model: Model, selection: Selection, kept: frozenset[str]) -> None:
    foretold = model.store.read(lambda cursor: toll_of(cursor, selection, kept))
    model.remember_received()
    progress: list[Toll] = []

    def look(so_far: Toll) -> None:
        progress.append(so_far)
        check_adds_up(model.store)

    taken = delete(model.store, selection, look, kept=kept)
    expected = model.delete(selection, kept)
    assert foretold == expected
    assert taken + Toll(kept=expected.kept) == expected
    assert progress[-1:] == ([taken] if taken else [])
    if not selection.trace_ids:
        for table, key in (("resources", "resource_id"), ("scopes", "scope_id")):
            referred = {row[key] for name in ("spans", "logs", "metrics") for row in rows(model.store, name)}
            assert {row[key] for row in rows(model.store, table)} == referred


def test_a_deleted_span_that_comes_again_is_new(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s"), SentSpan(1, 2, "t")], lambda: 5)
    for selection in (Selection(trace_ids=(hex_id(1),)), Selection(service="s"), Selection(everything=True)):
        delete(store, selection)
        model.delete(selection, frozenset())
        model.send([SentSpan(1, 1, "s", name="again")], lambda: 9)
        check_holds(model)
    assert [row["replaced_count"] for row in rows(store, "traces")] == [0]


def test_a_trace_shared_by_services_keeps_the_others_and_is_named_by_what_is_left(store: Store) -> None:
    model = Model(store)
    model.send(
        [SentSpan(1, 1, "front", name="request"), SentSpan(1, 2, "back", is_root=False, start_ns=3, name="query")],
        lambda: 5,
    )
    assert store.read(lambda cursor: toll_of(cursor, Selection(service="front"))) == Toll(traces=0, spans=1)
    assert delete(store, Selection(service="front")) == Toll(traces=0, spans=1)
    [trace] = rows(store, "traces")
    assert (trace["name"], trace["service_name"], trace["root_span_id"], trace["span_count"]) == (
        "query",
        "back",
        None,
        1,
    )
    assert [row["service_name"] for row in rows(store, "services")] == ["back"]


def test_only_whole_traces_that_ended_before_are_old(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s", start_ns=1), SentSpan(1, 2, "s", start_ns=7)], lambda: 1)
    model.send([SentSpan(2, 1, "s", start_ns=2), SentLog(0, "s"), SentLog(1, "s")], lambda: 1)
    model.send([SentLog(2, "s")], lambda: 9)
    assert delete(store, Selection(before_ns=8)) == Toll(traces=1, spans=1, logs=2)
    assert {row["trace_id"] for row in rows(store, "spans") + rows(store, "logs")} == {hex_id(1)}


@pytest.mark.parametrize("selection", [Selection(before_ns=99), Selection(service="s")])
def test_traces_that_were_received_at_different_times_go_in_one_transaction(store: Store, selection: Selection) -> None:
    model = Model(store)
    for trace in (1, 2, 3):
        model.send([SentSpan(trace, 1, "s"), SentSpan(trace, 2, "s")], partial(int, 10 - trace))
    progress: list[Toll] = []
    assert delete(store, selection, progress.append) == Toll(traces=3, spans=6)
    assert len(progress) == 1
    assert rows(store, "spans") == []


def test_starred_traces_stay_unless_they_are_named(store: Store) -> None:
    model = Model(store)
    # Of the third nothing has come but a log.
    model.send([SentSpan(1, 1, "s"), SentSpan(2, 1, "s"), SentLog(1, "s"), SentLog(3, "s"), SentMetric("s")], lambda: 1)
    kept = frozenset([hex_id(1), hex_id(3)])
    for selection in (Selection(before_ns=99), Selection(service="s"), Selection(everything=True)):
        assert store.read(partial(toll_of, selection=selection, kept=kept)).kept == 1
        delete(store, selection, kept=kept)
        assert [row["trace_id"] for row in rows(store, "spans")] == [hex_id(1)]
        assert [row["trace_id"] for row in rows(store, "logs")] == [hex_id(1), hex_id(3)]
    assert delete(store, Selection(trace_ids=(hex_id(1),)), kept=kept) == Toll(traces=1, spans=1, logs=1)


@pytest.mark.usefixtures("in_small_portions")
@pytest.mark.parametrize("selection", [Selection(service="s"), Selection(before_ns=99)])
def test_a_cancelled_deletion_says_what_it_took_and_leaves_the_rest_whole(store: Store, selection: Selection) -> None:
    model = Model(store)
    model.send([SentSpan(trace, one, "s") for trace in range(1, 6) for one in (1, 2)], lambda: 1)
    token = CancelToken()

    def cancel(_so_far: Toll) -> None:
        token.cancel()

    assert delete(store, selection, cancel, token) == Toll(traces=2, spans=4)
    check_adds_up(store)
    assert len(rows(store, "traces")) == 3
    assert delete(store, selection, token=token) == Toll()
    assert delete(store, selection) == Toll(traces=3, spans=6)


def test_everything_leaves_nothing(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s"), SentLog(1, "s"), SentLog(0, "t"), SentMetric("t")], lambda: 1)
    assert delete(store, Selection(everything=True)) == Toll(traces=1, spans=1, logs=2, metrics=1)
    assert [table for table in STORED if rows(store, table)] == []


def test_the_space_of_everything_is_worth_giving_back_whatever_it_is(store: Store) -> None:
    with store.write() as writer:
        writer.execute(
            """
            INSERT INTO metrics SELECT 's', md5(i::VARCHAR), '', '', 'sum', 0, 0, 0,
                   unhex(md5(random()::VARCHAR) || md5(random()::VARCHAR)), 'r', 'c', 0, 0
            FROM range(150_000) t(i)
            """
        )
        writer.execute("INSERT INTO services VALUES ('s', 0, 0, 0, 150_000, 0, 0)")
    store.checkpoint()
    full = store.size_bytes()
    assert delete(store, Selection(everything=True)) == Toll(metrics=150_000)
    store.checkpoint()
    occupancy = store.read(lambda cursor: occupancy_of(cursor, store.path))
    assert rewriting.pays(occupancy)
    assert rewriting.rewrite(store, occupancy, lambda _share: None, CancelToken()) > 0
    assert store.size_bytes() < full / 4


def test_a_trace_without_any_time_is_as_old_as_what_was_received_of_it(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s", start_ns=0)], lambda: 7)
    assert delete(store, Selection(before_ns=7)) == Toll()
    assert delete(store, Selection(before_ns=8)) == Toll(traces=1, spans=1)


@pytest.mark.usefixtures("in_small_portions")
def test_what_arrives_during_a_deletion_is_stored_and_every_reader_sees_sums_that_agree(
    store: Store, source: Source, index: Callable[[], None]
) -> None:
    sent = itertools.count()
    stop = threading.Event()
    troubles: list[BaseException] = []

    def send() -> None:
        while not stop.is_set():
            number = next(sent)
            for service in ("s", "t"):
                one = span(trace=trace_id(number % 7 + 1), id=span_id(number % 40 + 1), start_ns=1)
                source.append_spans(one, service=service)
            index()

    def watch() -> None:
        while not stop.is_set():
            check_adds_up(store)

    threads = [threading.Thread(target=_note, args=(work, troubles)) for work in (send, watch)]
    for thread in threads:
        thread.start()
    selections = (
        Selection(trace_ids=(hex_id(1), hex_id(2))),
        Selection(service="s"),
        Selection(before_ns=99),
        Selection(everything=True),
    )
    try:
        for selection in selections * 5:
            delete(store, selection)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not troubles
    source.append_spans(span(trace=trace_id(50), start_ns=1), service="late")
    index()
    check_adds_up(store)
    assert "late" in {row["service_name"] for row in rows(store, "services")}
    assert not source.quarantined


def _note(work: Callable[[], None], troubles: list[BaseException]) -> None:
    try:
        work()
    except BaseException as trouble:
        troubles.append(trouble)
        raise


def test_a_trace_that_grew_since_it_was_looked_for_goes_whole_or_stays_when_it_is_old_no_more(store: Store) -> None:
    model = Model(store)
    model.send([SentSpan(1, 1, "s", start_ns=1), SentSpan(2, 1, "s", start_ns=1)], lambda: 5)
    reach = reach_of(Selection(before_ns=50), ())
    [portion] = victims.portions(store, reach)
    # Received by a clock that went back, and by one that went on.
    model.send([SentSpan(1, 2, "s", start_ns=2)], lambda: 1)
    model.send([SentSpan(1, 3, "s", start_ns=2), SentSpan(2, 2, "s", start_ns=70)], lambda: 9)
    with store.write() as writer:
        taken = remove_traces(writer, portion.traces & reach.still, portion.logs)
    assert taken == Toll(traces=1, spans=3)
    check_adds_up(store)
    assert [row["trace_id"] for row in rows(store, "traces")] == [hex_id(2)]


@pytest.mark.parametrize("fields", [{}, {"everything": True, "service": "s"}, {"trace_ids": ("a",), "before_ns": 1}])
def test_a_selection_is_of_exactly_one_kind(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Selection(**fields)  # type: ignore[arg-type]  # any of them, on purpose
