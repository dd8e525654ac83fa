"""What the Trace page reads from a real store."""

from __future__ import annotations

import pytest

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.trace.loading import LoadGrowth
from junjo_desktop.features.trace.queries import (
    EVENT_MARKS_PER_SPAN,
    EventMark,
    TraceHead,
    TraceSpans,
    event_marks,
    find_spans,
    span_detail,
    trace_head,
    trace_spans,
)
from tests.features.trace.sample_trace import MESSAGES, MODEL, MS, ORPHAN, ROOT, START, TOOL, add_sample, children, root
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry


def head_of(telemetry: StoredTelemetry, trace: str) -> TraceHead:
    return telemetry.read(lambda cursor: trace_head(cursor, trace))


def spans_of(telemetry: StoredTelemetry, trace: str) -> TraceSpans:
    return telemetry.read(lambda cursor: trace_spans(cursor, trace_head(cursor, trace)))


def test_a_trace_comes_with_its_summary_and_narrow_rows(telemetry: StoredTelemetry) -> None:
    trace = add_sample(telemetry)
    found = spans_of(telemetry, trace)
    assert (found.head.name, found.head.service_name, found.head.span_count) == ("handle_message", "shop", 4)
    assert (found.head.llm_count, found.head.input_tokens, found.head.error_count) == (1, 1888, 1)
    rows = {span.span_id: span for span in found.spans}
    model = rows[MODEL.hex()]
    assert (model.parent_span_id, model.span_type, model.event_count) == (ROOT.hex(), "llm", 1)
    assert (model.start_ns, model.end_ns) == (START + 100 * MS, START + 400 * MS)
    assert rows[TOOL.hex()].is_error


def test_a_trace_that_is_not_stored_is_said_to_be_so(telemetry: StoredTelemetry) -> None:
    with pytest.raises(NotFoundError, match="is not stored here"):
        head_of(telemetry, "ab" * 16)


def test_spans_that_came_hours_apart_belong_together(telemetry: StoredTelemetry) -> None:
    telemetry.add(trace_request(*children()), received_ns=START)
    telemetry.add(trace_request(span("noise", trace=trace_id(5))), received_ns=START + 10)
    telemetry.add(trace_request(root()), received_ns=START + 10**13)
    found = spans_of(telemetry, root().trace_id.hex())
    assert sorted(span.name for span in found.spans) == ["CheckPolicy", "chat gpt-4o", "handle_message", "late child"]


def test_growth_is_told_only_when_there_is_some(telemetry: StoredTelemetry) -> None:
    trace = add_sample(telemetry)
    shown = head_of(telemetry, trace)
    telemetry.add(trace_request(span("noise", trace=trace_id(5))))
    assert telemetry.read(LoadGrowth(shown)) is None
    telemetry.add(trace_request(span("more", trace=bytes.fromhex(trace), id=span_id(0x3000))))
    grown = telemetry.read(LoadGrowth(shown))
    assert grown is not None
    assert len(grown.tree) == 5


def test_event_marks_say_where_and_what_and_are_bounded(telemetry: StoredTelemetry) -> None:
    trace = add_sample(telemetry)
    many = span("many", trace=bytes.fromhex(trace), id=span_id(0x3000))
    for number in range(EVENT_MARKS_PER_SPAN + 5):
        many.events.add(name="tick", time_unix_nano=START + number)
    telemetry.add(trace_request(many))
    head = head_of(telemetry, trace)
    wanted = [one.hex() for one in (ROOT, MODEL, TOOL, span_id(0x3000))]
    marks = telemetry.read(lambda cursor: event_marks(cursor, head, wanted))
    assert marks[TOOL.hex()] == (EventMark(START + 690 * MS, "exception"),)
    assert marks[TOOL.hex()][0].is_exception
    assert len(marks[span_id(0x3000).hex()]) == EVENT_MARKS_PER_SPAN
    assert ROOT.hex() not in marks


def test_a_span_comes_whole_with_events_exceptions_links_resource_and_scope(telemetry: StoredTelemetry) -> None:
    trace = add_sample(telemetry)
    telemetry.add(trace_request(span("linked", trace=trace_id(0xDEF))))
    head = head_of(telemetry, trace)
    model = telemetry.read(lambda cursor: span_detail(cursor, head, MODEL.hex()))
    assert model is not None
    assert model.attributes["gen_ai.input.messages"] == MESSAGES
    assert [(event.name, event.attributes) for event in model.events] == [("first_token", {"index": 0})]
    assert [(link.trace_id, link.is_stored, link.attributes) for link in model.links] == [
        (trace_id(0xDEF).hex(), True, {"why": "follows"})
    ]
    assert model.resource == {"service.name": "shop", "service.version": "1.4.2"}
    assert model.scope["name"] == "tests"
    assert '"start_time_unix_nano"' in model.raw
    tool = telemetry.read(lambda cursor: span_detail(cursor, head, TOOL.hex()))
    assert tool is not None
    assert [(one.type, one.message, one.stack) for one in tool.exceptions] == [
        ("shop.PolicyError", "quota", "line 1\nline 2")
    ]


def test_a_span_that_is_not_stored_is_none(telemetry: StoredTelemetry) -> None:
    head = head_of(telemetry, add_sample(telemetry))
    assert telemetry.read(lambda cursor: span_detail(cursor, head, "0" * 16)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("POLICY", {TOOL}),
        ("order 1042", {MODEL}),
        ('"role"', {MODEL}),
        ("first_token", {MODEL}),
        ("refused", {TOOL}),
        (ORPHAN.hex(), {ORPHAN}),
        ("shop", {ROOT, MODEL, TOOL, ORPHAN}),
        ("refused OR first_token", {MODEL, TOOL}),
        ("nowhere", set()),
        ("%", set()),
    ],
)
def test_find_looks_into_names_attributes_events_and_status(
    telemetry: StoredTelemetry, text: str, found: set[bytes]
) -> None:
    head = head_of(telemetry, add_sample(telemetry))
    ids = telemetry.read(lambda cursor: find_spans(cursor, head, text))
    assert ids == {span_id.hex() for span_id in found}
