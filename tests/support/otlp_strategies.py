"""Hypothesis strategies for whatever OTLP can carry, common or hostile."""

from __future__ import annotations

import math
from typing import cast

from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    EntityRef,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs, SeverityNumber
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    Gauge,
    Metric,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

MEGABYTE = 2**20

# Keys that meet often: duplicates, names with a meaning, and the names that our JSON form uses for its escapes.
MEANINGFUL_KEYS = (
    "a",
    "service.name",
    "error.type",
    "junjo.span_type",
    "junjo.id",
    "openinference.span.kind",
    "gen_ai.operation.name",
    "gen_ai.usage.input_tokens",
    "bytesValue",
    "doubleValue",
    "kvlistValue",
    "stringValueStrindex",
    "absentValue",
    "key",
    "value",
)
MEANINGFUL_TEXTS = (
    "",
    "chat",
    "LLM",
    "workflow",
    "node",
    "12",
    "NaN",
    "\x00",
    "💩\U0010ffff",
    "'; DROP TABLE spans; --",
)

uint32s = st.integers(0, 2**32 - 1)
int32s = st.integers(-(2**31), 2**31 - 1)
int64s = st.integers(-(2**63), 2**63 - 1)
nanoseconds = st.one_of(
    st.integers(0, 2**64 - 1), st.integers(1_700_000_000 * 10**9, 1_900_000_000 * 10**9), st.sampled_from((0, 2**63))
)


def texts(max_size: int = 20) -> st.SearchStrategy[str]:
    """Any text that protobuf can carry: NUL and everything beyond the BMP, no lone surrogates."""
    return st.one_of(st.text(st.characters(codec="utf-8"), max_size=max_size), st.sampled_from(MEANINGFUL_TEXTS))


def _integers_or_limits() -> st.SearchStrategy[int]:
    return st.one_of(int64s, st.sampled_from((0, 1, -(2**63), 2**63 - 1, 2**53 + 1)))


# One NaN only: the others are not kept apart.
doubles = st.one_of(
    st.floats(allow_nan=False), st.sampled_from((0.0, -0.0, 1.0, 5e-324, 1e16, 1e308, math.inf, -math.inf, math.nan))
)


def _scalars() -> st.SearchStrategy[AnyValue]:
    return st.one_of(
        st.just(AnyValue()),
        texts().map(lambda value: AnyValue(string_value=value)),
        st.booleans().map(lambda value: AnyValue(bool_value=value)),
        _integers_or_limits().map(lambda value: AnyValue(int_value=value)),
        doubles.map(lambda value: AnyValue(double_value=value)),
        st.binary(max_size=20).map(lambda value: AnyValue(bytes_value=value)),
        int32s.map(lambda value: AnyValue(string_value_strindex=value)),
    )


def _pairs(values: st.SearchStrategy[AnyValue]) -> st.SearchStrategy[list[KeyValue]]:
    keys = st.one_of(st.sampled_from(MEANINGFUL_KEYS), texts())
    pair = st.one_of(
        st.builds(KeyValue, key=keys, value=values),
        st.builds(KeyValue, key=keys),
        # OTLP forbids a key beside an index.
        st.builds(KeyValue, value=st.one_of(st.none(), values), key_strindex=int32s),
    )
    return st.lists(pair, max_size=6)


def _containers(values: st.SearchStrategy[AnyValue]) -> st.SearchStrategy[AnyValue]:
    return st.one_of(
        st.lists(values, max_size=4).map(lambda items: AnyValue(array_value=ArrayValue(values=items))),
        _pairs(values).map(lambda pairs: AnyValue(kvlist_value=KeyValueList(values=pairs))),
    )


any_values: st.SearchStrategy[AnyValue] = st.recursive(_scalars(), _containers, max_leaves=8)
attributes = _pairs(any_values)

huge_values = st.builds(
    lambda character, size: AnyValue(string_value=character * size),
    st.sampled_from(("a", "\x00", '"', "é", "💩")),
    st.integers(MEGABYTE, MEGABYTE + 3),
)

trace_ids = st.binary(min_size=16, max_size=16).filter(any)
span_ids = st.binary(min_size=8, max_size=8).filter(any)
any_ids = st.one_of(st.just(b""), span_ids, st.just(bytes(8)), st.binary(max_size=20))

events = st.builds(
    Span.Event,
    time_unix_nano=nanoseconds,
    name=st.one_of(st.just("exception"), texts()),
    attributes=attributes,
    dropped_attributes_count=uint32s,
)
links = st.builds(
    Span.Link,
    trace_id=st.one_of(trace_ids, any_ids),
    span_id=any_ids,
    trace_state=texts(),
    attributes=attributes,
    dropped_attributes_count=uint32s,
    flags=uint32s,
)
statuses = st.builds(
    Status,
    message=texts(),
    code=st.one_of(st.integers(0, 2), int32s).map(lambda code: cast("Status.StatusCode.ValueType", code)),
)


def spans(
    trace: st.SearchStrategy[bytes] = trace_ids, id_: st.SearchStrategy[bytes] = span_ids
) -> st.SearchStrategy[Span]:
    """Spans that can be stored; with other strategies for their ids also such that cannot."""
    return st.builds(
        Span,
        trace_id=trace,
        span_id=id_,
        trace_state=texts(),
        parent_span_id=any_ids,
        flags=uint32s,
        name=texts(),
        kind=st.one_of(st.integers(0, 5), int32s).map(lambda kind: cast("Span.SpanKind.ValueType", kind)),
        start_time_unix_nano=nanoseconds,
        end_time_unix_nano=nanoseconds,
        attributes=attributes,
        dropped_attributes_count=uint32s,
        events=st.lists(events, max_size=3),
        dropped_events_count=uint32s,
        links=st.lists(links, max_size=2),
        dropped_links_count=uint32s,
        status=st.one_of(st.none(), statuses),
    )


log_records = st.builds(
    LogRecord,
    time_unix_nano=nanoseconds,
    observed_time_unix_nano=nanoseconds,
    severity_number=st.one_of(st.integers(0, 24), int32s).map(lambda number: cast("SeverityNumber.ValueType", number)),
    severity_text=texts(),
    body=st.one_of(st.none(), any_values),
    attributes=attributes,
    dropped_attributes_count=uint32s,
    flags=uint32s,
    trace_id=st.one_of(trace_ids, st.just(bytes(16)), any_ids),
    span_id=any_ids,
    event_name=texts(),
)

_points = st.lists(
    st.one_of(
        st.builds(NumberDataPoint, time_unix_nano=nanoseconds, as_double=doubles, attributes=attributes),
        st.builds(NumberDataPoint, time_unix_nano=nanoseconds, as_int=_integers_or_limits()),
    ),
    max_size=3,
)
metrics = st.one_of(
    st.builds(Metric, name=texts()),
    st.builds(Metric, name=texts(), unit=texts(), gauge=st.builds(Gauge, data_points=_points)),
    st.builds(Metric, name=texts(), description=texts(), sum=st.builds(Sum, data_points=_points)),
)

entity_refs = st.builds(
    EntityRef,
    schema_url=texts(),
    type=texts(),
    id_keys=st.lists(texts(), max_size=2),
    description_keys=st.lists(texts(), max_size=2),
)
resources = st.builds(
    Resource,
    attributes=attributes,
    dropped_attributes_count=uint32s,
    entity_refs=st.lists(entity_refs, max_size=2),
)
scopes = st.builds(
    InstrumentationScope, name=texts(), version=texts(), attributes=attributes, dropped_attributes_count=uint32s
)

_maybe_resource = st.one_of(st.none(), resources)
_maybe_scope = st.one_of(st.none(), scopes)


def trace_requests(items: st.SearchStrategy[Span] | None = None) -> st.SearchStrategy[ExportTraceServiceRequest]:
    """Whole requests: several resources and scopes, with and without their messages."""
    items = spans() if items is None else items
    group = st.builds(ScopeSpans, scope=_maybe_scope, spans=st.lists(items, max_size=3), schema_url=texts())
    resource_group = st.builds(
        ResourceSpans, resource=_maybe_resource, scope_spans=st.lists(group, max_size=2), schema_url=texts()
    )
    return st.builds(ExportTraceServiceRequest, resource_spans=st.lists(resource_group, max_size=2))


def logs_requests() -> st.SearchStrategy[ExportLogsServiceRequest]:
    """Whole requests of log records."""
    group = st.builds(ScopeLogs, scope=_maybe_scope, log_records=st.lists(log_records, max_size=3), schema_url=texts())
    resource_group = st.builds(
        ResourceLogs, resource=_maybe_resource, scope_logs=st.lists(group, max_size=2), schema_url=texts()
    )
    return st.builds(ExportLogsServiceRequest, resource_logs=st.lists(resource_group, max_size=2))


def metrics_requests() -> st.SearchStrategy[ExportMetricsServiceRequest]:
    """Whole requests of metrics."""
    group = st.builds(ScopeMetrics, scope=_maybe_scope, metrics=st.lists(metrics, max_size=3), schema_url=texts())
    resource_group = st.builds(
        ResourceMetrics, resource=_maybe_resource, scope_metrics=st.lists(group, max_size=2), schema_url=texts()
    )
    return st.builds(ExportMetricsServiceRequest, resource_metrics=st.lists(resource_group, max_size=2))
