"""How a list is read at which moment: its top first, then whole, then only what is newest."""

from __future__ import annotations

import pytest

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.listings import Listing
from junjo_desktop.features.traces.queries import FIRST_ROWS, NEWEST_SPANS
from junjo_desktop.features.traces.source import TraceSource
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

NOW = 1_795_183_378_000_000_000
MANY = 2_100


def add(
    telemetry: StoredTelemetry, *numbers: int, start: int | None = None, attributes: dict[str, Value] | None = None
) -> None:
    """Store a trace for each number; it starts so many nanoseconds after `NOW`, or `start`."""
    spans = (
        span(
            trace=trace_id(number),
            id=span_id(number),
            start_ns=NOW + (number if start is None else start),
            attributes=attributes,
        )
        for number in numbers
    )
    telemetry.add(trace_request(*spans))


def ask(telemetry: StoredTelemetry, source: TraceSource, shown: Listing | None = None) -> Listing:
    return telemetry.read(lambda cursor: source.list_ids(cursor, shown))


@pytest.fixture
def many(telemetry: StoredTelemetry) -> StoredTelemetry:
    """A store that is worth reading in parts."""
    add(telemetry, *range(1, MANY + 1))
    return telemetry


def whole_of(telemetry: StoredTelemetry, source: TraceSource) -> Listing:
    return ask(telemetry, source, ask(telemetry, source))


@pytest.mark.parametrize("by", list(SortBy))
def test_the_first_answer_is_the_top_of_the_list_with_its_rows(many: StoredTelemetry, by: SortBy) -> None:
    source = TraceSource(TraceFilter(), Sort(by, True))
    top = ask(many, source)
    whole = ask(many, source, top)
    assert (top.is_partial, top.totals, len(top.ids), top.stored) == (True, None, FIRST_ROWS, MANY)
    assert top.ids.page(0, FIRST_ROWS) == whole.ids.page(0, FIRST_ROWS) == list(top.first_rows)
    assert (whole.is_partial, len(whole.ids), whole.new) == (False, MANY, 0)
    assert list(whole.first_rows) == list(top.first_rows)


def test_without_a_first_look_the_first_answer_is_whole(many: StoredTelemetry) -> None:
    found = ask(many, TraceSource(TraceFilter(), Sort(), top_first=False))
    assert (found.is_partial, len(found.ids)) == (False, MANY)


def test_then_only_the_newest_traces_are_read_until_a_whole_list_is_asked_for(many: StoredTelemetry) -> None:
    source = TraceSource(TraceFilter(), Sort())
    whole = whole_of(many, source)
    add(many, MANY + 1)
    add(many, MANY + 2, start=-1)
    renewed = ask(many, source, whole)
    assert (renewed.totals, renewed.ids[0], len(renewed.ids)) == (None, trace_id(MANY + 1).hex(), MANY + 1)
    source.ask_whole()
    assert source.whole_rest_s > 0
    again = ask(many, source, renewed)
    assert again.totals is not None
    assert (again.ids[len(again.ids) - 1], again.totals.scatter.total) == (trace_id(MANY + 2).hex(), MANY + 2)


def test_after_a_deletion_the_list_is_read_whole(many: StoredTelemetry) -> None:
    source = TraceSource(TraceFilter(), Sort())
    whole = whole_of(many, source)
    with many.store.write() as writer:
        writer.execute("DELETE FROM traces WHERE trace_id = ?", [trace_id(1).hex()])
    found = ask(many, source, whole)
    assert (found.totals is not None, len(found.ids)) == (True, MANY - 1)


@pytest.mark.parametrize("sort", [Sort(SortBy.DURATION, True), Sort(SortBy.STARTED, False)])
def test_another_order_is_always_read_whole(many: StoredTelemetry, sort: Sort) -> None:
    source = TraceSource(TraceFilter(), sort)
    whole = whole_of(many, source)
    add(many, MANY + 1, start=-1)
    found = ask(many, source, whole)
    assert source.rest_s > 0
    assert (found.totals is not None, len(found.ids), found.new) == (True, MANY + 1, 1)


def test_a_short_list_is_always_read_whole(telemetry: StoredTelemetry) -> None:
    add(telemetry, 1)
    source = TraceSource(TraceFilter(), Sort())
    whole = whole_of(telemetry, source)
    add(telemetry, 2)
    found = ask(telemetry, source, whole)
    assert found.totals is not None
    assert (len(found.ids), found.totals.scatter.total) == (2, 2)


def test_a_first_look_for_a_text_in_another_order_reads_the_newest_spans_and_the_next_one_all(
    telemetry: StoredTelemetry,
) -> None:
    add(telemetry, 1, attributes={"note": "needle"})
    newest_first = TraceSource(TraceFilter(text="needle"), Sort())
    source = TraceSource(TraceFilter(text="needle"), Sort(SortBy.NAME))
    assert ask(telemetry, source).ids.page(0, 9) == [trace_id(1).hex()]
    with telemetry.store.write() as writer:
        writer.execute(
            "INSERT INTO spans SELECT s.* REPLACE ('{}' AS attributes) FROM spans s, range($count)",
            {"count": NEWEST_SPANS + 10},
        )
    assert ask(telemetry, newest_first).ids.page(0, 9) == [trace_id(1).hex()]
    quick = ask(telemetry, source)
    assert (quick.is_partial, len(quick.ids)) == (True, 0)
    whole = ask(telemetry, source, quick)
    assert (whole.is_partial, whole.ids.page(0, 9), whole.new) == (False, [trace_id(1).hex()], 0)


def test_a_text_is_found_in_new_traces_of_a_large_store(many: StoredTelemetry) -> None:
    source = TraceSource(TraceFilter(text="needle"), Sort())
    whole = whole_of(many, source)
    add(many, MANY + 1, attributes={"note": "needle"})
    found = ask(many, source, whole)
    assert (found.totals, found.ids.page(0, 9), found.new) == (None, [trace_id(MANY + 1).hex()], 1)
