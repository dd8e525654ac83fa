"""How the list of spans is read: its top first, then whole, then only what is new; always what the store holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.features.spans.filters import Sort, SortBy, SpanFilter
from junjo_desktop.features.spans.listings import SpanListing
from junjo_desktop.features.spans.source import SpanSource
from junjo_desktop.widgets.numbered_source import FIRST_ROWS
from junjo_desktop.widgets.time_range import TimeRange
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

NOW = 1_795_183_378_000_000_000
MANY = 2_100


def add(telemetry: StoredTelemetry, *starts: int, first_id: int | None = None) -> None:
    """Store a span for each start, given from `NOW` on; its id is the start too, or counted from `first_id`."""
    spans = []
    for place, start in enumerate(starts):
        number = start if first_id is None else first_id + place
        attributes: dict[str, Value] | None = (
            {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": number} if number % 3 else None
        )
        spans.append(
            span(
                f"n{number % 7}",
                trace=trace_id(number),
                id=span_id(number),
                start_ns=NOW + start,
                duration_ns=number * 1_000 % 77_000,
                attributes=attributes,
                error="boom" if number % 5 == 0 else None,
            )
        )
    telemetry.add(trace_request(*spans, service=f"s{len(starts) % 2}"))


def ask(telemetry: StoredTelemetry, source: SpanSource, shown: SpanListing | None = None) -> SpanListing:
    return telemetry.read(lambda cursor: source.list_ids(cursor, shown))


def whole_of(telemetry: StoredTelemetry, source: SpanSource) -> SpanListing:
    return ask(telemetry, source, ask(telemetry, source))


def starts(telemetry: StoredTelemetry, listing: SpanListing, count: int | None = None) -> list[int]:
    """Return when the listed spans start, from `NOW` on."""
    numbers = listing.ids.page(0, len(listing.ids) if count is None else count)
    source = SpanSource(SpanFilter(), Sort())
    rows = telemetry.read(lambda cursor: source.rows(cursor, numbers))
    return [rows[str(number)].start_ns - NOW for number in numbers]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """A store that is worth reading in parts. Tests must not change it."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("many"))
    add(stored, *range(1, MANY + 1))
    yield stored
    stored.close()


@pytest.fixture
def growing(telemetry: StoredTelemetry) -> StoredTelemetry:
    """The same, to be changed."""
    add(telemetry, *range(1, MANY + 1))
    return telemetry


@pytest.mark.parametrize(
    ("by", "descending"),
    [*((by, True) for by in SortBy), (SortBy.STARTED, False), (SortBy.DURATION, False), (SortBy.MODEL, False)],
)
def test_the_first_answer_is_the_top_of_the_list_with_its_rows(
    many: StoredTelemetry, by: SortBy, descending: bool
) -> None:
    source = SpanSource(SpanFilter(), Sort(by, descending))
    top = ask(many, source)
    whole = ask(many, source, top)
    assert (top.is_partial, top.totals, len(top.ids), top.stored) == (True, None, FIRST_ROWS, MANY)
    assert top.ids.page(0, FIRST_ROWS) == whole.ids.page(0, FIRST_ROWS) == [int(row_id) for row_id in top.first_rows]
    assert (whole.is_partial, len(whole.ids), whole.new) == (False, MANY, 0)
    assert sorted(whole.ids.page(0, MANY)) == list(range(MANY))


def test_what_was_not_told_comes_last_in_any_order(many: StoredTelemetry) -> None:
    for descending in (True, False):
        source = SpanSource(SpanFilter(), Sort(SortBy.TOKENS, descending), top_first=False)
        last = ask(many, source).ids.page(MANY - 1, 1)
        [row] = many.read(partial(source.rows, found=last)).values()
        assert row.input_tokens is None


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (SpanFilter(), MANY),
        (SpanFilter(name="n3"), MANY // 7),
        (SpanFilter(failed=True), MANY // 5),
        (SpanFilter(failed=False), MANY - MANY // 5),
        (SpanFilter(span_type="llm"), MANY - MANY // 3),
        (SpanFilter(service="nobody"), 0),
        (SpanFilter(time_range=TimeRange(since_ns=NOW + 11, until_ns=NOW + 20)), 10),
        (SpanFilter(min_duration_ns=1_000, max_duration_ns=2_000), 56),
        (SpanFilter(text="type:llm error = true tokens >= 2000"), 14),
        (SpanFilter(text="boom name:n3"), 60),
    ],
    ids=lambda value: str(value.words()) if isinstance(value, SpanFilter) else "",
)
def test_filters_narrow_the_list_and_the_scatter(many: StoredTelemetry, chosen: SpanFilter, count: int) -> None:
    whole = whole_of(many, SpanSource(chosen, Sort()))
    assert whole.totals is not None
    assert (len(whole.ids), whole.totals.scatter.total, whole.stored) == (count, count, MANY)
    assert sum(whole.totals.services.values()) == sum(whole.totals.types.values()) == MANY


def test_then_only_what_is_new_is_read_until_a_whole_list_is_asked_for(growing: StoredTelemetry) -> None:
    source = SpanSource(SpanFilter(), Sort())
    whole = whole_of(growing, source)
    add(growing, MANY + 1, first_id=9_001)
    add(growing, -1, first_id=9_002)
    renewed = ask(growing, source, whole)
    assert (renewed.totals, renewed.new, len(renewed.ids)) == (None, 1, MANY + 1)
    assert starts(growing, renewed, 3) == [MANY + 1, MANY, MANY - 1]
    source.ask_whole()
    again = ask(growing, source, renewed)
    assert again.totals is not None
    assert starts(growing, again)[-1] == -1


def test_after_a_deletion_or_a_replaced_span_the_list_is_read_whole(growing: StoredTelemetry) -> None:
    source = SpanSource(SpanFilter(), Sort())
    whole = whole_of(growing, source)
    with growing.store.write() as writer:
        writer.execute("DELETE FROM spans WHERE start_ns = ?", [NOW + 1])
    found = ask(growing, source, whole)
    assert (found.totals is not None, len(found.ids)) == (True, MANY - 1)
    add(growing, 2)
    replaced = ask(growing, source, found)
    assert (replaced.totals is not None, len(replaced.ids)) == (True, MANY - 1)
    assert source.rest_s > 0


def test_rows_of_a_file_that_was_rewritten_are_not_taken_for_others(growing: StoredTelemetry) -> None:
    source = SpanSource(SpanFilter(), Sort())
    whole = whole_of(growing, source)
    ids = [whole.ids[0], whole.ids[1]]
    assert len(growing.read(lambda cursor: source.load_rows(cursor, ids))) == 2
    with growing.store.write() as writer:
        # As after a rewriting: the numbers are there, with other spans.
        writer.execute("UPDATE spans SET span_id = md5(span_id)[:16]")
    assert growing.read(lambda cursor: source.load_rows(cursor, ids)) == {}
    assert source.is_outdated


_fresh = itertools.count(100_000)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """The same, to be added to."""
    stored = StoredTelemetry(tmp_path_factory.mktemp("shared"))
    add(stored, *range(1, MANY + 1))
    yield stored
    stored.close()


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(MANY - 1_100, MANY + 30), min_size=1, max_size=6), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([SpanFilter(), SpanFilter(failed=False), SpanFilter(text="name:n")]),
)
def test_a_renewed_list_is_the_whole_list_but_for_what_belongs_far_down(
    shared: StoredTelemetry, batches: list[tuple[list[int], bool]], chosen: SpanFilter
) -> None:
    source = SpanSource(chosen, Sort())
    shown = whole_of(shared, source)
    from_ns = shown.newest_from_ns
    for places, is_read in batches:
        add(shared, *places, first_id=next(_fresh) * 10)
        shown = ask(shared, source, shown) if is_read else shown
    shown = ask(shared, source, shown)
    fresh = ask(shared, SpanSource(chosen, Sort(), top_first=False))
    head = [start for start in starts(shared, fresh) if start + NOW >= from_ns]
    assert starts(shared, shown, len(head)) == head
    assert shown.ids.page(0, len(head)) == fresh.ids.page(0, len(head))
