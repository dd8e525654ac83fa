"""Requests wait for their commit without a thread each; whoever stalls or goes away costs the others nothing."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from junjo_desktop.receiver.journal import Journal, JournalLimits
from junjo_desktop.receiver.journal_group import Group, expected_next
from junjo_desktop.receiver.journal_pressure import Pressure
from junjo_desktop.telemetry.intake import Signal
from tests.receiver.intake import EXPORT_TRACES, Intake
from tests.receiver.raw import begin_call, connect
from tests.receiver.test_slow_disk import slow_disk
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_request

MANY = 100


def test_senders_that_stall_in_the_middle_of_a_message_hold_nobody_up(intake: Intake) -> None:
    metadata = {"x-junjo-api-key": intake.key.secret}
    begun = begin_call(EXPORT_TRACES, metadata, announced_bytes=100_000, sent=b"x" * 5_000)
    with ExitStack() as stalled:
        for _ in range(MANY):
            stalled.enter_context(connect(intake.otlp_ports[0])).sendall(begun)
        intake.export(trace_request(span()))
    assert len(intake.entries()) == 1
    assert intake.refusals() == {}


def test_more_calls_than_anybody_has_threads_share_a_commit(intake: Intake, tmp_path: Path) -> None:
    bodies = [trace_request(span(f"span {number}")).SerializeToString() for number in range(MANY)]
    export = intake.channel().unary_unary(EXPORT_TRACES, request_serializer=bytes, response_deserializer=bytes)
    before = intake.journal.commits
    with slow_disk(tmp_path / "intake.sqlite3"):
        calls = [export.future(body, metadata=intake.metadata, timeout=30) for body in bodies]
        assert eventually(lambda: intake.journal.queued == MANY)
    for call in calls:
        assert call.result() == b""
    assert intake.journal.commits - before <= 3
    assert sorted(entry.body for entry in intake.entries()) == sorted(bodies)


def test_a_request_whose_sender_has_gone_is_kept_and_counted(intake: Intake, tmp_path: Path) -> None:
    body = trace_request(span()).SerializeToString()
    export = intake.channel().unary_unary(EXPORT_TRACES, request_serializer=bytes, response_deserializer=bytes)
    with slow_disk(tmp_path / "intake.sqlite3"):
        call = export.future(body, metadata=intake.metadata, timeout=30)
        assert eventually(lambda: intake.journal.queued == 1)
        call.cancel()
    assert eventually(lambda: intake.reception.snapshot().requests == 1)
    assert [entry.body for entry in intake.entries()] == [body]
    assert intake.refusals() == {}


def test_a_submission_tells_its_position_when_it_is_settled(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "intake.sqlite3")
    settled = threading.Event()
    submission = journal.submit(Signal.TRACES, b"a", 1, 0, settled.set)
    assert settled.wait(30)
    assert submission.wait(0)
    assert submission.position() == 1
    assert not submission.take_back()
    journal.close()


def test_whoever_fails_to_hear_of_a_commit_keeps_no_other_from_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(tmp_path / "intake.sqlite3")
    heard = threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    with slow_disk(tmp_path / "intake.sqlite3"):
        journal.submit(Signal.TRACES, b"a", 1, 0, fail)
        journal.submit(Signal.TRACES, b"b", 1, 0, heard.set)
    assert heard.wait(30)
    assert journal.append(Signal.TRACES, b"c", 1, 0) == 3
    assert "ZeroDivisionError" in caplog.text
    journal.close()


def test_a_lone_request_and_large_ones_do_not_wait_for_others() -> None:
    lone = Group(requests=[(Signal.TRACES, b"x", 1, 0)], queued_bytes=1)
    assert lone.is_worth_a_commit(expected=1)
    assert not lone.is_worth_a_commit(expected=2)
    large = Group(requests=[(Signal.TRACES, bytes(300_000), 1, 0)], queued_bytes=300_000)
    assert large.is_worth_a_commit(expected=16)


def test_as_many_are_expected_as_came_and_fewer_when_fewer_come() -> None:
    assert expected_next(1, 16) == 16
    assert expected_next(16, 9) == 15
    assert expected_next(2, 1) == expected_next(1, 1) == 1
    assert expected_next(5, 500) == 32


class _Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("requests_a_s", "size"), [(4_000, 1_000), (250, 500_000)])
def test_a_burst_presses_until_it_is_over(requests_a_s: int, size: int) -> None:
    clock = _Clock()
    pressure = Pressure(clock)
    states = [pressure.is_high]
    for _ in range(requests_a_s):
        clock.now_s += 1 / requests_a_s
        pressure.note(size)
    states.append(pressure.is_high)
    clock.now_s += 0.3
    states.append(pressure.is_high)
    assert states == [False, True, False]


def test_a_steady_stream_does_not_press() -> None:
    clock = _Clock()
    pressure = Pressure(clock)
    highs = 0
    for _ in range(1_000):  # 10,000 spans/s in requests of 10
        clock.now_s += 1 / 1_000
        pressure.note(12_000)
        highs += pressure.is_high
    assert highs == 0


def test_the_limits_are_those_that_were_asked_for(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "intake.sqlite3", limits=JournalLimits(commit_s=1.5))
    assert journal.limits.commit_s == 1.5
    assert not journal.is_pressed
    journal.close()
