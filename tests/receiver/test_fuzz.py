"""Ten thousand malformed and truncated requests over the real wire: each gets the right code, and nothing leaks.

What is accepted can be decoded, and a good request afterwards is stored as ever.
"""

from __future__ import annotations

import gc
import gzip
import os
import random
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import grpc
import psutil  # type: ignore[import-untyped]  # it has no types
import pytest
from google.protobuf.message import DecodeError, Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.receiver.calls import MESSAGE_BYTES
from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, RefusalReason, Signal
from tests.receiver.intake import EXPORT_LOGS, EXPORT_METRICS, EXPORT_TRACES, Intake
from tests.receiver.raw import status_of_call
from tests.support.eventually import eventually
from tests.support.mutations import RECIPE_BYTES, mutated, nested, recipes
from tests.support.otlp import span, trace_request

Code = grpc.StatusCode
_METHODS = {Signal.TRACES: EXPORT_TRACES, Signal.LOGS: EXPORT_LOGS, Signal.METRICS: EXPORT_METRICS}
_MESSAGES: dict[Signal, type[Message]] = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}
_TOGETHER = 50
_CASES = 10_000
_GROWTH_BYTES = 40 << 20


class Wire:
    """Sends requests over one channel, many at a time, and knows which code each must get."""

    def __init__(self, intake: Intake) -> None:
        self._metadata = intake.metadata
        channel = intake.channel()
        self._stubs: dict[Signal, grpc.UnaryUnaryMultiCallable[bytes, bytes]] = {
            signal: channel.unary_unary(method) for signal, method in _METHODS.items()
        }
        self.codes: Counter[Code] = Counter()

    def send(self, requests: list[tuple[Signal, bytes]]) -> None:
        calls = [self._stubs[signal].future(body, metadata=self._metadata, timeout=30) for signal, body in requests]
        for (signal, body), call in zip(requests, calls, strict=True):
            code = cast("grpc.Call", call).code()
            assert code is _expected(signal, body), (signal, body)
            self.codes[code] += 1


def _expected(signal: Signal, body: bytes) -> Code:
    try:
        _MESSAGES[signal]().ParseFromString(body)
    except DecodeError:
        return Code.INVALID_ARGUMENT
    return Code.OK


class Usage:
    """What this process holds: receiver, journal and sender together."""

    def __init__(self) -> None:
        gc.collect()
        process = psutil.Process()
        self.resident = process.memory_info().rss
        self.files = process.num_fds() if os.name == "posix" else 0
        self.threads = threading.active_count()


def test_ten_thousand_broken_requests_get_their_codes_and_leave_nothing(intake: Intake) -> None:
    wire = Wire(intake)
    seed = random.Random(1)  # noqa: S311 - nothing here is secret
    for _ in range(20):  # what is made once is made before it is measured
        wire.send([mutated(seed.randbytes(RECIPE_BYTES)) for _ in range(_TOGETHER)])
    before = Usage()
    wire.codes.clear()

    @settings(max_examples=_CASES // 2 // _TOGETHER, suppress_health_check=list(HealthCheck))
    @given(st.binary(min_size=_TOGETHER * RECIPE_BYTES, max_size=_TOGETHER * RECIPE_BYTES))
    def send(drawn: bytes) -> None:
        wire.send([mutated(recipe) for recipe in recipes(drawn)])

    send()
    # Hypothesis likes small bytes; these are of all sizes.
    for _ in range(_CASES // 2 // _TOGETHER):
        wire.send([mutated(seed.randbytes(RECIPE_BYTES)) for _ in range(_TOGETHER)])
    assert wire.codes.total() >= _CASES
    assert min(wire.codes[Code.INVALID_ARGUMENT], wire.codes[Code.OK]) > _CASES // 8
    assert intake.refusals()[RefusalReason.MALFORMED] >= wire.codes[Code.INVALID_ARGUMENT]
    good = trace_request(span("good")).SerializeToString()
    intake.call(EXPORT_TRACES, good)
    _check_journal(intake, good)
    assert eventually(lambda: Usage().files <= before.files + 2)
    assert eventually(lambda: Usage().threads <= before.threads + 2)
    assert Usage().resident - before.resident < _GROWTH_BYTES


def _check_journal(intake: Intake, newest: bytes) -> None:
    """Everything that was accepted can be decoded, portion by portion."""
    position, last = 0, IntakeEntry(0, Signal.TRACES, 0, b"")
    while entries := intake.journal.read_after(position, 1 << 20):
        for entry in entries:
            decode(entry)
        last = entries[-1]
        position = last.seq
    assert last.body == newest


@pytest.mark.parametrize("in_lists", [False, True])
@pytest.mark.parametrize("depth", [10, 60, 100, 1_000, 10_000])
def test_values_within_values_are_taken_or_refused_and_never_a_crash(
    intake: Intake, depth: int, in_lists: bool
) -> None:
    body = nested(depth, in_lists=in_lists) + trace_request(span()).SerializeToString()
    Wire(intake).send([(Signal.TRACES, body)])
    for entry in intake.entries():
        decode(entry)


def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


_BODY = trace_request(span(attributes={"text": "x" * 2_000})).SerializeToString()
_ZIPPED = _zipped(_BODY)
_BROKEN: dict[str, tuple[dict[str, str], int, bytes]] = {
    "cut off gzip": ({"grpc-encoding": "gzip"}, 1, _ZIPPED[:-20]),
    "gzip with flipped bits": ({"grpc-encoding": "gzip"}, 1, _ZIPPED[:20] + bytes(b ^ 0x55 for b in _ZIPPED[20:])),
    "gzip with a wrong checksum": ({"grpc-encoding": "gzip"}, 1, _ZIPPED[:-8] + b"\x00" * 8),
    "plain bytes called gzip": ({"grpc-encoding": "gzip"}, 1, _BODY),
    "gzip called deflate": ({"grpc-encoding": "deflate"}, 1, _ZIPPED),
    "deflate called gzip": ({"grpc-encoding": "gzip"}, 1, zlib.compress(_BODY)),
    "an encoding nobody knows": ({"grpc-encoding": "br"}, 1, _ZIPPED),
    "compressed without an encoding": ({}, 1, _ZIPPED),
    "gzip not called so": ({}, 0, _ZIPPED),
}


@pytest.mark.parametrize("broken", _BROKEN)
def test_what_lies_about_its_compression_is_refused(intake: Intake, broken: str) -> None:
    headers, flag, payload = _BROKEN[broken]
    headers = {"x-junjo-api-key": str(intake.key.secret), **headers}
    status = status_of_call(intake.otlp_ports[0], EXPORT_TRACES, headers, payload, flag=flag)
    # The gRPC library answers most of these itself, some by ending the stream.
    refused = {Code.INTERNAL, Code.INVALID_ARGUMENT, Code.UNIMPLEMENTED, Code.CANCELLED, Code.UNKNOWN, Code.UNAVAILABLE}
    assert status is None or status in {code.value[0] for code in refused}
    assert intake.entries() == []
    intake.call(EXPORT_TRACES, _BODY)
    assert [entry.body for entry in intake.entries()] == [_BODY]


def test_compressed_requests_by_hand_are_taken(intake: Intake) -> None:
    headers = {"x-junjo-api-key": str(intake.key.secret), "grpc-encoding": "gzip"}
    assert status_of_call(intake.otlp_ports[0], EXPORT_TRACES, headers, _ZIPPED, flag=1) == 0
    assert [entry.body for entry in intake.entries()] == [_BODY]


def test_lengths_that_lie_are_refused_and_the_port_goes_on(intake: Intake) -> None:
    headers = {"x-junjo-api-key": str(intake.key.secret)}
    for announced in (0, len(_BODY) - 1, len(_BODY) + 1, 2**31, 2**32 - 1):
        status_of_call(intake.otlp_ports[0], EXPORT_TRACES, headers, _BODY, announced=announced)
    assert _BODY not in [entry.body for entry in intake.entries()]
    intake.call(EXPORT_TRACES, _BODY)
    assert intake.entries()[-1].body == _BODY


def test_a_small_bomb_is_refused_as_too_large(intake: Intake) -> None:
    headers = {"x-junjo-api-key": str(intake.key.secret), "grpc-encoding": "gzip"}
    bomb = gzip.compress(bytes(MESSAGE_BYTES + 1))
    assert len(bomb) < 65_500, "fits into what may be sent before the other side asks for more"
    status = status_of_call(intake.otlp_ports[0], EXPORT_TRACES, headers, bomb, flag=1)
    assert status == Code.INVALID_ARGUMENT.value[0]
    assert intake.refusals() == {RefusalReason.OVERSIZED: 1}


def test_many_broken_connections_at_once_leave_none_behind(intake: Intake) -> None:
    headers = {"x-junjo-api-key": str(intake.key.secret), "grpc-encoding": "gzip"}
    cases: list[Callable[[], int | None]] = [
        lambda flag=flag, payload=payload: status_of_call(  # type: ignore[misc]  # mypy has no types for such defaults
            intake.otlp_ports[0], EXPORT_TRACES, headers, payload, flag=flag
        )
        for flag, payload in ((1, _ZIPPED[:50]), (1, _BODY), (9, _BODY), (0, b"\xff"))
    ]
    for case in cases:
        case()
    before = Usage()
    with ThreadPoolExecutor(8) as pool:
        for answered in [pool.submit(cases[number % len(cases)]) for number in range(200)]:
            answered.result(60)
    assert eventually(lambda: Usage().files <= before.files + 4)
    assert intake.entries() == []
    intake.call(EXPORT_TRACES, _BODY)
