"""The connection doctor's findings, from reports as the intake gives them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.receiver.diagnosis import Finding, ago, counted, diagnose, findings_text, one_line
from junjo_desktop.telemetry.intake import IntakeReport, Listener, Purpose, Refusal, RefusalReason, ServiceSeen

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND
QUIET = IntakeReport(
    listeners=(Listener(Purpose.OTLP, 26155), Listener(Purpose.VALIDATOR, 50053)),
    keys_required=True,
    requests=0,
    spans=0,
    log_records=0,
    metrics=0,
    waiting=0,
    stored_spans=0,
    store_bytes=0,
    services=(),
    refusals=(),
)
TAKEN = PortUnavailableError("Port 4317 is taken by another program.", "Stop it or choose another port.")


def titles(report: IntakeReport) -> list[str]:
    return [finding.title for finding in diagnose(report, now_ns=NOW)]


def found(report: IntakeReport, words: str) -> Finding:
    return next(finding for finding in diagnose(report, now_ns=NOW) if words in finding.title)


def test_a_quiet_start_names_the_ports_and_the_next_step() -> None:
    assert found(QUIET, "127.0.0.1:26155").severity == "ok"
    silence = found(QUIET, "Nothing has arrived")
    assert silence.severity == "info"
    assert "snippet" in silence.next_step


def test_a_taken_port_is_a_warning_with_its_way_out_while_another_is_open() -> None:
    report = replace(QUIET, listeners=(Listener(Purpose.OTLP, 26155), Listener(Purpose.OTLP, 4317, TAKEN)))
    taken = found(report, "4317")
    assert (taken.severity, taken.next_step) == ("warning", "Stop it or choose another port.")
    assert not any("No port" in title for title in titles(report))


def test_no_open_port_is_the_first_thing_said() -> None:
    report = replace(QUIET, listeners=(Listener(Purpose.OTLP, 4317, TAKEN), Listener(Purpose.VALIDATOR, 50053)))
    first = diagnose(report, now_ns=NOW)[0]
    assert first.severity == "error"
    assert "nothing can be received" in first.title
    assert found(report, "4317").severity == "error"


def test_services_are_told_newest_first_with_their_age() -> None:
    services = (ServiceSeen("shop", 1204, NOW - 12 * SECOND), ServiceSeen("batch", 1, NOW))
    told = [title for title in titles(replace(QUIET, services=services, requests=2)) if "received" in title]
    assert told == ["batch: 1 item received, last just now.", "shop: 1,204 items received, last 12 s ago."]


def test_a_crowd_of_services_is_summed_up() -> None:
    services = tuple(ServiceSeen(f"s{number}", 1, NOW - number) for number in range(50))
    assert "30 more services received." in titles(replace(QUIET, services=services, requests=50))


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_refusal_has_its_reason_count_age_and_hint(reason: RefusalReason) -> None:
    refusal = Refusal(reason, 3, NOW - 61 * SECOND, "from 127.0.0.1", "Do this.")
    finding = found(replace(QUIET, refusals=(refusal,)), reason.value)
    assert finding.title == f"Refused: {reason.value}, 3 times, last 1 min ago."
    assert (finding.detail, finding.next_step) == ("from 127.0.0.1", "Do this.")
    assert finding.severity in {"warning", "error"}


def test_what_waits_what_was_put_aside_and_the_last_error_are_told() -> None:
    report = replace(QUIET, waiting=7, quarantined=1, last_error="disk full", requests=1)
    assert found(report, "7 items").severity == "info"
    assert found(report, "1 request could not be indexed and was put aside").severity == "warning"
    assert found(report, "had an error").detail == "disk full"


def test_open_doors_and_a_missing_keyring_are_told() -> None:
    report = replace(QUIET, keys_required=False, secret_store_problem="no Secret Service")
    assert found(report, "without a key").severity == "info"
    assert found(report, "are not kept").detail == "no Secret Service"


def test_hostile_names_cannot_break_the_lines_of_the_text() -> None:
    hostile = ServiceSeen("evil\n\x1b[31mok\u202e" + "x" * 100_000, 1, NOW)
    findings = diagnose(replace(QUIET, services=(hostile,), requests=1), now_ns=NOW)
    text = findings_text(findings)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) == sum(1 + bool(f.detail) + bool(f.next_step) for f in findings)
    assert max(map(len, text.splitlines())) < 300


@given(st.text(max_size=400), st.integers(min_value=1, max_value=200))
def test_one_line_is_one_short_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (1, "just now"),
        (12, "12 s ago"),
        (60, "1 min ago"),
        (7200, "2 h ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_ages_are_words(seconds: int, words: str) -> None:
    assert ago(NOW - seconds * SECOND, NOW) == words


def test_counts_agree_with_their_noun() -> None:
    assert [counted(1, "span"), counted(0, "span"), counted(1204, "span")] == ["1 span", "0 spans", "1,204 spans"]
