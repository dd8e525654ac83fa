"""A list whose newest part alone was read again is the whole list, as far as its older part did not change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.features.traces.filters import Sort, TraceFilter
from junjo_desktop.features.traces.listings import Listing, TraceIds
from junjo_desktop.features.traces.queries import renewed_listing, whole_listing
from junjo_desktop.widgets.time_range import TimeRange
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

NOW = 1_795_183_378_000_000_000
SECOND = 10**9
LATER = NOW * 2
NEWEST = 4


@dataclass(frozen=True)
class Arrival:
    """A span is received; a second one of the same number replaces the first."""

    trace: int
    number: int
    start: int
    seconds: int
    fails: bool


@dataclass(frozen=True)
class Deletion:
    """A trace is deleted, and nothing more comes of it."""

    trace: int


Change = Arrival | Deletion
arrivals = st.builds(
    Arrival, st.integers(1, 9), st.integers(1, 2), st.integers(0, 20), st.integers(0, 9), st.booleans()
)
deletions = st.builds(Deletion, st.integers(1, 9))
filters = st.sampled_from(
    [
        TraceFilter(),
        TraceFilter(errors_only=True),
        TraceFilter(service="a"),
        TraceFilter(min_duration_ns=2 * SECOND, max_duration_ns=12 * SECOND),
        TraceFilter(time_range=TimeRange(since_ns=NOW + 5 * SECOND)),
        TraceFilter(text="work 1"),
    ]
)


class Changing:
    """A store to which changes are made."""

    def __init__(self, telemetry: StoredTelemetry) -> None:
        self.telemetry = telemetry
        self._deleted: set[int] = set()
        self._clock = itertools.count(NOW)

    def clear(self) -> None:
        self._deleted.clear()
        self._delete("%")

    def _delete(self, trace_ids: str) -> None:
        with self.telemetry.store.write() as writer:
            for table in ("traces", "trace_services", "spans"):
                writer.execute(f"DELETE FROM {table} WHERE trace_id LIKE ?", [trace_ids])  # noqa: S608 - our own names

    def make(self, change: Change) -> None:
        if isinstance(change, Deletion):
            self._deleted.add(change.trace)
            self._delete(trace_id(change.trace).hex())
        elif change.trace not in self._deleted:
            received = span(
                f"work {change.number}",
                trace=trace_id(change.trace),
                id=span_id(change.trace * 100 + change.number),
                start_ns=NOW + change.start * SECOND,
                duration_ns=change.seconds * SECOND,
                error="broken" if change.fails else None,
            )
            self.telemetry.add(trace_request(received, service="ab"[change.number % 2]), received_ns=next(self._clock))

    def whole(self, chosen: TraceFilter, shown: Listing | None = None) -> Listing:
        return self.telemetry.read(
            lambda cursor: whole_listing(cursor, chosen, Sort(), NOW, shown, newest_traces=NEWEST)
        )

    def renewed(self, chosen: TraceFilter, whole: Listing, shown: Listing | None = None) -> Listing:
        return self.telemetry.read(lambda cursor: renewed_listing(cursor, chosen, whole, NOW, shown))

    def starts(self) -> dict[str, int]:
        """When each stored trace started."""
        return self.telemetry.read(
            lambda cursor: dict(cursor.execute("SELECT trace_id, start_ns FROM traces").fetchall())
        )


@contextmanager
def changing_store() -> Iterator[Changing]:
    with TemporaryDirectory() as folder:
        telemetry = StoredTelemetry(Path(folder))
        yield Changing(telemetry)
        telemetry.close()


def ids_of(listing: Listing) -> list[str]:
    return listing.ids.page(0, len(listing.ids))


def test_a_renewed_list_differs_from_the_whole_one_only_in_older_traces_that_changed() -> None:
    @settings(max_examples=60)
    @given(st.lists(arrivals, max_size=12), st.lists(arrivals | deletions, max_size=10), filters)
    def check(before: list[Arrival], after: list[Change], chosen: TraceFilter) -> None:
        store.clear()
        for earlier in before:
            store.make(earlier)
        whole, old_starts = store.whole(chosen), store.starts()
        for change in after:
            store.make(change)
        renewed, exact, starts = store.renewed(chosen, whole), store.whole(chosen), store.starts()
        found, wanted = ids_of(renewed), ids_of(exact)
        from_ns = whole.newest_from_ns
        touched = {trace_id(change.trace).hex() for change in after}
        older = {each for each in touched if min(old_starts.get(each, LATER), starts.get(each, LATER)) < from_ns}
        newest = [each for each in wanted if starts[each] >= from_ns]

        assert len(set(found)) == len(found)
        assert found[: len(newest)] == newest
        assert set(found) ^ set(wanted) <= older
        assert set(wanted) & set(ids_of(whole)) <= set(found)
        assert [each for each in found if each not in older] == [each for each in wanted if each not in older]
        assert (renewed.stored, renewed.seen_ns) == (exact.stored, exact.seen_ns)
        rows = {each: row for each, row in renewed.first_rows.items() if each not in older}
        assert rows == {each: row for each, row in exact.first_rows.items() if each not in older}

    with changing_store() as store:
        check()


@pytest.fixture(name="store")
def _store(telemetry: StoredTelemetry) -> Changing:
    """Eight traces; the newest four start in the seconds 5 to 8."""
    store = Changing(telemetry)
    for number in range(1, 9):
        store.make(arrival(number, start=number))
    return store


def arrival(trace: int, *, start: int, number: int = 1, fails: bool = False) -> Arrival:
    return Arrival(trace, number, start, 1, fails)


def numbers(listing: Listing) -> list[int]:
    return [int(each, 16) for each in ids_of(listing)]


def test_a_trace_that_starts_earlier_than_the_newest_stands_right_below_them(store: Changing) -> None:
    whole = store.whole(TraceFilter())
    store.make(arrival(8, number=2, start=2))
    assert numbers(store.renewed(TraceFilter(), whole)) == [7, 6, 5, 8, 4, 3, 2, 1]
    assert numbers(store.whole(TraceFilter())) == [7, 6, 5, 4, 3, 2, 8, 1]


def test_a_trace_that_starts_later_because_its_span_came_again_stands_once(store: Changing) -> None:
    whole = store.whole(TraceFilter())
    store.make(arrival(2, start=7))
    assert numbers(store.renewed(TraceFilter(), whole)) == [8, 2, 7, 6, 5, 4, 3, 1]


@pytest.mark.parametrize(
    ("change", "listed"),
    [
        (arrival(9, start=9), [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (arrival(9, start=6), [8, 7, 6, 9, 5, 4, 3, 2, 1]),
        (Deletion(7), [8, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_what_comes_to_the_newest_or_leaves_them_is_seen(store: Changing, change: Change, listed: list[int]) -> None:
    whole = store.whole(TraceFilter())
    store.make(change)
    assert numbers(store.renewed(TraceFilter(), whole)) == listed


def test_new_counts_what_came_since_the_list_on_screen(store: Changing) -> None:
    whole = store.whole(TraceFilter())
    store.make(arrival(9, start=9))
    shown = store.renewed(TraceFilter(), whole, whole)
    store.make(arrival(10, start=10))
    assert (shown.new, store.renewed(TraceFilter(), whole, shown).new, store.whole(TraceFilter(), shown).new) == (
        1,
        1,
        1,
    )


def test_a_renewed_list_brings_the_rows_of_its_top(store: Changing) -> None:
    whole = store.whole(TraceFilter())
    store.make(arrival(8, number=2, start=8, fails=True))
    row = store.renewed(TraceFilter(), whole).first_rows[trace_id(8).hex()]
    assert (row.span_count, row.error_count, row.service_count) == (2, 1, 2)


def test_an_id_is_taken_out_only_where_it_stands() -> None:
    first, second = "ab" * 16, "ba" * 16
    ids = TraceIds(first + second)
    assert (ids.without(second).packed, ids.without("cd" * 16)) == (first, ids)
    assert [part.packed for part in ids.split(1)] == [first, second]
