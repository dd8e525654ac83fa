"""Sends traces at a steady rate, from a process of its own, and tells for each when it was acknowledged.

`python -m tests.bench.sender PORT SECONDS SPANS_A_SECOND` prints one line a trace: its id, and the nanoseconds of the
monotonic clock, which all processes of a computer share.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from tests.bench.load import request

TRACES_A_REQUEST = 2
SPANS_A_TRACE = 5


def main(port: int, seconds: float, spans_a_second: int) -> None:
    """Send until the time is over; a request that comes late is not made up for by haste."""
    interval = TRACES_A_REQUEST * SPANS_A_TRACE / spans_a_second
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub: Any = TraceServiceStub(channel)  # type: ignore[no-untyped-call]  # generated without annotations
        end = due = time.monotonic()
        end += seconds
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            sent = request(TRACES_A_REQUEST, SPANS_A_TRACE, "bench", time.time_ns())
            stub.Export(sent, timeout=30)
            acknowledged = time.monotonic_ns()
            spans = sent.resource_spans[0].scope_spans[0].spans
            for trace in sorted({span.trace_id.hex() for span in spans}):
                print(trace, acknowledged, flush=True)
            due = max(due + interval, time.monotonic())


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
