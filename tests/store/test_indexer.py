"""From the journal to the store: each entry exactly once, whatever the order and whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.receiver.journal import Journal
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from junjo_desktop.store.summaries import TraceSummary
from junjo_desktop.telemetry.intake import Signal
from tests.store.conftest import DRAIN_S
from tests.store.entries import Source
from tests.support.otlp import Value, logs_request, span, span_id, trace_id, trace_request

Drain = Callable[[], None]


def rows(store: Store, query: str, *params: object) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query, list(params)).fetchall())


def one(store: Store, query: str, *params: object) -> Any:
    [[value]] = rows(store, query, *params)
    return value


def summary(store: Store, trace: bytes) -> dict[str, Any]:
    """The row of a trace, without the times of reception."""
    [row] = rows(store, "FROM traces WHERE trace_id = ?", trace.hex())
    found = asdict(TraceSummary(*row))
    del found["first_received_ns"], found["last_received_ns"]
    return found


def test_spans_logs_and_metrics_of_every_request_are_stored(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(span("a"), span("b"), service="one")
    source.append(logs_request("hello", {"k": 1}, service="two"), Signal.LOGS)
    source.append_spans(span("c"), service="two")
    index()
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("a",), ("b",), ("c",)]
    assert rows(store, "SELECT body_text FROM logs ORDER BY body_text") == [("hello",), ('{"k":1}',)]
    assert rows(store, "SELECT service_name, span_count, log_count FROM services ORDER BY 1") == [
        ("one", 2, 0),
        ("two", 1, 2),
    ]


def test_what_is_stored_is_trimmed_and_the_position_is_kept(store: Store, source: Source, index: Drain) -> None:
    for _ in range(3):
        source.append_spans(span())
    index()
    assert source.entries == {}
    assert rows(store, "SELECT journal_id, position FROM intake_position") == [("journal", 3)]


def test_after_a_crash_between_commit_and_trim_nothing_is_stored_twice(store: Store, source: Source) -> None:
    source.append_spans(span("a"))
    source.append_spans(span("b"))
    kept = dict(source.entries)
    run(store, source)
    crashed = Source(source.journal_id)
    crashed.entries = kept
    crashed._last_seq = 2
    crashed.append_spans(span("c"))
    run(store, crashed)
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("a",), ("b",), ("c",)]
    assert one(store, "SELECT sum(replaced_count) FROM traces") == 0
    assert crashed.entries == {}


def test_a_new_journal_begins_at_its_own_start(store: Store) -> None:
    first, second = Source("first"), Source("second")
    first.append_spans(span("a"))
    first.append_spans(span("b"))
    second.append_spans(span("c"))
    run(store, first)
    run(store, second)
    assert one(store, "SELECT count(*) FROM spans") == 3


def test_what_is_stored_survives_closing_and_opening(path: Path, source: Source) -> None:
    store = Store.open(path)
    source.append_spans(span("a"))
    run(store, source)
    store.close()
    store = Store.open(path)
    source.append_spans(span("b"))
    run(store, source)
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("a",), ("b",)]
    store.close()


def test_the_root_names_its_trace_even_when_it_arrives_last(store: Store, source: Source, index: Drain) -> None:
    trace, root = trace_id(), span_id()
    source.append_spans(span("child", trace=trace, parent=root, start_ns=1_000, duration_ns=5_000, error="boom"))
    index()
    before = summary(store, trace)
    assert (before["name"], before["root_span_id"], before["root_count"]) == ("child", None, 0)
    source.append_spans(span("root", trace=trace, id=root, start_ns=2_000, duration_ns=1_000), service="front")
    index()
    found = summary(store, trace)
    assert (found["name"], found["root_span_id"], found["service_name"]) == ("root", root.hex(), "front")
    assert (found["start_ns"], found["end_ns"], found["duration_ns"]) == (1_000, 6_000, 5_000)
    assert (found["span_count"], found["error_count"]) == (2, 1)
    assert rows(store, "SELECT service_name, span_count FROM trace_services ORDER BY 1") == [("front", 1), ("shop", 1)]


def test_calls_of_models_and_their_tokens_are_counted(store: Store, source: Source, index: Drain) -> None:
    trace = trace_id()
    call: dict[str, Value] = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 10}
    workflow: dict[str, Value] = {"junjo.span_type": "workflow"}
    source.append_spans(span(trace=trace, attributes=call), span(trace=trace, attributes=workflow))
    index()
    source.append_spans(span(trace=trace, attributes=call))
    index()
    found = summary(store, trace)
    assert (found["llm_count"], found["input_tokens"], found["workflow_count"]) == (2, 20, 1)


@pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "across batches"])
def test_a_span_received_again_replaces_the_earlier_one(
    store: Store, source: Source, index: Drain, apart: bool
) -> None:
    trace, twice, other = trace_id(), span_id(), span_id()
    source.append_spans(span("first", trace=trace, id=twice, start_ns=10, duration_ns=100, error="no"), service="old")
    source.append_spans(span("other", trace=trace, id=other, start_ns=5, parent=twice))
    if apart:
        index()
    source.append_spans(span("second", trace=trace, id=twice, start_ns=20, duration_ns=10), service="new")
    index()
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("other",), ("second",)]
    found = summary(store, trace)
    assert (found["name"], found["span_count"], found["error_count"], found["replaced_count"]) == ("second", 2, 0, 1)
    assert found["start_ns"] == 5
    assert rows(store, "SELECT service_name, span_count FROM trace_services ORDER BY 1") == [("new", 1), ("shop", 1)]
    counts = dict(rows(store, "SELECT service_name, span_count FROM services"))
    assert counts["new"] == 1
    assert counts.get("old", 0) == 0
    assert one(store, "SELECT sum(error_count) FROM services") == 0


def test_a_request_sent_again_changes_nothing_but_its_count(store: Store, source: Source, index: Drain) -> None:
    trace = trace_id()
    request = trace_request(span("root", trace=trace, error="x"), span("child", trace=trace, parent=span_id()))
    source.append(request)
    index()
    before = summary(store, trace)
    source.append(request)
    index()
    assert summary(store, trace) == before | {"replaced_count": 2}
    assert rows(store, "SELECT span_count, error_count FROM services") == [(2, 1)]


def test_the_same_span_id_in_two_traces_is_two_spans(store: Store, source: Source, index: Drain) -> None:
    shared = span_id()
    source.append_spans(span("a", id=shared), span("b", id=shared))
    index()
    source.append_spans(span("c", id=shared))
    index()
    assert one(store, "SELECT count(*) FROM spans") == 3


def test_a_trace_of_a_hundred_thousand_spans_has_one_summary(store: Store, source: Source, index: Drain) -> None:
    trace, root = trace_id(), span_id()
    for start in range(0, 100_000, 5_000):
        source.append_spans(
            *(span("step", trace=trace, parent=root, start_ns=start + i, duration_ns=1) for i in range(5_000))
        )
    source.append_spans(span("root", trace=trace, id=root, start_ns=1, duration_ns=200_000))
    index()
    found = summary(store, trace)
    assert (found["span_count"], found["name"], found["duration_ns"]) == (100_001, "root", 200_000)


def test_a_request_that_cannot_be_decoded_is_put_aside_and_the_rest_is_stored(
    store: Store, source: Source, index: Drain
) -> None:
    source.append_spans(span("before"))
    broken = source.append_bytes(b"\xff\xff not a request")
    source.append_spans(span("behind"))
    index()
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("before",), ("behind",)]
    assert list(source.quarantined) == [broken]
    assert "DecodeError" in source.quarantined[broken]


def test_a_request_that_the_database_refuses_is_put_aside_and_the_rest_is_stored(store: Store, source: Source) -> None:
    # A rule that only this request breaks stands for a bug that only this request meets.
    with store.write() as writer:
        writer.execute("CREATE UNIQUE INDEX one_name ON spans (name)")
    source.append_spans(span("a"))
    source.append_spans(span("b"), span("b"))
    source.append_spans(span("c"))
    indexer = run(store, source)
    assert rows(store, "SELECT name FROM spans ORDER BY name") == [("a",), ("c",)]
    assert list(source.quarantined) == [2]
    assert indexer.quarantined == 1
    assert indexer.position == 3
    assert rows(store, "SELECT span_count FROM services") == [(2,)]
    assert indexer.last_error is None


def test_a_request_without_anything_to_store_moves_the_position_on(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(span(trace=bytes(16)))
    source.append_spans()
    index()
    assert rows(store, "SELECT position FROM intake_position") == [(2,)]
    assert one(store, "SELECT count(*) FROM spans") == 0


def test_everyone_is_told_after_each_stored_batch(store: Store, source: Source) -> None:
    told = threading.Event()
    seen: list[int] = []

    def on_stored() -> None:
        seen.append(one(store, "SELECT count(*) FROM spans"))
        told.set()

    indexer = Indexer(store, source, on_stored)
    indexer.start()
    source.append_spans(span())
    assert told.wait(DRAIN_S)
    indexer.stop()
    assert seen == [1]


def test_a_listener_that_fails_does_not_stop_the_indexer(store: Store, source: Source) -> None:
    def on_stored() -> None:
        raise ValueError("listener")

    indexer = Indexer(store, source, on_stored)
    indexer.start()
    for _ in range(2):
        source.append_spans(span())
        assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert one(store, "SELECT count(*) FROM spans") == 2


def test_a_failing_environment_loses_nothing_and_is_told_until_it_is_over(store: Store, source: Source) -> None:
    indexer = Indexer(store, source, lambda: None)
    with store.write() as writer:
        writer.execute("ALTER TABLE intake_position RENAME TO elsewhere")
    source.append_spans(span())
    indexer.start()
    assert not indexer.drain(1.0)
    assert "intake_position" in (indexer.last_error or "")
    assert (len(source.entries), source.quarantined) == (1, {})
    with store.write() as writer:
        writer.execute("ALTER TABLE elsewhere RENAME TO intake_position")
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    assert indexer.last_error is None
    assert one(store, "SELECT count(*) FROM spans") == 1


def test_an_indexer_that_stops_leaves_the_rest_in_the_journal(store: Store, source: Source) -> None:
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    indexer.stop()
    source.append_spans(span())
    assert indexer.waiting == 1
    run(store, source)
    assert one(store, "SELECT count(*) FROM spans") == 1


def test_the_real_journal_is_emptied_exactly_once(store: Store, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "intake.sqlite3")
    try:
        for number in range(5):
            journal.append(Signal.TRACES, trace_request(span(f"{number}")).SerializeToString(), 1, number + 1)
        journal.append(Signal.TRACES, b"\xff", 1, 9)
        indexer = Indexer(store, journal, lambda: None)
        indexer.start()
        assert indexer.drain(DRAIN_S)
        assert indexer.waiting == 0
        indexer.stop()
        assert rows(store, "SELECT name, arrival FROM spans ORDER BY name") == [(f"{n}", n + 1) for n in range(5)]
        assert journal.quarantined == 1
    finally:
        journal.close()


def run(store: Store, source: Source) -> Indexer:
    """Index what is there, as one life of the app does."""
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S), indexer.last_error
    indexer.stop()
    return indexer


def test_stopping_at_any_moment_and_going_on_stores_everything_once(store: Store, source: Source) -> None:
    for _ in range(40):
        source.append_spans(*(span() for _ in range(1_000)))
    lives: list[Indexer] = []
    while source.entries:
        stored = threading.Event()

        def on_stored(stored: threading.Event = stored) -> None:
            lives[-1].stop()
            stored.set()

        lives.append(Indexer(store, source, on_stored))
        lives[-1].start()
        assert stored.wait(DRAIN_S)
        lives[-1].stop()
    assert len(lives) >= 3
    assert rows(store, "SELECT count(*), (SELECT sum(span_count) FROM traces) FROM spans") == [(40_000, 40_000)]
    assert one(store, "SELECT sum(replaced_count) FROM traces") == 0


def test_text_of_any_kind_is_stored_as_it_came(store: Store, source: Source, index: Drain) -> None:
    hostile = "\x00\u202e🦆\U0010ffff<b>'; DROP TABLE spans; --" + "x" * 1_000_000
    sent = span(hostile, attributes={hostile: hostile})
    source.append_spans(sent, service="'; DROP TABLE services; --")
    index()
    assert rows(store, "SELECT name, service_name FROM spans") == [(hostile, "'; DROP TABLE services; --")]
    assert one(store, "SELECT span_count FROM services WHERE service_name = ?", "'; DROP TABLE services; --") == 1
