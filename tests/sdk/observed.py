"""What was sent and what is stored, in one comparable form: every item with the resource and scope it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from junjo_desktop.app import Engine
from junjo_desktop.telemetry.columns import LOG_COLUMNS, METRIC_COLUMNS, RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.encode import encode_log_record, encode_resource, encode_scope, encode_span
from junjo_desktop.telemetry.intake import Signal
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.resource import Resource, Scope, with_origin
from junjo_desktop.telemetry.span import Span

DRAIN_S = 60.0

REQUESTS: dict[Signal, Any] = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}


class Item(NamedTuple):
    """A span, log record or metric as bytes, with whose it is; None is a message that was not sent."""

    resource: bytes | None
    resource_schema_url: str
    scope: bytes | None
    scope_schema_url: str
    item: bytes


def sent(signal: Signal, bodies: Iterable[bytes]) -> Counter[Item]:
    """Return the items of export requests as they came over the wire."""
    groups = {
        Signal.TRACES: ("resource_spans", "scope_spans", "spans"),
        Signal.LOGS: ("resource_logs", "scope_logs", "log_records"),
        Signal.METRICS: ("resource_metrics", "scope_metrics", "metrics"),
    }
    found: Counter[Item] = Counter()
    for body in bodies:
        found.update(_items(REQUESTS[signal].FromString(body), *groups[signal]))
    return found


def _items(request: Message, by_resource: str, by_scope: str, name: str) -> Iterator[Item]:
    for resource_group in getattr(request, by_resource):
        resource = _bytes(resource_group.resource) if resource_group.HasField("resource") else None
        for scope_group in getattr(resource_group, by_scope):
            scope = _bytes(scope_group.scope) if scope_group.HasField("scope") else None
            for item in getattr(scope_group, name):
                yield Item(resource, resource_group.schema_url, scope, scope_group.schema_url, _bytes(item))


def stored_spans(engine: Engine, after: int = 0) -> list[Span]:
    """Return the spans that arrived after a position of the journal, once all that was acknowledged is indexed."""
    assert engine.indexer.drain(DRAIN_S)
    return [Span.from_row(row) for row in engine.read(lambda cursor: _rows(cursor, "spans", SPAN_COLUMNS, after))]


def stored(engine: Engine, signal: Signal, after: int = 0) -> Counter[Item]:
    """Return the stored items of a signal that arrived after a position of the journal, turned back into OTLP."""
    if signal is Signal.TRACES:
        return Counter(_item(span) for span in stored_spans(engine, after))
    assert engine.indexer.drain(DRAIN_S)
    if signal is Signal.LOGS:
        rows = engine.read(lambda cursor: _rows(cursor, "logs", LOG_COLUMNS, after))
        return Counter(_item(LogRecord.from_row(row)) for row in rows)
    rows = engine.read(lambda cursor: _rows(cursor, "metrics", METRIC_COLUMNS, after))
    return Counter(_metric(row) for row in rows)


def _rows(cursor: DuckDBPyConnection, table: str, columns: tuple[str, ...], after: int) -> list[tuple[Any, ...]]:
    asked = [f"t.{name}" for name in columns]
    asked += [f"r.{name}" for name in RESOURCE_COLUMNS] + [f"s.{name}" for name in SCOPE_COLUMNS]
    joins = f"{table} t JOIN resources r USING (resource_id) JOIN scopes s USING (scope_id)"
    statement = f"SELECT {', '.join(asked)} FROM {joins} WHERE t.arrival > ?"  # noqa: S608 - names of ours
    return cursor.execute(statement, [after]).fetchall()


def _item(stored_item: Span | LogRecord) -> Item:
    message = encode_span(stored_item) if isinstance(stored_item, Span) else encode_log_record(stored_item)
    return _whose(stored_item.resource, stored_item.scope, _bytes(message))


def _metric(row: tuple[Any, ...]) -> Item:
    named = with_origin(METRIC_COLUMNS, row)
    return _whose(named["resource"], named["scope"], bytes(named["metric"]))


def _whose(resource: Resource, scope: Scope, item: bytes) -> Item:
    resource_message, scope_message = encode_resource(resource), encode_scope(scope)
    return Item(
        None if resource_message is None else _bytes(resource_message),
        resource.schema_url,
        None if scope_message is None else _bytes(scope_message),
        scope.schema_url,
        item,
    )


def _bytes(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
