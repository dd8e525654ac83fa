"""What was received and refused is counted per service and per reason, whoever counts at the same time."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from junjo_desktop.receiver.reception import SERVICES_REMEMBERED, Reception
from junjo_desktop.telemetry.intake import Refusal, RefusalReason, ServiceSeen, Signal


class _Clock:
    def __init__(self) -> None:
        self.now_ns = 100

    def __call__(self) -> int:
        self.now_ns += 1
        return self.now_ns


def test_items_are_counted_by_signal_and_by_service() -> None:
    reception = Reception(now_ns=_Clock())
    reception.accept(Signal.TRACES, {"shop": 3, "bank": 1})
    reception.accept(Signal.LOGS, {"shop": 5})
    reception.accept(Signal.METRICS, {"bank": 7})
    reception.accept(Signal.TRACES, {})
    seen = reception.snapshot()
    assert (seen.requests, seen.spans, seen.log_records, seen.metrics) == (4, 4, 5, 7)
    assert seen.services == (ServiceSeen("bank", 8, 104), ServiceSeen("shop", 8, 103))
    assert seen.started_ns == 101


def test_refusals_keep_their_count_and_last_words_newest_first() -> None:
    reception = Reception(now_ns=_Clock())
    reception.refuse(RefusalReason.WRONG_KEY, "first", "do this")
    reception.refuse(RefusalReason.TLS, "tls", "insecure=True")
    reception.refuse(RefusalReason.WRONG_KEY, "second", "do that", count=4)
    assert reception.snapshot().refusals == (
        Refusal(RefusalReason.WRONG_KEY, 5, 104, "second", "do that"),
        Refusal(RefusalReason.TLS, 1, 103, "tls", "insecure=True"),
    )


def test_endless_service_names_and_texts_do_not_fill_the_memory() -> None:
    reception = Reception()
    for number in range(SERVICES_REMEMBERED + 10):
        reception.accept(Signal.TRACES, {f"service {number} " + "x" * 10_000: 1})
    reception.refuse(RefusalReason.MALFORMED, "x" * 10_000, "y" * 10_000)
    seen = reception.snapshot()
    assert len(seen.services) == SERVICES_REMEMBERED
    assert seen.services[0].service_name.startswith(f"service {SERVICES_REMEMBERED + 9} ")
    assert max(len(service.service_name) for service in seen.services) <= 200
    assert len(seen.refusals[0].detail) <= 400
    assert seen.spans == SERVICES_REMEMBERED + 10


def test_counts_from_many_threads_add_up() -> None:
    reception = Reception()

    def count(_: int) -> None:
        for _ in range(200):
            reception.accept(Signal.TRACES, {"shop": 2})
            reception.refuse(RefusalReason.NO_KEY, "x")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    seen = reception.snapshot()
    assert (seen.requests, seen.spans, seen.refusals[0].count) == (1600, 3200, 1600)


def test_the_log_hears_of_a_reason_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = _Clock()
    clock.now_ns = 10**12
    reception = Reception(now_ns=clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(100):
            reception.refuse(RefusalReason.TLS, "hello")
        assert len(caplog.records) == 1
        clock.now_ns += 61 * 10**9
        reception.refuse(RefusalReason.TLS, "hello\nworld")
        clock.now_ns -= 5 * 3_600 * 10**9
        reception.refuse(RefusalReason.TLS, "after the clock went back")
    assert len(caplog.records) == 3
    assert "hello\\nworld" in caplog.records[1].getMessage(), "a line stays a line"
