"""Clocks that go back by hours and forward by years while spans come in: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from junjo_desktop.store import lookup
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.conftest import DRAIN_S
from tests.store.entries import Source
from tests.support.eventually import eventually
from tests.support.otlp import span, span_id, trace_id

NOW = 1_795_183_378_000_000_000
HOUR = 3_600 * 10**9
YEARS = 10 * 365 * 24 * HOUR
JUMPS = {
    "back by hours": (NOW, NOW - 5 * HOUR, NOW - 4 * HOUR),
    "forward by years and back": (NOW, NOW + YEARS, NOW + HOUR),
    "to 1970": (NOW, 5, NOW),
    "to and fro": (NOW, NOW + YEARS, NOW - YEARS, NOW + 2 * YEARS, NOW - HOUR),
    "standing still": (NOW, NOW, NOW),
}

Drain = Callable[[], None]


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.read(lambda cursor: cursor.execute(query).fetchall())


@pytest.fixture
def index(store: Store, source: Source) -> Iterator[Drain]:
    """As the fixture of the same name, but no clock has any part in it."""
    indexer = Indexer(store, source, lambda: None)
    indexer.start()

    def all_stored() -> None:
        assert eventually(lambda: source.waiting(indexer.position) == 0, DRAIN_S), indexer.last_error

    yield all_stored
    indexer.stop()


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("apart", [True, False], ids=["a batch each", "together"])
def test_a_trace_is_whole_and_each_span_there_once(
    store: Store, source: Source, index: Drain, jump: str, apart: bool
) -> None:
    trace, root, twice = trace_id(), span_id(), span_id()
    times = JUMPS[jump]
    for number, received_ns in enumerate(times):
        source.append_spans(
            span(f"version {number}", trace=trace, id=twice, parent=root),
            span(f"step {number}", trace=trace, parent=root),
            received_ns=received_ns,
        )
        source.append_spans(*(span("other") for _ in range(50)), received_ns=received_ns + 1)
        if apart:
            index()
    source.append_spans(span("root", trace=trace, id=root, start_ns=NOW), received_ns=times[0] + 7)
    index()
    last = f"version {len(times) - 1}"
    expected = sorted([*(f"step {number}" for number in range(len(times))), last, "root"])
    found = store.read(lambda cursor: lookup.trace(cursor, trace.hex()))
    assert sorted(one.span.name for one in found) == expected, "the one received later wins, whatever the clock says"
    single = store.read(lambda cursor: lookup.span(cursor, trace.hex(), twice.hex()))
    assert single is not None
    assert single.name == last
    [summary] = rows(store, f"SELECT name, span_count, replaced_count FROM traces WHERE trace_id = '{trace.hex()}'")  # noqa: S608 - our own identifier
    assert summary == ("root", len(times) + 2, len(times) - 1)
    assert rows(store, "SELECT count(*), count(DISTINCT trace_id || span_id) FROM spans") == [
        (len(times) * 51 + 2, len(times) * 51 + 2)
    ]
    assert rows(store, "SELECT sum(span_count) FROM services") == [(len(times) * 51 + 2,)]


def test_a_time_in_the_far_future_does_not_make_later_requests_look_stored(store: Store, source: Source) -> None:
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    try:
        source.append_spans(span("from the future"), received_ns=NOW + YEARS)
        assert indexer.drain(DRAIN_S)
        with store.write() as writer:
            writer.execute("ALTER TABLE intake_position RENAME TO elsewhere")
        source.append_spans(span("now"), received_ns=NOW)
        assert not indexer.drain(0.5)
        with store.write() as writer:
            writer.execute("ALTER TABLE elsewhere RENAME TO intake_position")
        assert indexer.drain(DRAIN_S)
    finally:
        indexer.stop()
    assert rows(store, "SELECT count(*) FROM spans") == [(2,)]
