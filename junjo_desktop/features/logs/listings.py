"""What the list of log records is made of. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.severity import Severity, severity_of
from junjo_desktop.widgets.numbered_source import NumberedListing
from junjo_desktop.widgets.time_bars_data import TimeBars

BODY_CHARACTERS = 400
"""So much of a body comes with a row."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the list. Times in nanoseconds since the epoch; `number` says where it lies in the store.

    `time_ns` is when it happened, else when it was observed; 0 when the sender told neither.
    """

    number: int
    trace_id: str | None
    span_id: str | None
    service_name: str
    time_ns: int
    is_observed: bool
    """The time is that of the observation: the sender did not say when it happened."""
    severity_number: int
    severity_text: str
    event_name: str
    body_start: str
    """The first `BODY_CHARACTERS` of the body as people read it."""
    body_characters: int
    scope_name: str
    received_ns: int

    @property
    def row_id(self) -> str:
        """Its id in the list."""
        return str(self.number)

    @property
    def severity(self) -> Severity:
        """How severe it is."""
        return severity_of(self.severity_number, self.severity_text)


@dataclass(frozen=True, slots=True)
class Totals:
    """What only reading every record tells: services with how many records each has, and the records over time."""

    services: Mapping[str, int]
    bars: TimeBars


@dataclass(frozen=True, slots=True)
class LogDetail:
    """A record whole, and the span and the trace that it was written in, as far as they are stored.

    `trace_start_ns` is 0 when its trace is not stored; `span_name` is None when its span is not.
    """

    row: LogRow
    record: LogRecord
    trace_name: str | None
    trace_start_ns: int
    span_name: str | None


LogListing: TypeAlias = NumberedListing[LogRow, Totals]
