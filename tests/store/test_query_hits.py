"""Where rows of each subject have what a query looks for, on a real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from duckdb import DuckDBPyConnection

from junjo_desktop.store.query_hits import read_hits
from junjo_desktop.telemetry.query.hits import marks_of
from junjo_desktop.telemetry.query.subject import Subject
from tests.support.otlp import log, log_request, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry

TRACES = [trace_id(number).hex() for number in range(1, 5)]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredTelemetry]:
    """Four traces: a word in an attribute, in an event, in a log record, nowhere."""
    telemetry = StoredTelemetry(tmp_path_factory.mktemp("hits"))
    prompt = span(
        "chat", trace=trace_id(1), id=span_id(11), parent=span_id(1), attributes={"prompt": "a REFUND, please"}
    )
    noted = span("pay", trace=trace_id(2), id=span_id(2), error='it\'s "declined"')
    noted.events.add(name="note").attributes.extend(span(attributes={"text": "refund\nit"}).attributes)
    telemetry.add(
        trace_request(span("root", trace=trace_id(1), id=span_id(1)), prompt),
        trace_request(noted),
        trace_request(span("quiet", trace=trace_id(3), id=span_id(3))),
        trace_request(span("other", trace=trace_id(4), id=span_id(4))),
        log_request(log("no refund today", trace=trace_id(3), span=span_id(3)), log("tea", attributes={"a": "refund"})),
    )
    yield telemetry
    telemetry.close()


def _hits(
    stored: StoredTelemetry, keys: Sequence[str], query: str, subject: Subject = Subject.TRACES
) -> dict[str, tuple[str, str]]:
    marks = marks_of(query, subject)
    found = stored.read(partial(read_hits, wanted=dict.fromkeys(keys, marks), subject=subject))
    return {key: (hit.where, hit.text[hit.start : hit.end]) for key, hit in found.items()}


def test_traces_have_hits_in_spans_events_and_log_records(stored: StoredTelemetry) -> None:
    assert _hits(stored, TRACES, "refund") == {
        TRACES[0]: ("chat · attribute prompt", "REFUND"),
        TRACES[1]: ("pay · event note text", "refund"),
        TRACES[2]: ("log record · body", "refund"),
    }
    assert _hits(stored, TRACES, 'message:"\\"declined"') == {TRACES[1]: ("pay · message", '"declined')}
    assert _hits(stored, TRACES, "prompt:refund") == {TRACES[0]: ("chat · attribute prompt", "REFUND")}
    assert _hits(stored, TRACES[3:], "refund") == {}
    assert _hits(stored, TRACES, "-refund") == {}
    assert _hits(stored, [], "refund") == {}


def test_runs_have_those_of_their_traces(stored: StoredTelemetry) -> None:
    key = TRACES[0] + span_id(1).hex()
    assert _hits(stored, [key], "refund", Subject.RUNS) == {key: ("chat · attribute prompt", "REFUND")}


def test_spans_and_log_records_have_their_own(stored: StoredTelemetry) -> None:
    def rows(cursor: DuckDBPyConnection, table: str) -> list[str]:
        return [str(number) for (number,) in cursor.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()]  # noqa: S608 - our own names

    spans, logs = (stored.read(partial(rows, table=table)) for table in ("spans", "logs"))
    found = _hits(stored, spans, "refund", Subject.SPANS)
    assert sorted(found.values()) == [("attribute prompt", "REFUND"), ("event note text", "refund")]
    found = _hits(stored, logs, "refund", Subject.LOGS)
    assert sorted(found.values()) == [("attribute a", "refund"), ("body", "refund")]


@pytest.mark.parametrize("text", ["'; DROP TABLE spans; --", "%", "\\\\", "ä", "$word0"])
def test_hostile_text_is_only_looked_for(stored: StoredTelemetry, text: str) -> None:
    assert _hits(stored, TRACES, f'"{text}"') == {}
