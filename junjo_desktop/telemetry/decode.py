"""From an acknowledged export request to rows, in the column order of the schema.

Nothing of a request is lost: what a typed column cannot hold stands in the `extra` of its row (see `extra.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import ResourceMetrics, ScopeMetrics
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from junjo_desktop.telemetry.columns import Row
from junjo_desktop.telemetry.decode_log import log_row
from junjo_desktop.telemetry.decode_metric import metric_row
from junjo_desktop.telemetry.decode_origin import (
    Origin,
    resource_id,
    resource_row,
    scope_id,
    scope_row,
    service_name_of,
)
from junjo_desktop.telemetry.decode_span import span_row
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.validity import span_problem


@dataclass(frozen=True, slots=True)
class DecodedBatch:
    """Rows of one request. Spans are in the order of arrival, and one key may come twice: the later one wins."""

    spans: list[Row] = field(default_factory=list)
    logs: list[Row] = field(default_factory=list)
    metrics: list[Row] = field(default_factory=list)
    resources: dict[str, Row] = field(default_factory=dict)
    scopes: dict[str, Row] = field(default_factory=dict)


def decode(entry: IntakeEntry) -> DecodedBatch:
    """Decode one request; spans that cannot be stored (see `validity`) are passed over.

    Raises `google.protobuf.message.DecodeError` when the body is not a request of its signal.
    """
    batch = DecodedBatch()
    match entry.signal:
        case Signal.TRACES:
            _decode_spans(entry, batch)
        case Signal.LOGS:
            _decode_logs(entry, batch)
        case Signal.METRICS:
            _decode_metrics(entry, batch)
    return batch


def _decode_spans(entry: IntakeEntry, batch: DecodedBatch) -> None:
    for group in ExportTraceServiceRequest.FromString(entry.body).resource_spans:
        resource = _keep_resource(group, batch)
        for scope_group in group.scope_spans:
            origin = Origin(*resource, _keep_scope(scope_group, batch), entry.received_ns, entry.seq)
            batch.spans.extend(span_row(span, origin) for span in scope_group.spans if span_problem(span) is None)


def _decode_logs(entry: IntakeEntry, batch: DecodedBatch) -> None:
    for group in ExportLogsServiceRequest.FromString(entry.body).resource_logs:
        resource = _keep_resource(group, batch)
        for scope_group in group.scope_logs:
            origin = Origin(*resource, _keep_scope(scope_group, batch), entry.received_ns, entry.seq)
            batch.logs.extend(log_row(record, origin) for record in scope_group.log_records)


def _decode_metrics(entry: IntakeEntry, batch: DecodedBatch) -> None:
    for group in ExportMetricsServiceRequest.FromString(entry.body).resource_metrics:
        resource = _keep_resource(group, batch)
        for scope_group in group.scope_metrics:
            origin = Origin(*resource, _keep_scope(scope_group, batch), entry.received_ns, entry.seq)
            batch.metrics.extend(metric_row(metric, origin) for metric in scope_group.metrics)


def _keep_resource(group: ResourceSpans | ResourceLogs | ResourceMetrics, batch: DecodedBatch) -> tuple[str, str]:
    """Put the resource of a group into the batch; return its service name and its id."""
    message = group.resource if group.HasField("resource") else None
    id_ = resource_id(message, group.schema_url)
    if id_ not in batch.resources:
        batch.resources[id_] = resource_row(id_, message, group.schema_url)
    return service_name_of(message), id_


def _keep_scope(group: ScopeSpans | ScopeLogs | ScopeMetrics, batch: DecodedBatch) -> str:
    """Put the scope of a group into the batch; return its id."""
    message = group.scope if group.HasField("scope") else None
    id_ = scope_id(message, group.schema_url)
    if id_ not in batch.scopes:
        batch.scopes[id_] = scope_row(id_, message, group.schema_url)
    return id_
