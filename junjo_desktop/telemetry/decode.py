"""From an acknowledged export request to rows, in the column order of the schema.

Nothing of a request is lost: what a typed column cannot hold stands in the `extra` of its row (see `extra.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry.columns import Row
from junjo_desktop.telemetry.decode_log import log_row
from junjo_desktop.telemetry.decode_metric import metric_row
from junjo_desktop.telemetry.decode_origin import Origin, ReadResource, read_resource, read_scope
from junjo_desktop.telemetry.decode_outline import span_rows
from junjo_desktop.telemetry.decode_pieces import pieces
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.outline import Request, ResourceItems, ScopeItems, TraceRequest

PORTION_BYTES = 8 << 20
"""What was sent for one portion is not much more than this, however few rows it makes."""


@dataclass(frozen=True, slots=True)
class DecodedBatch:
    """Rows of one request. Spans are in the order of arrival, and one key may come twice: the later one wins."""

    spans: list[Row] = field(default_factory=list)
    logs: list[Row] = field(default_factory=list)
    metrics: list[Row] = field(default_factory=list)
    resources: dict[str, Row] = field(default_factory=dict)
    scopes: dict[str, Row] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """How many items; resources and scopes do not count."""
        return len(self.spans) + len(self.logs) + len(self.metrics)

    def without_first(self, rows: int) -> DecodedBatch:
        """What follows the first so many items, with all resources and scopes. A request has items of one kind only."""
        if rows <= 0:
            return self
        return replace(self, spans=self.spans[rows:], logs=self.logs[rows:], metrics=self.metrics[rows:])


def decode(entry: IntakeEntry) -> DecodedBatch:
    """Decode one request; spans that cannot be stored (see `validity`) are passed over.

    Raises `google.protobuf.message.DecodeError` when the body is not a request of its signal.
    """
    batch = DecodedBatch()
    for piece in pieces(entry.body):
        _decode_piece(piece, entry, batch)
    return batch


def decode_in_portions(entry: IntakeEntry, max_rows: int) -> Iterator[DecodedBatch]:
    """Decode a request into batches of about `max_rows` rows or `PORTION_BYTES`; together they are what `decode` gives.

    Each brings the resources and scopes of its rows, so one of these may come several times. Memory holds one portion,
    beside the request and an outline of its size. Raises as `decode`, maybe behind portions from before the damage.
    """
    batch, size = DecodedBatch(), 0
    for piece in pieces(entry.body):
        if _size(batch) >= max_rows or size >= PORTION_BYTES:
            yield batch
            batch, size = DecodedBatch(), 0
        _decode_piece(piece, entry, batch)
        size += len(piece)
    yield batch


def _size(batch: DecodedBatch) -> int:
    return batch.row_count + len(batch.resources) + len(batch.scopes)


def _decode_piece(body: bytes, entry: IntakeEntry, batch: DecodedBatch) -> None:
    match entry.signal:
        case Signal.TRACES:
            _decode_spans(body, entry, batch)
        case Signal.LOGS:
            for items, origin in _items(body, entry, batch):
                batch.logs.extend(log_row(LogRecord.FromString(item), origin) for item in items)
        case Signal.METRICS:
            for items, origin in _items(body, entry, batch):
                batch.metrics.extend(metric_row(Metric.FromString(item), origin) for item in items)


def _decode_spans(body: bytes, entry: IntakeEntry, batch: DecodedBatch) -> None:
    whole = _WholeRequest(body)
    for at, group in enumerate(TraceRequest.FromString(body).resource_spans):
        resource = _keep_resource(group, batch)
        for scope_at, scope_group in enumerate(group.scope_spans):
            origin = _keep_scope(scope_group, resource, entry, batch)
            batch.spans.extend(span_rows(scope_group.spans, origin, partial(whole.span, at, scope_at)))


class _WholeRequest:
    """The request with all it says, parsed when it is first asked for a span."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    @cached_property
    def _message(self) -> ExportTraceServiceRequest:
        return ExportTraceServiceRequest.FromString(self._body)

    def span(self, at: int, scope_at: int, span_at: int) -> OtlpSpan:
        """Return a span by the places of its resource, its scope and itself."""
        return self._message.resource_spans[at].scope_spans[scope_at].spans[span_at]


def _items(body: bytes, entry: IntakeEntry, batch: DecodedBatch) -> Iterator[tuple[Iterable[bytes], Origin]]:
    for group in Request.FromString(body).groups:
        resource = _keep_resource(group, batch)
        for scope_group in group.groups:
            yield scope_group.items, _keep_scope(scope_group, resource, entry, batch)


def _keep_resource(group: ResourceItems, batch: DecodedBatch) -> ReadResource:
    resource = read_resource(group.resource[:], group.schema_url)
    batch.resources[resource.id] = resource.row
    return resource


def _keep_scope(group: ScopeItems, resource: ReadResource, entry: IntakeEntry, batch: DecodedBatch) -> Origin:
    scope = read_scope(group.scope[:], group.schema_url)
    batch.scopes[scope.id] = scope.row
    return Origin(resource.service_name, resource.id, scope.id, entry.received_ns, entry.seq)
