"""The columns of the stored tables, in the order of the schema: rows are tuples in this order."""

from __future__ import annotations

from typing import TypeAlias

Row: TypeAlias = tuple[object, ...]

INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)

RESOURCE_COLUMNS = (
    "resource_id",
    "service_name",
    "attributes",
    "dropped_attributes_count",
    "schema_url",
    "extra",
)

SCOPE_COLUMNS = (
    "scope_id",
    "name",
    "version",
    "attributes",
    "dropped_attributes_count",
    "schema_url",
    "extra",
)

SPAN_COLUMNS = (
    "trace_id",
    "span_id",
    "parent_span_id",
    "service_name",
    "name",
    "kind",
    "start_ns",
    "end_ns",
    "duration_ns",
    "status_code",
    "status_message",
    "is_error",
    "span_type",
    "junjo_span_type",
    "junjo_runtime_id",
    "llm_provider",
    "llm_model",
    "input_tokens",
    "output_tokens",
    "attributes",
    "events",
    "links",
    "event_count",
    "trace_state",
    "flags",
    "dropped_attributes_count",
    "dropped_events_count",
    "dropped_links_count",
    "resource_id",
    "scope_id",
    "extra",
    "received_ns",
    "arrival",
)

LOG_COLUMNS = (
    "trace_id",
    "span_id",
    "service_name",
    "time_ns",
    "observed_ns",
    "severity_number",
    "severity_text",
    "event_name",
    "body",
    "body_text",
    "attributes",
    "dropped_attributes_count",
    "flags",
    "resource_id",
    "scope_id",
    "extra",
    "received_ns",
    "arrival",
)

METRIC_COLUMNS = (
    "service_name",
    "name",
    "description",
    "unit",
    "type",
    "point_count",
    "first_ns",
    "last_ns",
    "metric",
    "resource_id",
    "scope_id",
    "received_ns",
    "arrival",
)
