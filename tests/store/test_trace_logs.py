"""The log records of a trace: in the order of time, by span, whole, whenever they were received."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.store.database import Store
from junjo_desktop.store.trace_logs import (
    LINE_CHARACTERS,
    MARKS_PER_SPAN,
    LogCounts,
    LogFilter,
    LogLine,
    count_logs,
    find_log_marks,
    find_logs,
    log_count,
    read_log_lines,
    read_log_record,
    read_trace_logs,
)
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.severity import Severity
from tests.store.entries import Source
from tests.support import otlp

Drain = Callable[[], None]

TRACE = otlp.trace_id(1)
INFO = SeverityNumber.SEVERITY_NUMBER_INFO
NS = 1_790_000_000_000_000_000


def lines(store: Store, wanted: LogFilter | None = None) -> list[LogLine]:
    found = store.read(partial(find_logs, trace_id=TRACE.hex(), wanted=wanted))
    by_row = store.read(partial(read_log_lines, trace_id=TRACE.hex(), row_ids=found.row_ids))
    return [by_row[row_id] for row_id in found.row_ids]


def bodies(store: Store, wanted: LogFilter) -> list[str]:
    return [line.body_start for line in lines(store, wanted)]


def test_records_come_in_the_order_of_their_time_and_those_without_any_last(
    store: Store, source: Source, index: Drain
) -> None:
    source.append(
        otlp.log_request(
            otlp.log("nobody knows when", trace=TRACE),
            otlp.log("late", trace=TRACE, time_ns=NS + 5, observed_ns=NS + 6),
            otlp.log("seen at", trace=TRACE, observed_ns=NS + 3),
            otlp.log("early", trace=TRACE, time_ns=NS + 1),
            otlp.log("of another trace", trace=otlp.trace_id(2), time_ns=NS),
        ),
        Signal.LOGS,
    )
    index()
    assert [(line.body_start, line.time_ns) for line in lines(store)] == [
        ("early", NS + 1),
        ("seen at", NS + 3),
        ("late", NS + 5),
        ("nobody knows when", 0),
    ]
    assert store.read(partial(log_count, trace_id=TRACE.hex())) == 4


def test_records_that_were_received_long_before_the_spans_of_the_trace_are_found(
    store: Store, source: Source, index: Drain
) -> None:
    source.append(otlp.log_request(otlp.log("begun", trace=TRACE, time_ns=NS)), Signal.LOGS, received_ns=NS)
    source.append_spans(otlp.span(trace=TRACE, start_ns=NS), received_ns=NS + 3_600 * 10**9)
    index()
    assert [line.body_start for line in lines(store)] == ["begun"]


def test_a_line_holds_the_beginning_of_a_body_and_leads_to_the_whole_record(
    store: Store, source: Source, index: Drain
) -> None:
    body = "ß🙂" * LINE_CHARACTERS
    record = otlp.log(
        body,
        trace=TRACE,
        span=otlp.span_id(7),
        time_ns=NS,
        severity=SeverityNumber.SEVERITY_NUMBER_ERROR,
        severity_text="Error",
        event="broke",
        attributes={"a": 1},
    )
    source.append(otlp.log_request(record, service="till"), Signal.LOGS)
    index()
    (line,) = lines(store)
    assert line.body_start == body[:LINE_CHARACTERS]
    assert line.body_characters == len(body)
    assert (line.severity, line.severity_text, line.event_name) == (Severity.ERROR, "Error", "broke")
    assert (line.service_name, line.span_id) == ("till", otlp.span_id(7).hex())
    whole = store.read(partial(read_log_record, trace_id=TRACE.hex(), row_id=line.row_id))
    assert whole is not None
    assert (whole.body_text, whole.attributes_json, whole.scope.name) == (body, {"a": 1}, "tests")


def test_a_row_that_is_not_of_the_trace_leads_to_no_record(store: Store, source: Source, index: Drain) -> None:
    source.append(otlp.log_request(otlp.log("one", trace=TRACE, time_ns=NS)), Signal.LOGS)
    index()
    (line,) = lines(store)
    other = otlp.trace_id(2).hex()
    for trace, row_id in ((TRACE.hex(), line.row_id + 1), (other, line.row_id)):
        assert store.read(partial(read_log_record, trace_id=trace, row_id=row_id)) is None
    assert store.read(partial(read_log_lines, trace_id=other, row_ids=[line.row_id])) == {}


def test_whole_records_are_read_of_all_spans_or_of_some(store: Store, source: Source, index: Drain) -> None:
    records = [
        otlp.log(f"{number}", trace=TRACE, span=otlp.span_id(number % 3 + 1), time_ns=NS + number)
        for number in range(9)
    ]
    source.append(otlp.log_request(*reversed(records), otlp.log("spanless", trace=TRACE)), Signal.LOGS)
    index()

    def whole(span_ids: tuple[str, ...] | None, limit: int | None = None) -> list[str]:
        found = store.read(lambda cursor: read_trace_logs(cursor, TRACE.hex(), span_ids, limit))
        return [record.body_text for record in found]

    assert whole(None) == [*map(str, range(9)), "spanless"]
    assert whole((otlp.span_id(2).hex(),)) == ["1", "4", "7"]
    assert whole((otlp.span_id(2).hex(), otlp.span_id(1).hex()), 3) == ["0", "1", "3"]
    assert whole(()) == []


def test_marks_stand_where_records_are_and_keep_the_most_severe(store: Store, source: Source, index: Drain) -> None:
    span = otlp.span_id(1)
    many = [
        otlp.log("x", trace=TRACE, span=span, time_ns=NS + number, severity=INFO)
        for number in range(MARKS_PER_SPAN + 5)
    ]
    worst = otlp.log("y", trace=TRACE, span=span, time_ns=NS + 10**6, severity=SeverityNumber.SEVERITY_NUMBER_FATAL)
    unplaced = (otlp.log("z", trace=TRACE, span=span), otlp.log("w", trace=TRACE, time_ns=NS))
    source.append(otlp.log_request(*many, worst, *unplaced), Signal.LOGS)
    index()
    marks = store.read(lambda cursor: find_log_marks(cursor, TRACE.hex()))
    assert list(marks) == [span.hex()]
    found = marks[span.hex()]
    assert len(found) == MARKS_PER_SPAN
    assert (found[-1].time_ns, found[-1].severity) == (NS + 10**6, Severity.FATAL)
    assert [mark.time_ns for mark in found[:-1]] == [NS + number for number in range(MARKS_PER_SPAN - 1)]


def test_records_are_filtered_by_severity_by_number_or_by_text(store: Store, source: Source, index: Drain) -> None:
    records = [
        otlp.log("info", trace=TRACE, time_ns=NS, severity=SeverityNumber.SEVERITY_NUMBER_INFO2),
        otlp.log("warn", trace=TRACE, time_ns=NS + 1, severity=SeverityNumber.SEVERITY_NUMBER_WARN),
        otlp.log("worded", trace=TRACE, time_ns=NS + 2, severity_text=" Critical "),
        otlp.log("stepped", trace=TRACE, time_ns=NS + 3, severity_text="WARN3"),
        otlp.log("number counts", trace=TRACE, time_ns=NS + 4, severity_text="ERROR", severity=INFO),
        otlp.log("unknown", trace=TRACE, time_ns=NS + 5, severity_text="loud"),
    ]
    source.append(otlp.log_request(*records), Signal.LOGS)
    index()
    assert len(bodies(store, LogFilter())) == len(records)
    for least in Severity:
        at_least = [line.body_start for line in lines(store) if line.severity >= least]
        assert bodies(store, LogFilter(least)) == at_least
    found = store.read(partial(find_logs, trace_id=TRACE.hex()))
    assert list(found.severe) == [0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("REFUND", ["a refund", "structured"]),
        ('say "hi"', ['quoted: say "hi"']),
        ("order.placed", ["an event"]),
        ("loud", ["worded"]),
        ("1042", ["with attributes"]),
        ("x' OR true --", []),
        ("%", []),
    ],
)
def test_records_are_filtered_by_text(
    store: Store, source: Source, index: Drain, text: str, expected: list[str]
) -> None:
    records = [
        otlp.log("a refund", trace=TRACE, time_ns=NS),
        otlp.log({"structured": "refund"}, trace=TRACE, time_ns=NS + 1),
        otlp.log('quoted: say "hi"', trace=TRACE, time_ns=NS + 2),
        otlp.log("an event", trace=TRACE, time_ns=NS + 3, event="order.placed"),
        otlp.log("worded", trace=TRACE, time_ns=NS + 4, severity_text="Loud"),
        otlp.log("with attributes", trace=TRACE, time_ns=NS + 5, attributes={"order": 1042}),
    ]
    source.append(otlp.log_request(*records), Signal.LOGS)
    index()
    found = bodies(store, LogFilter(text=text))
    assert ["structured" if "structured" in body else body for body in found] == expected


def test_records_without_a_span_and_those_whose_span_has_not_arrived_are_counted(
    store: Store, source: Source, index: Drain
) -> None:
    assert store.read(partial(count_logs, trace_id=TRACE.hex())) == LogCounts()
    records = [
        otlp.log("spanless", trace=TRACE, time_ns=NS),
        otlp.log("early", trace=TRACE, span=otlp.span_id(1), time_ns=NS + 1),
        otlp.log("early too", trace=TRACE, span=otlp.span_id(1), time_ns=NS + 2),
        otlp.log("placed", trace=TRACE, span=otlp.span_id(2), time_ns=NS + 3),
    ]
    source.append(otlp.log_request(*records), Signal.LOGS)
    index()
    assert store.read(partial(count_logs, trace_id=TRACE.hex())) == LogCounts(4, 1, 3)
    source.append_spans(otlp.span("work", trace=TRACE, id=otlp.span_id(2), start_ns=NS))
    index()
    assert store.read(partial(count_logs, trace_id=TRACE.hex())) == LogCounts(4, 1, 2)
    assert [line.span_name for line in lines(store)] == [None, None, None, "work"]
    assert bodies(store, LogFilter(span_id=otlp.span_id(1).hex())) == ["early", "early too"]
