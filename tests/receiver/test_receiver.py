"""Over real gRPC: who is let in, what is stored, and with which code and sentence everything else is refused."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]  # the package has no types
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # the package has no types
from grpc_health.v1 import health_pb2, health_pb2_grpc  # type: ignore[import-untyped]  # it has no types
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (  # type: ignore[import-untyped]  # no types
    ProtoReflectionDescriptorDatabase,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.receiver.calls import CORE_MESSAGE_BYTES, MESSAGE_BYTES
from junjo_desktop.receiver.journal import JournalLimits
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.server import Receiver
from junjo_desktop.telemetry.intake import RefusalReason, ServiceSeen, Signal
from tests.receiver.intake import EXPORT_LOGS, EXPORT_METRICS, EXPORT_TRACES, VALIDATE, Intake, Metadata
from tests.receiver.raw import begin_call, connect
from tests.support.eventually import eventually
from tests.support.otlp import logs_request, span, trace_request

Code = grpc.StatusCode


def _metrics_request() -> ExportMetricsServiceRequest:
    request = ExportMetricsServiceRequest()
    metrics = request.resource_metrics.add().scope_metrics.add().metrics
    for name in ("a", "b", "c"):
        metrics.add(name=name).gauge.data_points.add(as_int=1)
    return request


def test_what_was_sent_is_in_the_journal_byte_for_byte_when_the_answer_arrives(intake: Intake) -> None:
    started_ns = time.time_ns()
    requests = [
        (EXPORT_TRACES, trace_request(span(), span())),
        (EXPORT_LOGS, logs_request("hello", 5, service="bank")),
        (EXPORT_METRICS, _metrics_request()),
    ]
    for number, (method, request) in enumerate(requests, 1):
        assert not intake.export(request, method).HasField("partial_success")
        assert len(intake.entries()) == number
    entries = intake.entries()
    assert [entry.signal for entry in entries] == [Signal.TRACES, Signal.LOGS, Signal.METRICS]
    assert [entry.body for entry in entries] == [request.SerializeToString() for _, request in requests]
    assert started_ns < entries[0].received_ns < entries[2].received_ns < time.time_ns()
    seen = intake.reception.snapshot()
    assert (seen.requests, seen.spans, seen.log_records, seen.metrics) == (3, 2, 2, 3)
    assert [(service.service_name, service.items) for service in seen.services] == [
        ("unknown_service", 3),
        ("bank", 2),
        ("shop", 2),
    ]
    assert intake.journal.waiting(0) == 7


@pytest.mark.parametrize("compression", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_requests_are_stored_plain(intake: Intake, compression: grpc.Compression) -> None:
    body = trace_request(span(attributes={"text": "x" * 10_000})).SerializeToString()
    intake.call(EXPORT_TRACES, body, compression=compression)
    assert [entry.body for entry in intake.entries()] == [body]


@pytest.mark.parametrize(
    "metadata_of",
    [
        lambda key: (("x-junjo-api-key", key),),
        lambda key: (("x-api-key", key),),
        lambda key: (("authorization", f"Bearer {key}"),),
        lambda key: (("authorization", f"bearer  {key} "),),
        lambda key: (("x-api-key", "one of another service"), ("x-junjo-api-key", key)),
        lambda key: (("authorization", "Basic abc"), ("x-api-key", key)),
    ],
)
def test_a_valid_key_is_accepted_wherever_sdks_put_it(intake: Intake, metadata_of: Callable[[str], Metadata]) -> None:
    intake.call(EXPORT_TRACES, trace_request(span()).SerializeToString(), metadata=metadata_of(intake.key.secret))
    assert len(intake.entries()) == 1


@pytest.mark.parametrize("method", [EXPORT_TRACES, EXPORT_LOGS, EXPORT_METRICS])
@pytest.mark.parametrize(
    ("metadata", "reason", "words"),
    [
        ((), RefusalReason.NO_KEY, "carries no API key"),
        ((("x-junjo-api-key", ""),), RefusalReason.NO_KEY, "carries no API key"),
        ((("authorization", "Basic abc"),), RefusalReason.NO_KEY, "carries no API key"),
        ((("x-junjo-api-key", "jd_guessed"),), RefusalReason.WRONG_KEY, "not known here"),
        ((("authorization", "Bearer sk-of-another-service"),), RefusalReason.WRONG_KEY, "not known here"),
    ],
)
def test_without_a_valid_key_nothing_is_taken(
    intake: Intake, method: str, metadata: Metadata, reason: RefusalReason, words: str
) -> None:
    refused = intake.refused(method, b"", metadata=metadata)
    assert refused.code is Code.UNAUTHENTICATED
    assert words in refused.details
    assert "junjo-desktop keys create" in refused.details
    assert intake.entries() == []
    refusal = intake.refusal(reason)
    assert refusal.count == 1
    assert words in refusal.detail
    assert f"port {intake.otlp_ports[0]}" in refusal.detail
    assert "grpc-python" in refusal.detail
    assert "sk-of-another-service" not in refusal.detail + refused.details


def test_revocation_holds_for_the_next_request(intake: Intake) -> None:
    intake.export(trace_request(span()))
    intake.api_keys.revoke(intake.key.id)
    refused = intake.refused(EXPORT_TRACES, trace_request(span()).SerializeToString())
    assert refused.code is Code.UNAUTHENTICATED
    assert '"tests"' in refused.details
    assert "was revoked" in refused.details
    assert intake.refusals() == {RefusalReason.REVOKED_KEY: 1}
    assert len(intake.entries()) == 1


def test_keys_can_be_asked_for_or_not_while_it_runs(intake: Intake) -> None:
    body = trace_request(span()).SerializeToString()
    assert intake.receiver.keys_required
    intake.receiver.keys_required = False
    intake.call(EXPORT_TRACES, body, metadata=())
    intake.call(EXPORT_TRACES, body, metadata=(("x-junjo-api-key", "wrong"),))
    intake.receiver.keys_required = True
    assert intake.refused(EXPORT_TRACES, body, metadata=()).code is Code.UNAUTHENTICATED
    assert len(intake.entries()) == 2


def test_a_key_is_checked_before_the_message_is_received(intake: Intake) -> None:
    # The message is announced and never sent: an answer can only come from the metadata.
    with connect(intake.otlp_ports[0]) as client:
        client.sendall(begin_call(EXPORT_TRACES, {}, announced_bytes=1000, sent=b""))
        assert eventually(lambda: RefusalReason.NO_KEY in intake.refusals())


def test_spans_that_cannot_be_stored_are_counted_and_the_others_kept(intake: Intake) -> None:
    request = trace_request(span(), span(trace=bytes(16)), span(id=b"short"), span(id=bytes(8)), span())
    answer = intake.export(request)
    assert answer.partial_success.rejected_spans == 3
    assert "3 of 5 were not stored" in answer.partial_success.error_message
    assert "span id is not 8 non-zero bytes (2)" in answer.partial_success.error_message
    assert [entry.body for entry in intake.entries()] == [request.SerializeToString()]
    assert intake.journal.waiting(0) == 2
    assert intake.reception.snapshot().spans == 2
    assert intake.refusals() == {RefusalReason.INVALID_ITEM: 3}


def test_a_request_of_nothing_storable_is_not_journaled(intake: Intake) -> None:
    answer = intake.export(trace_request(span(trace=bytes(16))))
    assert answer.partial_success.rejected_spans == 1
    assert intake.entries() == []
    assert intake.reception.snapshot().requests == 0


def test_an_empty_request_is_fine_and_leaves_nothing(intake: Intake) -> None:
    assert intake.call(EXPORT_TRACES, b"") == b""
    assert intake.entries() == []
    assert intake.refusals() == {}


def test_any_bytes_are_stored_or_called_malformed(intake: Intake) -> None:
    @settings(max_examples=150, deadline=None)
    @given(body=st.binary(max_size=200))
    def send(body: bytes) -> None:
        before = intake.refusals().get(RefusalReason.MALFORMED, 0)
        try:
            ExportTraceServiceRequest.FromString(body)
        except Exception:
            refused = intake.refused(EXPORT_TRACES, body)
            assert refused.code is Code.INVALID_ARGUMENT
            assert "not a valid opentelemetry.proto.collector.trace.v1.TraceService request" in refused.details
            assert intake.refusals()[RefusalReason.MALFORMED] == before + 1
        else:
            intake.call(EXPORT_TRACES, body)

    send()


def test_a_large_message_is_taken_and_a_too_large_one_is_not_sent_again(intake: Intake) -> None:
    large = trace_request(span(attributes={"text": "x" * (MESSAGE_BYTES - 10_000)})).SerializeToString()
    intake.call(EXPORT_TRACES, large)
    assert len(intake.entries()[0].body) == len(large)
    refused = intake.refused(EXPORT_TRACES, bytes(MESSAGE_BYTES + 1))
    # opentelemetry-python tries RESOURCE_EXHAUSTED and OUT_OF_RANGE again, and drops this one at once.
    assert refused.code is Code.INVALID_ARGUMENT
    assert "up to 64 MiB" in refused.details
    assert "OTEL_BSP_MAX_EXPORT_BATCH_SIZE" in refused.details
    assert intake.refusals() == {RefusalReason.OVERSIZED: 1}


def test_a_message_that_the_library_refuses_is_noticed_too(intake: Intake) -> None:
    with connect(intake.otlp_ports[0]) as client:
        metadata = {"x-junjo-api-key": intake.key.secret}
        client.sendall(begin_call(EXPORT_TRACES, metadata, announced_bytes=1 << 30, sent=b"x" * 100))
        assert eventually(lambda: RefusalReason.OVERSIZED in intake.refusals())
    assert "more than 256 MiB" in intake.refusal(RefusalReason.OVERSIZED).detail


def test_a_compression_bomb_is_refused_and_noticed(intake: Intake) -> None:
    bomb = bytes(CORE_MESSAGE_BYTES + 1)
    refused = intake.refused(EXPORT_TRACES, bomb, compression=grpc.Compression.Gzip)
    assert refused.code is Code.RESOURCE_EXHAUSTED
    assert eventually(lambda: intake.refusals() == {RefusalReason.OVERSIZED: 1})
    assert not intake.export(trace_request(span())).HasField("partial_success")


def test_a_sender_that_vanishes_in_the_middle_is_nobody_s_fault(intake: Intake) -> None:
    metadata = {"x-junjo-api-key": intake.key.secret}
    with connect(intake.otlp_ports[0]) as client:
        client.sendall(begin_call(EXPORT_TRACES, metadata, announced_bytes=100_000, sent=b"x" * 5_000))
    intake.export(trace_request(span()))
    intake.receiver.stop(5.0)
    assert len(intake.entries()) == 1
    assert intake.refusals() == {}


def test_overload_is_told_with_the_time_to_wait(tmp_path: Path) -> None:
    intake = Intake(tmp_path, limits=JournalLimits(stored_bytes=10))
    intake.export(trace_request(span()))
    refused = intake.refused(EXPORT_TRACES, trace_request(span()).SerializeToString())
    assert refused.code is Code.RESOURCE_EXHAUSTED
    assert "not yet indexed" in refused.details
    python_way = RetryInfo.FromString(refused.trailers["google.rpc.retryinfo-bin"])
    status = Status.FromString(refused.trailers["grpc-status-details-bin"])
    specified = RetryInfo()
    assert status.details[0].Unpack(specified)
    assert status.code == Code.RESOURCE_EXHAUSTED.value[0]
    assert python_way.retry_delay == specified.retry_delay == Duration(seconds=2)
    assert intake.refusals() == {RefusalReason.OVERLOADED: 1}
    intake.close()


def test_our_own_trouble_is_unavailable_and_never_a_wrong_key(intake: Intake) -> None:
    body = trace_request(span()).SerializeToString()
    intake.journal.close()
    assert intake.refused(EXPORT_TRACES, body).code is Code.UNAVAILABLE
    intake.api_keys.close()
    refused = intake.refused(EXPORT_TRACES, body)
    assert refused.code is Code.UNAVAILABLE
    assert "API keys" in refused.details
    assert intake.refused(VALIDATE, b"\n\x01x", port=intake.validator_port).code is Code.UNAVAILABLE
    assert intake.refusals() == {RefusalReason.UNAVAILABLE: 3}


class _FaultyReception(Reception):
    def accept(self, signal: Signal, items_by_service: Mapping[str, int]) -> None:
        raise ZeroDivisionError(signal, items_by_service)


def test_a_bug_of_ours_is_unavailable_and_logged_without_secrets(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    intake = Intake(tmp_path, reception=_FaultyReception())
    refused = intake.refused(EXPORT_TRACES, trace_request(span()).SerializeToString())
    assert refused.code is Code.UNAVAILABLE
    assert "ZeroDivisionError" not in refused.details
    assert "ZeroDivisionError" in caplog.text
    assert intake.key.secret not in caplog.text
    intake.close()


@pytest.mark.parametrize(
    "method", ["/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export", "/a.B/C", "/nonsense"]
)
def test_unknown_methods_are_told_so_and_counted(intake: Intake, method: str) -> None:
    refused = intake.refused(method, b"x")
    assert refused.code is Code.UNIMPLEMENTED
    assert f"{method[1:]} is not served on this port" in refused.details
    assert intake.refusals() == {RefusalReason.UNKNOWN_METHOD: 1}


def test_calls_to_the_other_port_are_shown_the_way(intake: Intake) -> None:
    refused = intake.refused(EXPORT_TRACES, b"", port=intake.validator_port)
    assert refused.code is Code.UNIMPLEMENTED
    assert f"127.0.0.1:{intake.otlp_ports[0]} or {intake.otlp_ports[1]}" in refused.details
    refused = intake.refused(VALIDATE, b"", port=intake.otlp_ports[1])
    assert refused.code is Code.UNIMPLEMENTED
    assert f"127.0.0.1:{intake.validator_port}" in refused.details
    assert intake.refusals() == {RefusalReason.WRONG_PORT: 2}
    assert intake.refused("/a.B/C", b"", port=intake.validator_port).code is Code.UNIMPLEMENTED


def test_health_and_reflection_are_served(intake: Intake) -> None:
    for port, service in (
        (intake.otlp_ports[1], "opentelemetry.proto.collector.trace.v1.TraceService"),
        (intake.validator_port, "ingestion.InternalAuthService"),
    ):
        channel = intake.channel(port)
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", service):
            answer = health.Check(health_pb2.HealthCheckRequest(service=name), timeout=20)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        database = ProtoReflectionDescriptorDatabase(channel)
        assert service in database.get_services()
        assert database.FindFileContainingSymbol(service).service


def test_every_port_receives(intake: Intake) -> None:
    body = trace_request(span()).SerializeToString()
    for port in intake.otlp_ports:
        intake.call(EXPORT_TRACES, body, port=port)
    assert len(intake.entries()) == 2


@pytest.mark.parametrize("folder", ["a folder with 100 % odd characters ü", "long" * 40])
def test_calls_are_traced_to_their_port_wherever_temporary_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    # The second folder's name is too long for a unix socket: a loopback port stands in for it.
    with tempfile.TemporaryDirectory() as short:
        odd = Path(short) / folder
        odd.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(odd))
        intake = Intake(tmp_path)
        for port in intake.otlp_ports:
            intake.refused(EXPORT_TRACES, b"", metadata=(), port=port)
            assert f"port {port}" in intake.refusal(RefusalReason.NO_KEY).detail
        intake.export(trace_request(span()))
        intake.close()
        assert list(odd.iterdir()) == []


def test_ports_can_be_changed_while_it_runs(intake: Intake) -> None:
    old_otlp, old_validator = intake.otlp_ports[0], intake.validator_port
    listeners = intake.receiver.rebind((old_validator,), old_otlp)
    assert [(listener.port, listener.error) for listener in listeners] == [(old_validator, None), (old_otlp, None)]
    assert intake.receiver.listeners == listeners
    intake.call(EXPORT_TRACES, trace_request(span()).SerializeToString(), port=old_validator)
    assert len(intake.entries()) == 1


def test_concurrent_senders_lose_nothing_and_share_commits(intake: Intake) -> None:
    bodies = [trace_request(span(), service=f"service {number % 4}").SerializeToString() for number in range(300)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda body: intake.call(EXPORT_TRACES, body), bodies))
    assert sorted(entry.body for entry in intake.entries()) == sorted(bodies)
    services = intake.reception.snapshot().services
    assert sorted(services, key=lambda seen: seen.service_name) == [
        ServiceSeen(f"service {number}", 75, seen.last_ns)
        for number, seen in enumerate(sorted(services, key=lambda seen: seen.service_name))
    ]


def test_stopping_answers_every_request_in_progress(intake: Intake) -> None:
    body = trace_request(span(attributes={"text": "x" * 300_000})).SerializeToString()
    outcomes: list[bool] = []

    def send(_: int) -> None:
        try:
            intake.call(EXPORT_TRACES, body)
        except grpc.RpcError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    with ThreadPoolExecutor(16) as pool:
        for number in range(200):
            pool.submit(send, number)
        assert eventually(lambda: len(outcomes) > 20)
        intake.receiver.stop(10.0)
    assert len(outcomes) == 200
    assert outcomes.count(True) == len(intake.entries())


def test_stopping_twice_and_without_a_start_is_fine(intake: Intake) -> None:
    intake.receiver.stop()
    intake.receiver.stop()
    Receiver(intake.journal, intake.api_keys, intake.reception).stop()
