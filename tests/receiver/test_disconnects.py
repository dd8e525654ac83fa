"""A sender that goes away at any moment: what was whole is stored, what was not is forgotten, and others go on."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import psutil  # type: ignore[import-untyped]  # it has no types
import pytest

from junjo_desktop.receiver.journal import JournalLimits
from tests.receiver.intake import EXPORT_TRACES, Intake
from tests.receiver.raw import begin_call, connect, whole_call
from tests.receiver.test_slow_disk import slow_disk
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_request


@contextmanager
def breaking(port: int) -> Iterator[socket.socket]:
    """A connection that ends with a reset, as that of a process that is killed with unread data."""
    connection = connect(port)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    try:
        yield connection
    finally:
        connection.close()


def _body(name: str) -> bytes:
    return trace_request(span(name, attributes={"text": "x" * 3_000})).SerializeToString()


def test_cut_off_at_every_point_of_a_call_nothing_is_stored_or_counted(intake: Intake) -> None:
    body = _body("never whole")
    whole = whole_call(EXPORT_TRACES, {"x-junjo-api-key": str(intake.key.secret)}, body)
    # In the preface, in the settings, in the headers, between headers and message, in the message, before its end.
    points = [*range(1, len(whole) - len(body), 7), *range(len(whole) - len(body), len(whole) - 1, 211)]

    def cut(point: int) -> None:
        with breaking(intake.otlp_ports[0]) as client:
            client.sendall(whole[:point])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(cut, points))
    good = _body("good")
    intake.call(EXPORT_TRACES, good)
    assert [entry.body for entry in intake.entries()] == [good]
    intake.receiver.stop(5.0)
    assert intake.refusals() == {}, "a sender that vanishes is nobody's fault"
    assert intake.reception.snapshot().requests == 1


def test_who_leaves_without_hearing_the_answer_has_been_stored(intake: Intake) -> None:
    bodies = [_body(f"whole {number}") for number in range(5)]
    for count, body in enumerate(bodies, 1):
        with breaking(intake.otlp_ports[0]) as client:
            client.sendall(whole_call(EXPORT_TRACES, {"x-junjo-api-key": str(intake.key.secret)}, body))
            assert eventually(lambda count=count: len(intake.entries()) == count)  # type: ignore[misc]  # mypy has no types for such defaults
    assert [entry.body for entry in intake.entries()] == bodies
    assert intake.refusals() == {}


def test_who_leaves_while_the_disk_is_slow_is_stored_once_or_not_at_all(tmp_path: Path) -> None:
    intake = Intake(tmp_path, limits=JournalLimits(commit_s=30))
    bodies = [_body(f"whole {number}") for number in range(20)]
    with slow_disk(tmp_path / "intake.sqlite3"):
        for body in bodies:
            with breaking(intake.otlp_ports[0]) as client:
                client.sendall(whole_call(EXPORT_TRACES, {"x-junjo-api-key": str(intake.key.secret)}, body))
    good = _body("good")
    intake.call(EXPORT_TRACES, good)
    intake.receiver.stop(5.0)
    stored = [entry.body for entry in intake.entries()]
    assert good in stored
    assert len(set(stored)) == len(stored)
    assert set(stored) <= {*bodies, good}
    assert intake.refusals() == {}
    intake.close()


def test_deadlines_that_pass_while_the_disk_is_slow_cost_nobody_else_anything(tmp_path: Path) -> None:
    intake = Intake(tmp_path, limits=JournalLimits(commit_s=30))
    stub: grpc.UnaryUnaryMultiCallable[bytes, bytes] = intake.channel().unary_unary(EXPORT_TRACES)
    with slow_disk(tmp_path / "intake.sqlite3"):
        calls = [stub.future(_body(f"{number}"), metadata=intake.metadata, timeout=0.3) for number in range(40)]
        for call in calls:
            with pytest.raises(grpc.RpcError) as error:
                call.result()
            assert error.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    good = _body("good")
    intake.call(EXPORT_TRACES, good)
    assert good in [entry.body for entry in intake.entries()]
    intake.close()


def test_connections_that_break_leave_no_files_or_threads(intake: Intake) -> None:
    process = psutil.Process()
    key = {"x-junjo-api-key": str(intake.key.secret)}
    intake.call(EXPORT_TRACES, _body("first"))

    def break_off(number: int) -> None:
        with breaking(intake.otlp_ports[0]) as client:
            client.sendall(begin_call(EXPORT_TRACES, key, announced_bytes=100_000, sent=b"x" * (number * 37)))

    break_off(1)
    before = process.num_fds(), process.num_threads()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(break_off, range(200)))
    assert eventually(lambda: process.num_fds() <= before[0] + 2)
    assert eventually(lambda: process.num_threads() <= before[1] + 2)
    intake.call(EXPORT_TRACES, _body("good"))
    assert len(intake.entries()) == 2
