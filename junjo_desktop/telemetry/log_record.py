"""The read model of a stored log record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import orjson
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as OtlpLogRecord
from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import LOG_COLUMNS, RESOURCE_COLUMNS
from junjo_desktop.telemetry.otlp_json import Attributes, Plain, attributes_from_json, value_from_json
from junjo_desktop.telemetry.resource import Resource, Scope, parse_object
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
        resource_at = len(LOG_COLUMNS)
        scope_at = resource_at + len(RESOURCE_COLUMNS)
        own = dict(zip(LOG_COLUMNS, row, strict=False))
        return cls(resource=Resource(*row[resource_at:scope_at]), scope=Scope(*row[scope_at:]), **own)

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
    def _more(self) -> Attributes:
        return parse_object(self.extra) if self.extra else {}

    def to_json(self) -> dict[str, object]:
        """The record for JSON. A time of 0 is one that the sender did not know: null."""
        time = exact_ns(self._more, extra.TIME, self.time_ns)
        observed = exact_ns(self._more, extra.OBSERVED_TIME, self.observed_ns)
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

    def to_otlp(self) -> OtlpLogRecord:
        """The message, equal to the one that was received."""
        return OtlpLogRecord(
            time_unix_nano=exact_ns(self._more, extra.TIME, self.time_ns),
            observed_time_unix_nano=exact_ns(self._more, extra.OBSERVED_TIME, self.observed_ns),
            severity_number=cast("SeverityNumber.ValueType", self.severity_number),
            severity_text=self.severity_text,
            body=None if self.body is None else value_from_json(self.body),
            attributes=attributes_from_json(self.attributes),
            dropped_attributes_count=self.dropped_attributes_count,
            flags=self.flags,
            trace_id=bytes.fromhex(self.trace_id or str(self._more.get(extra.TRACE_ID, ""))),
            span_id=bytes.fromhex(self.span_id or str(self._more.get(extra.SPAN_ID, ""))),
            event_name=self.event_name,
        )
