"""What the list of calls is made of. Free of Qt and SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from junjo_desktop.telemetry.llm.usage import Usage
from junjo_desktop.widgets.numbered_source import NumberedListing
from junjo_desktop.widgets.scatter_sample import Scatter


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line of the list. Times in nanoseconds since the epoch; `number` says where it lies in the store.

    `start_ns` is 0 when its span told no start; `duration_ns` is None when it told no start or no end.
    """

    number: int
    trace_id: str
    span_id: str
    service_name: str
    operation: str
    provider: str | None
    request_model: str | None
    response_model: str | None
    conversation_id: str | None
    user_id: str | None
    agent_name: str | None
    workflow_name: str | None
    node_name: str | None
    start_ns: int
    duration_ns: int | None
    first_token_ns: int | None
    """From the start."""
    finish_reason: str | None
    is_error: bool
    error_type: str | None
    temperature: float | None
    reasoning_effort: str | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    is_counted: bool
    cost: float | None
    cost_origin: str
    priced_as: str | None
    table_version: str | None
    first_words: str

    @property
    def row_id(self) -> str:
        """Its id in the list."""
        return str(self.number)

    @property
    def model(self) -> str | None:
        """The model that answered, else the one asked for."""
        return self.response_model or self.request_model

    @property
    def usage(self) -> Usage:
        """Its tokens."""
        return Usage(
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            reasoning_tokens=self.reasoning_tokens,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What calls add up to: each once, but for `calls` and `repeated`. Tokens and cost are None when nothing told any.

    Percentiles are in nanoseconds, None without a value.
    """

    calls: int = 0
    repeated: int = 0
    failed: int = 0
    without_usage: int = 0
    unpriced: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None
    p50_ns: int | None = None
    p95_ns: int | None = None
    first_token_p50_ns: int | None = None

    @property
    def usage(self) -> Usage:
        """All tokens."""
        return Usage(
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            reasoning_tokens=self.reasoning_tokens,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """What only reading every call tells: what the filters offer, with how many calls each has; and the listed ones."""

    services: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)
    providers: Mapping[str, int] = field(default_factory=dict)
    sums: Sums = Sums()
    scatter: Scatter = field(default_factory=Scatter)


CallListing: TypeAlias = NumberedListing[CallRow, Totals]
