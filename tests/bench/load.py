"""Requests that are built once and sent again and again, each time as new spans, at hardly any cost.

A span is stored under its ids, and so every sending needs ids of its own. A body therefore holds four characters, in
every id and in some texts, that stand for the number of the sending; and its times are known by their place.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from random import Random
from string import ascii_letters, digits

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.bench.llm_spans import SpanWriter
from tests.support.otlp import any_value, key_values

SERVICES = ("checkout-agent", "support-bot", "logistics", "batch", "evals")
SPANS_A_TRACE = 8
POOL_SPANS = 16_384
"""So many spans differ from each other: contents come back far behind what one compressed block of the store holds."""

_PLACE = "\x01\x02\x03\x01"
_TIME_PLACE = 0x7A5B_3C1D << 32
_TIME_PLACES = re.compile(re.escape(_TIME_PLACE.to_bytes(8, "little")[4:]), re.DOTALL)
_ALPHABET = (ascii_letters + digits + "-_").encode()
_STEP_NS = 2_000_000
_MARKS = len(_ALPHABET) ** 4


def mark_of(number: int) -> bytes:
    """Return the four characters that stand for a sending; they come back after 16.7 million."""
    number %= _MARKS
    return bytes((_ALPHABET[number >> 18], *(_ALPHABET[number >> shift & 63] for shift in (12, 6, 0))))


def number_of(trace_id: str) -> int:
    """Return the number of the sending that a trace (hexadecimal) came with. Raises `ValueError` for other traces."""
    high, *low = (_ALPHABET.index(byte) for byte in bytes.fromhex(trace_id)[:4])
    return high << 18 | low[0] << 12 | low[1] << 6 | low[2]


class Body:
    """A serialized request, of which `sent_as` makes others."""

    def __init__(self, request: ExportTraceServiceRequest) -> None:
        self._raw = bytearray(request.SerializeToString())
        self.size = len(self._raw)
        spans = [span for one in request.resource_spans for scope in one.scope_spans for span in scope.spans]
        self.spans = len(spans)
        self._traces = list(dict.fromkeys(span.trace_id[4:] for span in spans))
        # The low half of a time is its distance to the start; the high half marks the place.
        self._times = [
            (found.start() - 4, int.from_bytes(self._raw[found.start() - 4 : found.start()], "little"))
            for found in _TIME_PLACES.finditer(self._raw)
        ]
        self._timed_ns = -1
        self._parts: list[bytes] = []

    def sent_as(self, number: int, start_ns: int, tolerance_ns: int = 0) -> bytes:
        """Return the request as sending `number`, its first span starting at `start_ns`, or at most so much earlier."""
        if not 0 <= start_ns - self._timed_ns <= tolerance_ns:
            raw = self._raw
            for place, after_ns in self._times:
                raw[place : place + 8] = (start_ns + after_ns).to_bytes(8, "little")
            self._parts = bytes(raw).split(_PLACE.encode())
            self._timed_ns = start_ns
        return mark_of(number).join(self._parts)

    def traces_of(self, number: int) -> list[str]:
        """Return the trace ids of that sending, hexadecimal, in the order of their start."""
        return [(mark_of(number) + rest).hex() for rest in self._traces]


def make_request(
    random: Random,
    spans: int,
    service: str,
    spans_a_trace: int = SPANS_A_TRACE,
    first_step: int = 0,
    *,
    writer: type[SpanWriter] = SpanWriter,
) -> ExportTraceServiceRequest:
    """Return a request of `spans` new spans of one service, for a `Body`; its traces start a little after each other.

    Each trace begins with the workflow, or with another step of one.
    """
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    resource.resource.attributes.extend(
        key_values({"service.name": service, "service.instance.id": "bench", "telemetry.sdk.language": "python"})
    )
    scope = resource.scope_spans.add()
    scope.scope.name = "junjo"
    scope.scope.version = "0.68.0"
    contents = writer(random, _PLACE)
    for first in range(0, spans, spans_a_trace):
        count = min(spans_a_trace, spans - first)
        start = _TIME_PLACE + first // spans_a_trace * _STEP_NS // 4
        scope.spans.extend(_trace(random, contents, count, start, first_step))
    return request


def pool(seed: int, size: int, spans: int = POOL_SPANS, spans_a_trace: int = SPANS_A_TRACE) -> list[Body]:
    """Return bodies of `size` spans with `spans` spans in all, at least two: the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 - a load, not a secret
    return [
        # Requests of one span hold each kind of span in turn.
        Body(make_request(random, size, SERVICES[number % len(SERVICES)], spans_a_trace, number if size == 1 else 0))
        for number in range(max(2, -(-spans // size)))
    ]


def day_of_requests(spans: int) -> Iterator[bytes]:
    """Yield requests with `spans` spans in all, spread over the 24 hours before now."""
    size = 400
    bodies = pool(1, size)
    requests = max(1, spans // size)
    now = time.time_ns()
    for number in range(requests):
        start = now - 86_400_000_000_000 * (requests - number) // requests
        yield bodies[number % len(bodies)].sent_as(number, start)


def _trace(random: Random, writer: SpanWriter, spans: int, start_ns: int, first_step: int) -> Iterator[Span]:
    place = _PLACE.encode()
    trace = place + random.randbytes(12)
    ids = [place + random.randbytes(4) for _ in range(spans)]
    for number, span_id in enumerate(ids):
        name, attributes = writer.span(first_step + number)
        start = start_ns + number * _STEP_NS
        end = start_ns + (spans + 1 if not number else number + 1) * _STEP_NS - random.randrange(_STEP_NS // 2)
        span = Span(
            trace_id=trace,
            span_id=span_id,
            parent_span_id=b"" if not number else ids[0 if number % 2 else number - 1],
            name=name,
            kind=Span.SpanKind.SPAN_KIND_CLIENT if "server.address" in attributes else Span.SpanKind.SPAN_KIND_INTERNAL,
            start_time_unix_nano=start,
            end_time_unix_nano=end,
            attributes=key_values(attributes),
            flags=256,
        )
        if name in {"classify", "draft_answer"}:
            patch = writer.patch()
            event = span.events.add(name="set_state", time_unix_nano=start + _STEP_NS // 3)
            event.attributes.add(key="junjo.state_json_patch", value=any_value(patch))
            event.attributes.add(key="junjo.store.action", value=any_value("set_answer"))
        if random.random() < 0.02:
            span.status.CopyFrom(Status(code=Status.StatusCode.STATUS_CODE_ERROR, message=writer.text(6)))
        yield span
