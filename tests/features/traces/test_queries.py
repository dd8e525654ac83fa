"""What the list of traces reads from a real store."""

from __future__ import annotations

import pytest

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.features.traces.listings import Listing, Totals, TraceIds
from junjo_desktop.features.traces.queries import rows, whole_listing
from junjo_desktop.widgets.scatter_sample import SAMPLE_LIMIT
from junjo_desktop.widgets.time_range import TimeRange
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

NOW = 1_795_183_378_000_000_000
SECOND = 10**9
_DAY_S = 86_400
LLM: dict[str, Value] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 20,
}


def add_trace(
    telemetry: StoredTelemetry,
    number: int,
    name: str = "work",
    *,
    service: str = "shop",
    seconds: int = 1,
    attributes: dict[str, Value] | None = None,
    error: str | None = None,
) -> str:
    """Store a trace of one span that starts `number` seconds after `NOW`."""
    start = NOW + number * SECOND
    root = span(
        name,
        trace=trace_id(number + _DAY_S),
        id=span_id(number + _DAY_S),
        start_ns=start,
        duration_ns=seconds * SECOND,
        attributes=attributes,
        error=error,
    )
    telemetry.add(trace_request(root, service=service), received_ns=start + SECOND)
    return trace_id(number + _DAY_S).hex()


def listed(
    telemetry: StoredTelemetry, chosen: TraceFilter | None = None, sort: Sort | None = None, now_ns: int = NOW
) -> list[str]:
    found = telemetry.read(lambda cursor: whole_listing(cursor, chosen or TraceFilter(), sort or Sort(), now_ns))
    return found.ids.page(0, len(found.ids))


def full_listing(telemetry: StoredTelemetry, shown: Listing | None = None) -> Listing:
    return telemetry.read(lambda cursor: whole_listing(cursor, TraceFilter(), Sort(), NOW, shown))


def totals(telemetry: StoredTelemetry) -> Totals:
    found = full_listing(telemetry).totals
    assert found is not None
    return found


def test_the_newest_trace_comes_first(telemetry: StoredTelemetry) -> None:
    ids = [add_trace(telemetry, number) for number in (1, 3, 2)]
    assert listed(telemetry) == [ids[1], ids[2], ids[0]]


@pytest.mark.parametrize("by", list(SortBy))
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_lists_every_trace_and_ties_are_newest_first(
    telemetry: StoredTelemetry, by: SortBy, descending: bool
) -> None:
    ids = [add_trace(telemetry, number) for number in range(1, 5)]
    found = listed(telemetry, sort=Sort(by, descending))
    assert sorted(found) == sorted(ids)
    if by not in (SortBy.STARTED, SortBy.TRACE_ID, SortBy.RECEIVED):
        assert found == ids[::-1]


def test_orders_follow_the_column(telemetry: StoredTelemetry) -> None:
    slow = add_trace(telemetry, 1, "b", seconds=9)
    quick = add_trace(telemetry, 2, "A", seconds=1, attributes=LLM, error="broken")
    assert listed(telemetry, sort=Sort(SortBy.DURATION, True)) == [slow, quick]
    assert listed(telemetry, sort=Sort(SortBy.NAME, False)) == [quick, slow]
    assert listed(telemetry, sort=Sort(SortBy.TOKENS, False)) == [slow, quick]
    assert listed(telemetry, sort=Sort(SortBy.OUTCOME, False)) == [quick, slow]


def test_filters_narrow_and_combine(telemetry: StoredTelemetry) -> None:
    plain = add_trace(telemetry, 1)
    failed = add_trace(telemetry, 2, error="broken")
    model = add_trace(telemetry, 3, attributes=LLM, seconds=5)
    other = add_trace(telemetry, 4, service="billing", error="broken", seconds=7)
    assert listed(telemetry, TraceFilter(service="billing")) == [other]
    assert listed(telemetry, TraceFilter(errors_only=True)) == [other, failed]
    assert listed(telemetry, TraceFilter(errors_only=True, service="shop")) == [failed]
    assert listed(telemetry, TraceFilter(has_llm=True)) == [model]
    assert listed(telemetry, TraceFilter(min_duration_ns=5 * SECOND)) == [other, model]
    assert listed(telemetry, TraceFilter(min_duration_ns=SECOND, max_duration_ns=5 * SECOND)) == [model, failed, plain]


def test_a_service_finds_traces_that_only_pass_through_it(telemetry: StoredTelemetry) -> None:
    trace = trace_id(7)
    telemetry.add(trace_request(span(trace=trace, id=span_id(1)), service="front"))
    telemetry.add(trace_request(span(trace=trace, id=span_id(2), parent=span_id(1)), service="back"))
    assert listed(telemetry, TraceFilter(service="back")) == [trace.hex()]
    row = telemetry.read(lambda cursor: rows(cursor, [trace.hex()]))[0]
    assert (row.service_name, row.service_count) == ("front", 2)


def test_time_ranges_are_relative_to_now_or_fixed(telemetry: StoredTelemetry) -> None:
    old = add_trace(telemetry, -7200)
    late = add_trace(telemetry, -60)
    assert listed(telemetry, TraceFilter(time_range=TimeRange(last_ns=3600 * SECOND))) == [late]
    fixed = TimeRange(since_ns=NOW - 7200 * SECOND, until_ns=NOW - 7200 * SECOND)
    assert listed(telemetry, TraceFilter(time_range=fixed)) == [old]


@pytest.mark.parametrize(
    "text",
    [
        "CheckOut",
        "shop",
        "gpt-4o",
        'said "hello"\nthere',
        "Straße",
        "quota exceeded",
        "set_state",
        "event detail",
        "000000000000000000000000000000c",
    ],
)
def test_text_is_found_wherever_it_stands_whatever_its_case(telemetry: StoredTelemetry, text: str) -> None:
    found = span(
        "checkout",
        trace=trace_id(200),
        attributes={"model": "gpt-4o", "prompt": 'He said "hello"\nthere in the STRAßE'},
        error="Quota exceeded",
    )
    event = found.events.add(name="set_state", time_unix_nano=NOW)
    event.attributes.add(key="detail", value={"string_value": "Event Detail"})
    telemetry.add(trace_request(found, service="Shop"))
    telemetry.add(trace_request(span("other", trace=trace_id(0xF00)), service="else"))
    assert listed(telemetry, TraceFilter(text=text)) == [trace_id(200).hex()]


@pytest.mark.parametrize("text", ["100%", "a_b", "'; drop table spans; --", "\\", "\u202e", "\x00", "%"])
def test_hostile_text_is_only_text(telemetry: StoredTelemetry, text: str) -> None:
    hit = add_trace(telemetry, 1, attributes={"note": f"before {text} after"})
    add_trace(telemetry, 2, attributes={"note": "axb 100"})
    assert listed(telemetry, TraceFilter(text=text)) == [hit]


def test_new_counts_what_came_since_a_listing_was_shown(telemetry: StoredTelemetry) -> None:
    add_trace(telemetry, 1)
    shown = full_listing(telemetry)
    add_trace(telemetry, 2)
    add_trace(telemetry, 3)
    again = full_listing(telemetry, shown)
    assert (shown.new, again.new, again.stored) == (0, 2, 3)


def test_the_sample_is_bounded_stable_and_says_of_how_many(telemetry: StoredTelemetry) -> None:
    spans = [span(trace=trace_id(number + 1), start_ns=NOW + number) for number in range(SAMPLE_LIMIT + 50)]
    telemetry.add(trace_request(*spans))
    scatter = totals(telemetry).scatter
    assert (len(scatter.points), scatter.total) == (SAMPLE_LIMIT, SAMPLE_LIMIT + 50)
    assert totals(telemetry).scatter == scatter
    assert (scatter.first_start_ns, scatter.last_start_ns) == (NOW, NOW + SAMPLE_LIMIT + 49)


def test_services_come_with_the_number_of_their_traces(telemetry: StoredTelemetry) -> None:
    add_trace(telemetry, 1)
    add_trace(telemetry, 2)
    add_trace(telemetry, 3, service="Billing")
    found = totals(telemetry).services
    assert list(found.items()) == [("Billing", 1), ("shop", 2)]


def test_rows_come_in_the_order_asked_for_and_missing_ones_are_left_out(telemetry: StoredTelemetry) -> None:
    first, second = add_trace(telemetry, 1, attributes=LLM), add_trace(telemetry, 2, error="broken")
    found = telemetry.read(lambda cursor: rows(cursor, [second, "f" * 32, first]))
    assert [row.trace_id for row in found] == [second, first]
    assert (found[1].llm_count, found[1].input_tokens, found[1].output_tokens) == (1, 100, 20)
    assert (found[0].error_count, found[0].lead_status_code, found[0].input_tokens) == (1, 2, None)


def test_packed_ids_are_found_only_where_an_id_begins() -> None:
    first, second = "ab" * 16, "ba" * 16
    ids = TraceIds(first + second)
    assert (len(ids), ids[0], ids[1]) == (2, first, second)
    assert (ids.find(first), ids.find(second), ids.find("cd" * 16)) == (0, 1, -1)


def add_odd(telemetry: StoredTelemetry, name: str, start_ns: int, end_ns: int) -> str:
    """Store a trace of one span with these times."""
    odd = span(name, start_ns=0)
    odd.start_time_unix_nano, odd.end_time_unix_nano = start_ns, end_ns
    telemetry.add(trace_request(odd), received_ns=NOW)
    return odd.trace_id.hex()


def test_odd_times_do_not_fool_the_order_or_the_filters(telemetry: StoredTelemetry) -> None:
    good = add_trace(telemetry, 1, seconds=1)
    no_start = add_odd(telemetry, "no start", 0, NOW)
    no_end = add_odd(telemetry, "no end", NOW, 0)
    backwards = add_odd(telemetry, "backwards", NOW, NOW - SECOND)
    beyond = add_odd(telemetry, "beyond", 2**63 + 5, 2**64 - 1)
    nothing = add_odd(telemetry, "nothing", 0, 0)
    assert listed(telemetry)[0] == good
    assert set(listed(telemetry)[-3:]) == {no_start, beyond, nothing}, "what told no start comes last"
    assert listed(telemetry, TraceFilter(min_duration_ns=SECOND)) == [good]
    assert listed(telemetry, TraceFilter(max_duration_ns=SECOND)) == [good]
    assert listed(telemetry, TraceFilter(min_duration_ns=0, max_duration_ns=10**18)) == [good]
    shown = telemetry.read(lambda cursor: rows(cursor, [no_start, no_end, beyond, nothing, backwards, good]))
    assert [row.duration_ns for row in shown] == [None, None, None, None, -SECOND, SECOND]
    assert [bool(row.start_ns) for row in shown] == [False, True, False, False, True, True]


def test_one_odd_span_does_not_stretch_its_trace(telemetry: StoredTelemetry) -> None:
    trace = trace_id(_DAY_S + 1)
    add_trace(telemetry, 1, seconds=1)
    odd = [span("odd", trace=trace, parent=span_id(_DAY_S + 1), start_ns=0) for _ in range(3)]
    for one, (start_ns, end_ns) in zip(odd, [(0, NOW + SECOND), (NOW + SECOND, 2**64 - 1), (0, 0)], strict=True):
        one.start_time_unix_nano, one.end_time_unix_nano = start_ns, end_ns
    telemetry.add(trace_request(*odd), received_ns=NOW)
    [shown] = telemetry.read(lambda cursor: rows(cursor, [trace.hex()]))
    assert (shown.start_ns, shown.duration_ns, shown.span_count) == (NOW + SECOND, SECOND, 4)
    assert listed(telemetry, TraceFilter(max_duration_ns=SECOND)) == [trace.hex()]


def test_a_text_is_found_in_spans_without_a_start_whatever_the_time_range(telemetry: StoredTelemetry) -> None:
    root = add_trace(telemetry, 1)
    silent = span("needle", trace=bytes.fromhex(root), parent=span_id(_DAY_S + 1), start_ns=0)
    telemetry.add(trace_request(silent), received_ns=NOW)
    assert listed(telemetry, TraceFilter(time_range=TimeRange(since_ns=NOW), text="needle")) == [root]
