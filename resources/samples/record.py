"""Record the sample programs: `python -m resources.samples.record` writes `resources/samples/*.otlp` again.

Each program runs in a process of its own and sends, with the true exporters, to a small receiver here. Time and ids are
pretended, so the same programs and the same SDKs give the same files.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from junjo_desktop.samples import write_recording
from junjo_desktop.telemetry.intake import Signal

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
PROGRAMS = ("batch", "evals", "planner", "report", "shop", "support")

_METHODS = {
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export": (Signal.TRACES, ExportTraceServiceResponse()),
    "/opentelemetry.proto.collector.logs.v1.LogsService/Export": (Signal.LOGS, ExportLogsServiceResponse()),
    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": (Signal.METRICS, ExportMetricsServiceResponse()),
}

_FOLDERS = {
    sysconfig.get_path("purelib"): "/srv/shop/.venv/lib/python3.11/site-packages",
    str(FOLDER / "programs"): "/srv/shop/app",
    sysconfig.get_path("stdlib"): "/usr/lib/python3.11",
}


class Recorder(grpc.GenericRpcHandler):
    """Takes every OTLP export as bytes and keeps it, with the metadata it came with."""

    def __init__(self) -> None:
        self.requests: list[tuple[Signal, bytes]] = []
        self.metadata: list[dict[str, str | bytes]] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Find the handler of a call; None is answered with UNIMPLEMENTED."""
        known = _METHODS.get(handler_call_details.method)
        if known is None:
            return None
        signal, answer = known

        def export(body: bytes, context: grpc.ServicerContext) -> bytes:
            self.requests.append((signal, body))
            self.metadata.append(dict(context.invocation_metadata()))
            return answer.SerializeToString()

        return grpc.unary_unary_rpc_method_handler(export)


@contextmanager
def recording() -> Iterator[tuple[Recorder, int]]:
    """Run a recorder on a free port of this computer."""
    recorder = Recorder()
    server = grpc.server(ThreadPoolExecutor(max_workers=1), handlers=[recorder])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield recorder, port
    finally:
        server.stop(None).wait()


def record(program: str) -> list[tuple[Signal, bytes]]:
    """Run one sample program and return what it sent."""
    with recording() as (recorder, port):
        subprocess.run(  # noqa: S603 - our own programs
            [sys.executable, "-m", f"resources.samples.programs.{program}", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            check=True,
        )
        return [(signal, without_local_paths(signal, body, _FOLDERS)) for signal, body in recorder.requests]


def without_local_paths(signal: Signal, body: bytes, folders: Mapping[str, str]) -> bytes:
    """Replace this machine's folders in stack traces by those of an invented server."""
    if signal is not Signal.TRACES:
        return body
    request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                for event in span.events:
                    for attribute in event.attributes:
                        if attribute.key in {"exception.stacktrace", "exception.type"}:
                            attribute.value.string_value = _elsewhere(attribute.value.string_value, folders)
    return request.SerializeToString()


def _elsewhere(stack: str, folders: Mapping[str, str]) -> str:
    for here, there in folders.items():
        stack = stack.replace(f'File "{here}', f'File "{there}')
    return re.sub(r"\bresources\.samples\.programs\.", "app.", stack)


def main() -> None:
    """Record every program."""
    for program in PROGRAMS:
        requests = record(program)
        path = FOLDER / f"{program}.otlp"
        write_recording(path, requests)
        print(f"{path.name}: {len(requests)} requests, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
