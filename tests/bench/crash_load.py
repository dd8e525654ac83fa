"""What is sent while the engine is killed: everything about a request follows from the run's seed and its number.

Two requests share each trace: an even number holds every other span, the next number the rest. So traces are summed up
from what came before a crash and after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from threading import Lock

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.bench.load import SERVICES, Body, make_request

# (spans a request, how many different pairs of such requests)
_MIX = ((1, 24), (8, 24), (64, 12), (512, 4), (2048, 1))
_APART_NS = 1_000_000


class CrashLoad:
    """The requests of one run. Thread-safe."""

    def __init__(self, seed: int, begin_ns: int) -> None:
        random = Random(seed)  # noqa: S311 - a load, not a secret
        self._begin_ns = begin_ns
        self._pairs: list[tuple[Body, Body]] = []
        for size, pairs in _MIX:
            for number in range(pairs):
                whole = make_request(random, size * 2, SERVICES[number % len(SERVICES)])
                self._pairs.append((Body(_half(whole, 0)), Body(_half(whole, 1))))
        random.shuffle(self._pairs)
        self._lock = Lock()

    def spans(self, number: int) -> int:
        """How many spans request `number` holds."""
        return self._body(number).spans

    def data(self, number: int) -> bytes:
        """Request `number`, always the same."""
        with self._lock:
            return self._body(number).sent_as(number // 2, self._begin_ns + number // 2 * _APART_NS)

    def request(self, number: int) -> ExportTraceServiceRequest:
        """The same, to look into."""
        return ExportTraceServiceRequest.FromString(self.data(number))

    def _body(self, number: int) -> Body:
        return self._pairs[number // 2 % len(self._pairs)][number % 2]


def halves(pair: int) -> Iterator[int]:
    """Yield the numbers of the two requests whose traces `load.number_of` gives as `pair`."""
    yield from (pair * 2, pair * 2 + 1)


def _half(whole: ExportTraceServiceRequest, which: int) -> ExportTraceServiceRequest:
    half = ExportTraceServiceRequest()
    half.CopyFrom(whole)
    spans = half.resource_spans[0].scope_spans[0].spans
    for place in reversed(range(len(spans))):
        if place % 2 != which:
            del spans[place]
    return half
