"""What came since one looked last: all of it, once, and nothing that does not match."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.errors import UsageError
from junjo_desktop.store.tail import Looked, tail
from tests.support.otlp import log, log_request, span, trace_id, trace_request
from tests.support.stored import StoredTelemetry

ERROR, INFO = SeverityNumber.SEVERITY_NUMBER_ERROR, SeverityNumber.SEVERITY_NUMBER_INFO


class Looking:
    """Looks again and again."""

    def __init__(self, telemetry: StoredTelemetry, query: str = "", subject: str = "traces") -> None:
        self._telemetry = telemetry
        self._params: dict[str, Any] = {"query": query, "subject": subject}
        self.more = False
        assert self.look() == []

    def look(self) -> list[str]:
        """The names of what came, or the bodies of log records."""
        answer = self._telemetry.read(lambda cursor: tail(cursor, **self._params))
        self._params["after"], self.more = answer["after"], answer["more"]
        return [row["name"] if "name" in row else row["body_text"] for row in answer["rows"]]


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """A store with something old in it."""
    telemetry = StoredTelemetry(tmp_path / "data")
    telemetry.add(trace_request(span("old one")))
    yield telemetry
    telemetry.close()


def test_each_span_is_told_once_in_the_order_of_arrival(telemetry: StoredTelemetry) -> None:
    looking = Looking(telemetry, subject="spans")
    assert looking.look() == []
    telemetry.add(trace_request(span("b", start_ns=2_000)), trace_request(span("a", start_ns=9_000)))
    assert looking.look() == ["b", "a"]
    assert looking.look() == []


def test_only_what_matches_is_told(telemetry: StoredTelemetry) -> None:
    looking = Looking(telemetry, "status:error http.route:/pay", "spans")
    telemetry.add(
        trace_request(
            span("fine", attributes={"http.route": "/pay"}),
            span("broken", attributes={"http.route": "/pay"}, error="no"),
            span("elsewhere", attributes={"http.route": "/"}, error="no"),
        )
    )
    assert looking.look() == ["broken"]


def test_a_trace_is_told_when_it_matches_by_what_came_before_too(telemetry: StoredTelemetry) -> None:
    looking = Looking(telemetry, "name:child status:error")
    telemetry.add(trace_request(span("child", trace=trace_id(7), parent=b"\1" * 8)))
    assert looking.look() == []
    telemetry.add(trace_request(span("root", trace=trace_id(7), id=b"\1" * 8, error="no")))
    telemetry.add(trace_request(span("child", trace=trace_id(8))))
    assert looking.look() == ["root"]


def test_log_records_are_told_also_by_the_span_they_were_written_in(telemetry: StoredTelemetry) -> None:
    looking = Looking(telemetry, "severity:error model:gpt", "logs")
    chat = span(
        "chat", trace=trace_id(5), attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"}
    )
    telemetry.add(trace_request(chat))
    telemetry.add(
        log_request(
            log("refused", trace=chat.trace_id, span=chat.span_id, severity=ERROR),
            log("begun", trace=chat.trace_id, span=chat.span_id, severity=INFO),
            log("of no trace", severity=ERROR),
        )
    )
    assert looking.look() == ["refused"]
    assert looking.look() == []


def test_a_flood_comes_in_portions_and_whole(telemetry: StoredTelemetry) -> None:
    looking = Looking(telemetry, subject="spans")
    names = [f"span {number}" for number in range(150)]
    telemetry.add(*(trace_request(span(name)) for name in names))
    told, portions = looking.look(), 1
    while looking.more:
        told += looking.look()
        portions += 1
    assert (told, portions) == (names, 3)


def test_a_journal_that_was_made_anew_is_looked_at_from_its_beginning(telemetry: StoredTelemetry) -> None:
    telemetry.add(trace_request(span("older")))
    looking = Looking(telemetry, subject="spans")
    with telemetry.store.write() as writer:
        writer.execute("INSERT INTO intake_position (journal_id, position, rows_of_next) VALUES ('another', 2, 0)")
        writer.execute("UPDATE spans SET arrival = 99 WHERE name = 'old one'")
    assert looking.look() == ["older"], "the only span whose arrival is within what the new journal has stored"


@pytest.mark.parametrize("odd", ["", "x", "bm8=", Looked({}, 0).to_text()[:-4]])
def test_a_place_that_nobody_gave_is_refused(telemetry: StoredTelemetry, odd: str) -> None:
    with pytest.raises(UsageError, match="says no place"):
        telemetry.read(lambda cursor: tail(cursor, "", after=odd))


def test_there_is_no_tail_of_runs(telemetry: StoredTelemetry) -> None:
    with pytest.raises(UsageError, match="no tail of runs"):
        telemetry.read(lambda cursor: tail(cursor, "", "runs"))
