"""A disk that takes long: what waits for it is bounded, senders are told when to come again, and nothing is lost.

Another process that holds SQLite's write lock stands for the slow disk: the journal's commit hangs just the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]  # the package has no types

from junjo_desktop.receiver.journal import Journal, JournalFullError, JournalLimits
from junjo_desktop.telemetry.intake import RefusalReason, Signal
from tests.receiver.intake import EXPORT_TRACES, Intake, Refused, refused_by
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_request

_LIMITS = JournalLimits(commit_s=0.2)


@contextmanager
def slow_disk(path: Path) -> Iterator[None]:
    """Within the block no commit of the journal ends."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def test_what_waits_behind_a_slow_commit_is_refused_and_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "intake.sqlite3"
    journal = Journal(path, limits=_LIMITS)
    stored = {journal.append(Signal.TRACES, b"before", 1, 0): b"before"}
    bodies: list[bytes] = []
    sent: list[Future[int]] = []

    def one_more_until_one_is_refused() -> bool:
        bodies.append(b"%d" % len(bodies))
        sent.append(pool.submit(journal.append, Signal.TRACES, bodies[-1], 1, 0))
        return any(one.done() for one in sent)

    with ThreadPoolExecutor(64) as pool, slow_disk(path):
        # The first ones are being written: they may be on the disk already, so they cannot be refused.
        assert eventually(one_more_until_one_is_refused)
        with pytest.raises(JournalFullError, match="takes more than 0 s to write"):
            journal.append(Signal.TRACES, b"afterwards", 1, 0)
    for body, one in zip(bodies, sent, strict=True):
        error = one.exception()
        assert error is None or isinstance(error, JournalFullError)
        if error is None:
            stored[one.result()] = body
    assert 1 < len(stored) < len(bodies)
    stored[journal.append(Signal.TRACES, b"again", 1, 0)] = b"again"
    assert {entry.seq: entry.body for entry in journal.read_after(0, 1 << 40)} == stored
    journal.close()


def test_senders_are_told_to_come_again_and_the_window_can_count_it(tmp_path: Path) -> None:
    intake = Intake(tmp_path, limits=_LIMITS)
    acknowledged: list[bytes] = []
    refusals: list[Refused] = []

    def send(number: int) -> None:
        body = trace_request(span(f"span {number}")).SerializeToString()
        try:
            intake.call(EXPORT_TRACES, body)
        except grpc.RpcError as error:
            refusals.append(refused_by(error))
        else:
            acknowledged.append(body)

    with ThreadPoolExecutor(8) as pool:
        with slow_disk(tmp_path / "intake.sqlite3"):
            sent = [pool.submit(send, number) for number in range(24)]
            assert eventually(lambda: len(refusals) >= 10)
        for one in sent:
            one.result(30)
    for refused in refusals:
        assert refused.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        retry = RetryInfo.FromString(refused.trailers["google.rpc.retryinfo-bin"])
        assert retry.retry_delay.seconds > 0
    assert intake.refusals() == {RefusalReason.OVERLOADED: len(refusals)}
    send(99)
    assert sorted(entry.body for entry in intake.entries()) == sorted(acknowledged)
    assert len(acknowledged) + len(refusals) == 25
    intake.close()
