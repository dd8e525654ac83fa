"""What the list of log records asks the store: order, filters, totals, and one record whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.features.logs.filters import LogFilter, Sort, SortBy
from junjo_desktop.features.logs.listings import LogListing, LogRow
from junjo_desktop.features.logs.queries import log_detail
from junjo_desktop.features.logs.source import LogSource
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.time_range import TimeRange
from tests.support.otlp import log, log_request, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

NS = 1_790_000_000_000_000_000
INFO, WARN, FATAL = (
    SeverityNumber.SEVERITY_NUMBER_INFO,
    SeverityNumber.SEVERITY_NUMBER_WARN,
    SeverityNumber.SEVERITY_NUMBER_FATAL,
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Records of two services, some of them in a trace. Tests must not change them."""
    telemetry = StoredTelemetry(tmp_path_factory.mktemp("logs"))
    telemetry.add(trace_request(span("checkout", trace=trace_id(1), id=span_id(1), start_ns=NS)))
    telemetry.add(
        log_request(
            log("started", time_ns=NS + 1, severity=INFO, trace=trace_id(1), span=span_id(1)),
            log("slow query\nSELECT 1", observed_ns=NS + 2, severity=WARN, trace=trace_id(1), span=span_id(7)),
            log("lost", time_ns=NS + 3, severity=FATAL, trace=trace_id(2)),
        )
    )
    telemetry.add(
        log_request(
            log("alone", time_ns=NS + 4, severity_text="Warning", event="app.alone"),
            log({"role": "user"}, attributes={"order": 17}),
            service="batch",
        )
    )
    yield telemetry
    telemetry.close()


def listing(telemetry: StoredTelemetry, chosen: LogFilter, sort: Sort | None = None) -> LogListing:
    source = LogSource(chosen, sort or Sort(), top_first=False)
    return telemetry.read(lambda cursor: source.list_ids(cursor, None))


def rows(telemetry: StoredTelemetry, chosen: LogFilter, sort: Sort | None = None) -> list[LogRow]:
    return list(listing(telemetry, chosen, sort).first_rows.values())


def bodies(telemetry: StoredTelemetry, chosen: LogFilter, sort: Sort | None = None) -> list[str]:
    return [row.body_start.partition("\n")[0] for row in rows(telemetry, chosen, sort)]


def test_the_newest_come_first_and_those_without_any_time_last(stored: StoredTelemetry) -> None:
    assert bodies(stored, LogFilter()) == ["alone", "lost", "slow query", "started", '{"role":"user"}']
    observed = rows(stored, LogFilter())[2]
    assert (observed.time_ns, observed.is_observed) == (NS + 2, True)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (LogFilter(service="batch"), ["alone", '{"role":"user"}']),
        (LogFilter(least=Severity.WARN), ["alone", "lost", "slow query"]),
        (LogFilter(least=Severity.FATAL), ["lost"]),
        (LogFilter(trace_id=trace_id(1).hex()), ["slow query", "started"]),
        (LogFilter(trace_id=trace_id(1).hex(), span_id=span_id(1).hex()), ["started"]),
        (LogFilter(time_range=TimeRange(since_ns=NS + 2, until_ns=NS + 3)), ["lost", "slow query"]),
        (LogFilter(text="SELECT"), ["slow query"]),
        (LogFilter(text="severity:warn event:alone"), ["alone"]),
        (LogFilter(text="order = 17"), ['{"role":"user"}']),
        (LogFilter(text="nothing"), []),
    ],
    ids=lambda value: str(value.words()) if isinstance(value, LogFilter) else "",
)
def test_filters_narrow_the_list_and_the_bars(stored: StoredTelemetry, chosen: LogFilter, found: list[str]) -> None:
    assert bodies(stored, chosen) == found
    told = listing(stored, chosen)
    assert told.totals is not None
    assert (told.totals.bars.total, told.stored, told.totals.services) == (len(found), 5, {"batch": 2, "shop": 3})


@pytest.mark.parametrize("sort", [*map(Sort, SortBy), Sort(SortBy.TIME, False)])
def test_every_column_sorts_all_records(stored: StoredTelemetry, sort: Sort) -> None:
    source = LogSource(LogFilter(), sort)
    top = stored.read(lambda cursor: source.list_ids(cursor, None))
    whole = stored.read(lambda cursor: source.list_ids(cursor, top))
    assert top.ids.page(0, 9) == whole.ids.page(0, 9)
    assert sorted(whole.ids.page(0, 9)) == [0, 1, 2, 3, 4]


def test_the_most_severe_come_first_when_asked(stored: StoredTelemetry) -> None:
    found = rows(stored, LogFilter(), Sort(SortBy.SEVERITY, True))
    assert [row.severity for row in found] == [
        Severity.FATAL,
        Severity.WARN,
        Severity.WARN,
        Severity.INFO,
        Severity.UNKNOWN,
    ]


def test_bars_count_severities_and_what_has_no_time(stored: StoredTelemetry) -> None:
    totals = listing(stored, LogFilter()).totals
    assert totals is not None
    assert [(bar.count, bar.warnings, bar.errors) for bar in totals.bars.bars] == [
        (1, 0, 0),
        (1, 1, 0),
        (1, 0, 1),
        (1, 1, 0),
    ]
    assert (totals.bars.first_ns, totals.bars.untold) == (NS + 1, 1)


def test_a_record_is_read_whole_with_the_names_of_its_span_and_trace(stored: StoredTelemetry) -> None:
    told = {}
    for row in rows(stored, LogFilter()):
        detail = stored.read(partial(log_detail, row=row))
        assert detail is not None
        told[row.body_start.partition("\n")[0]] = (detail.trace_name, detail.span_name, detail.trace_start_ns)
    assert told == {
        "started": ("checkout", "checkout", NS),
        "slow query": ("checkout", None, NS),
        "lost": (None, None, 0),
        "alone": (None, None, 0),
        '{"role":"user"}': (None, None, 0),
    }
