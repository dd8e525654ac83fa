"""Recordings of older Junjo SDKs, sent again with the metadata that those SDKs send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import grpc
import pytest

from junjo_desktop.samples import read_recording
from junjo_desktop.telemetry.intake import Signal
from tests.sdk.conftest import Running
from tests.sdk.observed import sent, stored, stored_spans

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMES = ("junjo_0_61_1", "junjo_0_64_0")
METHODS = {
    Signal.TRACES: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    Signal.METRICS: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
}


def _send(running: Running, name: str, times: int = 1, key_header: str | None = None) -> dict[Signal, list[bytes]]:
    note = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    requests = list(read_recording(FIXTURES / f"{name}.otlp"))
    sender = note["metadata"][0]["user-agent"].split()[0]
    key = (key_header or note["key_header"][0], running.api_key)
    with grpc.insecure_channel(f"127.0.0.1:{running.port}", [("grpc.primary_user_agent", sender)]) as channel:
        for signal, body in requests * times:
            export: Any = channel.unary_unary(METHODS[signal])
            assert export(body, metadata=[key], timeout=30) == b""
    return {signal: [body for sent_signal, body in requests if sent_signal is signal] for signal in METHODS}


@pytest.mark.parametrize("name", NAMES)
def test_an_older_sdk_loses_nothing_and_changes_nothing(running: Running, name: str) -> None:
    for signal, bodies in _send(running, name).items():
        seen = sent(signal, bodies)
        assert seen
        assert stored(running.engine, signal) == seen


@pytest.mark.parametrize("name", NAMES)
def test_an_older_sdk_that_sends_again_has_its_spans_stored_once(running: Running, name: str) -> None:
    bodies = _send(running, name, times=2)
    assert stored(running.engine, Signal.TRACES) == sent(Signal.TRACES, bodies[Signal.TRACES])


@pytest.mark.parametrize("name", NAMES)
def test_an_older_sdks_executables_are_recognised(running: Running, name: str) -> None:
    _send(running, name)
    types = {span.name: span.span_type for span in stored_spans(running.engine)}
    assert types["handle_order"] == "workflow"
    assert types["TaxSubflow"] == "subflow"
    assert types["Checks"] == "concurrent"
    assert types["Pack"] == "node"
    failed = [span for span in stored_spans(running.engine) if span.name == "Send" and span.is_error]
    assert len(failed) == 1
    assert failed[0].junjo_runtime_id


def test_the_key_header_of_junjo_0_50_is_understood(running: Running) -> None:
    _send(running, NAMES[0], key_header="x-api-key")
    assert stored_spans(running.engine)
