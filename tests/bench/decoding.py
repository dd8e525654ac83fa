"""What a span costs between the journal and the store: `python -m tests.bench.decoding`.

CPU time of one thread, the best of several rounds: other programs on the machine do not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.telemetry.decode import decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.load import pool

SPANS = 8_192
ROUNDS = 7


def _microseconds_a_span(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best / SPANS * 1e6


def main() -> None:
    """Measure parsing alone and decoding as the indexer does it (parsing included)."""
    options = arguments("What a span costs between the journal and the store.").parse_args()
    before = calibrate()
    body = pool(1, SPANS)[0].sent_as(1, time.time_ns())
    entry = IntakeEntry(1, Signal.TRACES, time.time_ns(), body)
    request = ExportTraceServiceRequest.FromString(body)
    attributes = sum(len(span.attributes) for span in request.resource_spans[0].scope_spans[0].spans)
    figures = [
        Figure("size of a span", len(body) / SPANS, "B"),
        Figure("attributes of a span", attributes / SPANS, ""),
        Figure("parse a span", _microseconds_a_span(lambda: ExportTraceServiceRequest.FromString(body)), "µs"),
        Figure("decode a span into its row", _microseconds_a_span(lambda: decode(entry)), "µs"),
    ]
    show("Decoding", figures, options.json, before)


if __name__ == "__main__":
    main()
