"""How severe a record is, by its number and, failing that, by its text."""

from __future__ import annotations

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.telemetry.severity import Severity, severity_of


@pytest.mark.parametrize("name", SeverityNumber.keys())
def test_every_number_of_opentelemetry_falls_into_its_range(name: str) -> None:
    word = name.removeprefix("SEVERITY_NUMBER_").rstrip("234").replace("UNSPECIFIED", "UNKNOWN")
    assert severity_of(SeverityNumber.Value(name)) is Severity[word]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("warning", Severity.WARN),
        ("CRITICAL", Severity.FATAL),
        ("DEBUG2", Severity.DEBUG),
        ("  Information ", Severity.INFO),
        ("loud", Severity.UNKNOWN),
        ("", Severity.UNKNOWN),
    ],
)
def test_the_text_counts_where_no_number_was_sent(text: str, severity: Severity) -> None:
    assert severity_of(0, text) is severity
    assert severity_of(-3, text) is severity


def test_the_number_counts_more_than_the_text() -> None:
    assert severity_of(9, "ERROR") is Severity.INFO
