"""What the list of spans is made of. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from junjo_desktop.widgets.numbered_source import NumberedListing
from junjo_desktop.widgets.scatter_sample import Scatter

MESSAGE_CHARACTERS = 400
"""So much of a status message comes with a row."""


@dataclass(frozen=True, slots=True)
class SpanCost:
    """What the call cost that a span tells of, in US dollars; None where that is unknown."""

    dollars: float | None
    origin: str
    is_counted: bool


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One line of the list. Times in nanoseconds since the epoch; `number` says where it lies in the store.

    `start_ns` is 0 when it told no start; `duration_ns` is None when it told no start or no end.
    """

    number: int
    trace_id: str
    span_id: str
    parent_span_id: str | None
    service_name: str
    name: str
    span_type: str
    start_ns: int
    duration_ns: int | None
    status_code: int
    status_message: str
    is_error: bool
    llm_provider: str | None
    llm_model: str | None
    input_tokens: int | None
    output_tokens: int | None
    event_count: int
    received_ns: int
    cost: SpanCost | None = None
    """None where it tells of no call, or is not read yet."""

    @property
    def row_id(self) -> str:
        """Its id in the list."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Totals:
    """What only reading every span tells: services and types with how many spans each has, and the scatter strip."""

    services: Mapping[str, int]
    types: Mapping[str, int]
    scatter: Scatter


SpanListing: TypeAlias = NumberedListing[SpanRow, Totals]
