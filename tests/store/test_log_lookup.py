"""Log records as the command line lists them: newest first, narrowed, and all of them page by page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.errors import UsageError
from junjo_desktop.store.database import Store
from junjo_desktop.store.log_lookup import ListedLog, logs
from junjo_desktop.telemetry.intake import Signal
from tests.store.entries import Source
from tests.support import otlp

Drain = Callable[[], None]
NS = 1_790_000_000_000_000_000
TRACE = otlp.trace_id(1)


@pytest.fixture
def filled(store: Store, source: Source, index: Drain) -> Store:
    """Records of two services, with and without a trace, a time and a number of severity."""
    source.append(
        otlp.log_request(
            otlp.log("third", time_ns=NS + 3, trace=TRACE, severity=SeverityNumber.SEVERITY_NUMBER_WARN2),
            otlp.log("observed", observed_ns=NS + 2, severity_text="Critical"),
            otlp.log("first", time_ns=NS + 1, severity=SeverityNumber.SEVERITY_NUMBER_INFO),
            otlp.log({"nested": [1]}, event="no.time"),
        ),
        Signal.LOGS,
    )
    source.append(
        otlp.log_request(otlp.log("of another", time_ns=NS + 3, severity_text="warn"), service="b"), Signal.LOGS
    )
    index()
    return store


def listed(store: Store, **wanted: Any) -> list[ListedLog]:
    return store.read(partial(logs, **wanted))


def bodies(store: Store, **wanted: Any) -> list[str]:
    return [found.record.body_text for found in listed(store, **wanted)]


def test_the_newest_come_first_by_when_they_happened_or_were_observed(filled: Store) -> None:
    assert bodies(filled) == ["of another", "third", "observed", "first", '{"nested":[1]}']


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"service": "b"}, ["of another"]),
        ({"severity": "warn"}, ["of another", "third", "observed"]),
        ({"severity": "ERROR"}, ["observed"]),
        ({"severity": "info", "service": "shop"}, ["third", "observed", "first"]),
        ({"trace_id": TRACE.hex().upper()}, ["third"]),
        ({"trace_id": otlp.trace_id(2).hex()}, []),
    ],
)
def test_they_are_narrowed(filled: Store, wanted: dict[str, str], found: list[str]) -> None:
    assert bodies(filled, **wanted) == found


def test_page_by_page_gives_every_record_once(filled: Store) -> None:
    found: list[str] = []
    before: str | None = None
    while page := listed(filled, limit=2, before=before):
        found += [record.record.body_text for record in page]
        before = page[-1].cursor
    assert found == bodies(filled)


def test_a_record_is_told_with_its_severity_in_a_word(filled: Store) -> None:
    told = {row.record.body_text: row.to_json() for row in listed(filled)}
    assert {body: row["severity"] for body, row in told.items()} == {
        "of another": "warn",
        "third": "warn",
        "observed": "fatal",
        "first": "info",
        '{"nested":[1]}': "unknown",
    }
    assert told['{"nested":[1]}']["body_json"] == {"nested": [1]}


@pytest.mark.parametrize(
    "wrong", [{"severity": "loud"}, {"trace_id": "abc"}, {"before": "no cursor"}, {"before": "MS4yLjM"}, {"limit": 0}]
)
def test_what_makes_no_sense_is_told(filled: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        listed(filled, **wrong)
