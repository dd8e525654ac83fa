"""The read model of a stored span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import orjson

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import SPAN_COLUMNS
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.resource import Resource, Scope, parse_object, with_origin

KIND_NAMES = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
TRACE_FLAGS_MASK = 0xFF

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """A row of `spans` with its resource and scope; `attributes`, `events` and `links` are JSON text."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    kind: int
    start_ns: int
    end_ns: int
    duration_ns: int
    status_code: int
    status_message: str
    is_error: bool
    span_type: str
    junjo_span_type: str | None
    junjo_runtime_id: str | None
    llm_provider: str | None
    llm_model: str | None
    input_tokens: int | None
    output_tokens: int | None
    attributes: str
    events: str
    links: str
    event_count: int
    trace_state: str
    flags: int
    dropped_attributes_count: int
    dropped_events_count: int
    dropped_links_count: int
    resource_id: str
    scope_id: str
    extra: str | None
    received_ns: int
    arrival: int
    resource: Resource
    scope: Scope

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Span:
        """Build from the columns of `spans`, `resources` and `scopes`, in this order, each in that of its table."""
        return cls(**with_origin(SPAN_COLUMNS, row))

    @cached_property
    def attributes_json(self) -> Attributes:
        """The attributes, parsed (see `otlp_json` for what stands for what)."""
        return parse_object(self.attributes)

    @cached_property
    def events_json(self) -> list[dict[str, Any]]:
        """The events, parsed: name, timeUnixNano (decimal string), attributes, droppedAttributesCount."""
        events: list[dict[str, Any]] = orjson.loads(self.events)
        return events

    @cached_property
    def links_json(self) -> list[dict[str, Any]]:
        """The links, parsed: traceId, spanId, traceState, attributes, droppedAttributesCount, flags."""
        links: list[dict[str, Any]] = orjson.loads(self.links)
        return links

    @cached_property
    def extra_json(self) -> Attributes:
        """What the other columns cannot hold, parsed (see `extra`)."""
        return parse_object(self.extra) if self.extra else {}

    @property
    def start_time_unix_nano(self) -> int:
        """When it started, exact even where `start_ns` is at its limit."""
        return exact_ns(self.extra_json, extra.START_TIME, self.start_ns)

    @property
    def end_time_unix_nano(self) -> int:
        """When it ended, exact even where `end_ns` is at its limit."""
        return exact_ns(self.extra_json, extra.END_TIME, self.end_ns)

    def to_json(self) -> dict[str, object]:
        """The span for JSON, named as Junjo AI Studio's observability API names it, and what that leaves out."""
        start, end = self.start_time_unix_nano, self.end_time_unix_nano
        return {
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "parent_span_id": self.parent_span_id,
            "service_name": self.service_name,
            "name": self.name,
            "kind": kind_name(self.kind),
            "start_time": iso_time(start),
            "end_time": iso_time(end),
            "start_time_unix_nano": str(start),
            "end_time_unix_nano": str(end),
            "duration_ns": end - start,
            "status_code": str(self.status_code),
            "status_message": self.status_message,
            "attributes_json": self.attributes_json,
            "events_json": self.events_json,
            "links_json": self.links_json,
            "trace_flags": self.flags & TRACE_FLAGS_MASK,
            "flags": self.flags,
            "trace_state": self.trace_state,
            "dropped_attributes_count": self.dropped_attributes_count,
            "dropped_events_count": self.dropped_events_count,
            "dropped_links_count": self.dropped_links_count,
            "resource_attributes_json": self.resource.attributes_json,
            "resource_dropped_attributes_count": self.resource.dropped_attributes_count,
            "resource_schema_url": self.resource.schema_url,
            "scope": self.scope.to_json(),
            "scope_schema_url": self.scope.schema_url,
        }


def kind_name(kind: int) -> str:
    """The OTLP kind without its prefix; a kind that is not known yet is its number."""
    return KIND_NAMES[kind] if 0 <= kind < len(KIND_NAMES) else str(kind)


def exact_ns(more: Attributes, key: str, column_ns: int) -> int:
    """Nanoseconds as sent: from `extra` when the column could not hold them."""
    sent = more.get(key)
    return int(sent) if isinstance(sent, str) else column_ns


def iso_time(ns: int) -> str:
    """ISO 8601 in UTC with microseconds; every time that OTLP can carry (until 2554) has one."""
    return (_EPOCH + timedelta(microseconds=ns // 1000)).isoformat(timespec="microseconds")
