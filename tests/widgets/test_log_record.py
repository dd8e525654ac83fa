"""One log record whole: what it says of itself, its body as text or JSON, and hostile text."""

from __future__ import annotations

import pytest
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber
from pytestqt.qtbot import QtBot

from junjo_desktop.telemetry.columns import LOG_COLUMNS
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.widgets.log_record.view import LogRecordView
from junjo_desktop.widgets.log_record.words import first_line, record_facts, severity_words
from tests.support import otlp
from tests.support.hands import nameless, rich_labels, texts

NS = 1_790_000_000_000_000_000


def stored(record: logs_pb2.LogRecord) -> LogRecord:
    """A record as it is read back."""
    request = otlp.log_request(record, service="till")
    decoded = decode(IntakeEntry(1, Signal.LOGS, NS, request.SerializeToString()))
    (log,) = decoded.logs
    resource = decoded.resources[str(log[LOG_COLUMNS.index("resource_id")])]
    scope = decoded.scopes[str(log[LOG_COLUMNS.index("scope_id")])]
    return LogRecord.from_row((*log, *resource, *scope))


@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        (9, "", "info"),
        (9, "INFO", "info"),
        (13, "WARNING", "warn"),
        (17, "Severe trouble", "error (Severe trouble)"),
        (0, "", "unknown"),
        (0, "loud", "unknown (loud)"),
        (0, "Critical", "fatal"),
        (9, "ERROR", "info (ERROR)"),
    ],
)
def test_severity_is_told_in_our_words_and_in_the_senders_where_they_differ(number: int, text: str, words: str) -> None:
    assert severity_words(number, text) == words


def test_the_first_line_is_the_first_that_says_something() -> None:
    assert first_line("\n  \n  begun \nand on") == "begun"
    assert first_line("") == ""


def test_facts_tell_times_from_the_start_of_the_trace_and_by_the_clock() -> None:
    record = stored(otlp.log(time_ns=NS + 1_500_000_000, observed_ns=NS + 1_600_000_000))
    facts = {fact.label: fact.value for fact in record_facts(record, NS)}
    assert facts["After"] == "+1.50 s"
    assert {"Time", "Observed", "Service"} <= set(facts)
    assert "After" not in {fact.label for fact in record_facts(record, 0)}


def test_a_record_without_times_says_so() -> None:
    facts = {fact.label: fact.value for fact in record_facts(stored(otlp.log()), NS)}
    assert facts["Time"] == "unknown"
    assert "After" not in facts


@pytest.fixture
def view(qtbot: QtBot) -> LogRecordView:
    shown = LogRecordView()
    qtbot.addWidget(shown)
    shown.resize(500, 400)
    shown.show()
    return shown


def test_a_body_is_shown_as_text_or_as_json_with_the_json_in_its_strings(view: LogRecordView) -> None:
    view.show_record(stored(otlp.log("one\ntwo")), NS)
    assert view.body.text == "one\ntwo"
    view.show_record(stored(otlp.log({"inner": '{"a": [1]}'})), NS)
    assert '"a": [' in view.body.text
    view.show_record(stored(otlp.log(None)), NS)
    assert view.body.text == "(the body is empty)"
    without = stored(otlp.log("x"))
    view.show_record(LogRecord(**{**without.__dict__, "body": None, "body_text": ""}), NS)
    assert view.body.text == "(no body was sent)"


def test_the_tab_that_was_chosen_stays_for_the_next_record(view: LogRecordView) -> None:
    view.show_record(stored(otlp.log("one", attributes={"a": 1})), NS)
    view.tabs.setCurrentWidget(view.raw)
    view.show_record(stored(otlp.log("two", severity=SeverityNumber.SEVERITY_NUMBER_WARN)), NS)
    assert '"body_json": "two"' in view.raw.text
    view.tabs.setCurrentWidget(view.attributes)
    assert view.tabs.tabText(1) == "Attributes"
    view.show_record(stored(otlp.log("three", attributes={"a": 1, "b": 2})), NS)
    assert view.tabs.tabText(1) == "Attributes 2"


def test_hostile_text_is_shown_as_text_and_everything_has_a_name(view: LogRecordView) -> None:
    hostile = "<b onclick='x'>\x1b[31m\u202e</b>"
    view.show_record(stored(otlp.log(hostile, event=hostile, severity_text=hostile, attributes={hostile: hostile})), NS)
    assert rich_labels(view) == []
    assert nameless(view) == []
    assert "\x1b" not in texts(view)


def test_nothing_is_shown_with_a_reason(view: LogRecordView) -> None:
    view.show_record(stored(otlp.log("one")), NS)
    view.show_nothing("This record is no longer stored.")
    assert view.record is None
    assert view.empty.isVisible()
    assert view.empty.sentence == "This record is no longer stored."
