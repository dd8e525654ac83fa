"""What a span costs between the journal and the store: `python -m tests.bench.decoding`.

CPU time of one thread, the best of several rounds: other programs on the machine do not count.
"""

from __future__ import annotations

import marshal
import time
from collections.abc import Callable, Sequence

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.telemetry.columns import Row
from junjo_desktop.telemetry.decode import decode, decode_in_portions
from junjo_desktop.telemetry.decode_origin import Origin
from junjo_desktop.telemetry.decode_span import span_row
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.load import pool

SPANS = 8_192
SIZES = (1, 64, 512, SPANS)
ROUNDS = 9
_PORTION_ROWS = 16_384


def _entries(size: int) -> list[IntakeEntry]:
    now = time.time_ns()
    bodies = (body.sent_as(number, now) for number, body in enumerate(pool(1, size, SPANS)))
    entries = [IntakeEntry(number, Signal.TRACES, now, body) for number, body in enumerate(bodies, 1)]
    return entries[: max(1, SPANS // size)]


def _microseconds_a_span(work: Callable[[IntakeEntry], object], entries: Sequence[IntakeEntry]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for entry in entries:
            work(entry)
        best = min(best, time.process_time() - begun)
    return best / SPANS * 1e6


def _parse(entry: IntakeEntry) -> object:
    return ExportTraceServiceRequest.FromString(entry.body)


def _read_whole(entry: IntakeEntry) -> list[Row]:
    """Every span read by itself, from its whole message: how rare ones are read."""
    origin = Origin("", "", "", 0, 0)
    groups = ExportTraceServiceRequest.FromString(entry.body).resource_spans
    return [span_row(span, origin) for group in groups for scope in group.scope_spans for span in scope.spans]


def _read_portions(entry: IntakeEntry) -> None:
    for _ in decode_in_portions(entry, _PORTION_ROWS):
        pass


def _handing_over(entries: Sequence[IntakeEntry]) -> list[Figure]:
    """What it would cost to have rows made by another process."""
    rows = {entry.seq: decode(entry).spans for entry in entries}
    written = {seq: marshal.dumps(spans) for seq, spans in rows.items()}
    return [
        Figure("rows to bytes", _microseconds_a_span(lambda entry: marshal.dumps(rows[entry.seq]), entries), "µs"),
        Figure("bytes to rows", _microseconds_a_span(lambda entry: marshal.loads(written[entry.seq]), entries), "µs"),  # noqa: S302 - our own bytes
    ]


def main() -> None:
    """Measure parsing alone and decoding as the indexer does it (parsing included)."""
    options = arguments("What a span costs between the journal and the store.").parse_args()
    before = calibrate()
    entries = {size: _entries(size) for size in SIZES}
    [whole] = entries[SPANS]
    request = ExportTraceServiceRequest.FromString(whole.body)
    attributes = sum(len(span.attributes) for span in request.resource_spans[0].scope_spans[0].spans)
    figures = [
        Figure("size of a span", len(whole.body) / SPANS, "B"),
        Figure("attributes of a span", attributes / SPANS, ""),
        Figure("parse a span, 512 a request", _microseconds_a_span(_parse, entries[512]), "µs"),
        Figure("read a span whole, 512 a request", _microseconds_a_span(_read_whole, entries[512]), "µs"),
        *(
            Figure(f"decode a span into its row, {size:,} a request", _microseconds_a_span(decode, entries[size]), "µs")
            for size in SIZES
        ),
        Figure(f"the same in portions, {SPANS:,} a request", _microseconds_a_span(_read_portions, [whole]), "µs"),
        *_handing_over(entries[512]),
    ]
    show("Decoding", figures, options.json, before)


if __name__ == "__main__":
    main()
