"""The read model of a stored log record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import LOG_COLUMNS
from junjo_desktop.telemetry.otlp_json import Attributes, Plain
from junjo_desktop.telemetry.resource import Resource, Scope, parse_object, with_origin
from junjo_desktop.telemetry.span import exact_ns, iso_time


@dataclass(frozen=True)
class LogRecord:
    """A row of `logs` with its resource and scope; `body` and `attributes` are JSON text."""

    trace_id: str | None
    span_id: str | None
    service_name: str
    time_ns: int
    observed_ns: int
    severity_number: int
    severity_text: str
    event_name: str
    body: str | None
    body_text: str
    attributes: str
    dropped_attributes_count: int
    flags: int
    resource_id: str
    scope_id: str
    extra: str | None
    received_ns: int
    arrival: int
    resource: Resource
    scope: Scope

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> LogRecord:
        """Build from the columns of `logs`, `resources` and `scopes`, in this order, each in that of its table."""
        return cls(**with_origin(LOG_COLUMNS, row))

    @cached_property
    def attributes_json(self) -> Attributes:
        """The attributes, parsed (see `otlp_json` for what stands for what)."""
        return parse_object(self.attributes)

    @cached_property
    def body_json(self) -> Plain:
        """The body, parsed; None also when none was sent."""
        body: Plain = None if self.body is None else orjson.loads(self.body)
        return body

    @cached_property
    def extra_json(self) -> Attributes:
        """What the other columns cannot hold, parsed (see `extra`)."""
        return parse_object(self.extra) if self.extra else {}

    @property
    def time_unix_nano(self) -> int:
        """When it happened, exact even where `time_ns` is at its limit; 0 when the sender did not know."""
        return exact_ns(self.extra_json, extra.TIME, self.time_ns)

    @property
    def observed_time_unix_nano(self) -> int:
        """When it was observed, exact even where `observed_ns` is at its limit; 0 when the sender did not know."""
        return exact_ns(self.extra_json, extra.OBSERVED_TIME, self.observed_ns)

    def to_json(self) -> dict[str, object]:
        """The record for JSON. A time of 0 is one that the sender did not know: null."""
        time, observed = self.time_unix_nano, self.observed_time_unix_nano
        return {
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "service_name": self.service_name,
            "time": iso_time(time) if time else None,
            "observed_time": iso_time(observed) if observed else None,
            "time_unix_nano": str(time),
            "observed_time_unix_nano": str(observed),
            "severity_number": self.severity_number,
            "severity_text": self.severity_text,
            "event_name": self.event_name,
            "body_json": self.body_json,
            "attributes_json": self.attributes_json,
            "dropped_attributes_count": self.dropped_attributes_count,
            "flags": self.flags,
            "resource_attributes_json": self.resource.attributes_json,
            "resource_dropped_attributes_count": self.resource.dropped_attributes_count,
            "resource_schema_url": self.resource.schema_url,
            "scope": self.scope.to_json(),
            "scope_schema_url": self.scope.schema_url,
        }
