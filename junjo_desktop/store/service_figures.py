"""How services and their operations do in a stretch of time: how often, how many failed, how long they took.

Everything is counted from the spans themselves, exactly. An operation is a service with a name and a type of spans.
A service as a whole is told by what it was asked for: its spans without a parent, and those that serve a call (kinds
server and consumer); where there is no such span, by all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from duckdb import DuckDBPyConnection

MOST_OPERATIONS = 2_000
"""Of more, those with the most spans are told: names with ids in them may be as many as spans."""

STEPS_IN_DOUBLING = 2
"""A distribution has this many buckets for every doubling of the duration."""
_MOST_BUCKETS = 40_000
_MINUTE_NS = 60 * 10**9

Buckets: TypeAlias = Mapping[int, int]
"""How many spans took from 2^(n / STEPS_IN_DOUBLING) ns to the next such step, by n."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """First and last start that count, nanoseconds since the epoch; None: open. `service` narrows to one."""

    since_ns: int | None = None
    until_ns: int | None = None
    service: str | None = None

    def condition(self, column: str = "start_ns") -> tuple[str, list[Any]]:
        """Return what rows of `spans` must satisfy, and the bound values."""
        parts = (
            (f"{column} >= ?", self.since_ns),
            (f"{column} <= ?", self.until_ns),
            ("service_name = ?", self.service),
        )
        told = [(text, value) for text, value in parts if value is not None]
        return " AND ".join(text for text, _ in told) or "true", [value for _, value in told]


@dataclass(frozen=True, slots=True)
class Figures:
    """What some spans add up to. Durations are in nanoseconds, None when no span told a credible end.

    `first_ns` and `last_ns` are starts, 0 when none was told. Tokens are None when no span reported any.
    """

    spans: int
    errors: int
    p50_ns: int | None
    p95_ns: int | None
    p99_ns: int | None
    first_ns: int
    last_ns: int
    input_tokens: int | None = None
    output_tokens: int | None = None
    buckets: Buckets = field(default_factory=dict)

    @property
    def error_share(self) -> float:
        """How many of them failed, from 0 to 1."""
        return self.errors / self.spans if self.spans else 0.0

    @property
    def tokens(self) -> int | None:
        """Input and output tokens."""
        told = [tokens for tokens in (self.input_tokens, self.output_tokens) if tokens is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class Operation:
    """The spans of one name and type in one service."""

    service_name: str
    name: str
    span_type: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `figures` are of its requests, see above; `spans` and `errors` count all of its spans.

    `has_requests`: whether it has any; if not, `figures` are of all of its spans.
    """

    service_name: str
    figures: Figures
    spans: int
    errors: int
    has_requests: bool
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """All services of a stretch, those with the most spans first. `span_ns` is how long the stretch is.

    An open stretch begins with the first span and ends with `now_ns`. `hidden_operations` were left out.
    """

    services: tuple[Service, ...]
    spans: int
    span_ns: int
    hidden_operations: int = 0
    hidden_spans: int = 0

    def per_minute(self, count: int) -> float:
        """Return how often something happened in a minute of the stretch."""
        return count * _MINUTE_NS / max(self.span_ns, _MINUTE_NS)


# An end before the start is no duration: the end was not told, or a clock went back.
_TOOK = "FILTER (duration_ns >= 0)"
_FIGURES = f"""
count(*), count(*) FILTER (is_error), quantile_disc(duration_ns, [0.5, 0.95, 0.99]) {_TOOK},
coalesce(min(start_ns) FILTER (start_ns > 0), 0), coalesce(max(start_ns), 0), sum(input_tokens), sum(output_tokens)
"""
_BUCKET = f"floor(log2(greatest(duration_ns, 1)) * {STEPS_IN_DOUBLING})::INTEGER"
_REQUEST = "(parent_span_id IS NULL OR kind IN (2, 5))"


def service_figures(cursor: DuckDBPyConnection, stretch: Stretch, now_ns: int) -> ServiceFigures:
    """Return the figures of every service and operation that has spans in `stretch`."""
    where, values = stretch.condition()
    found = cursor.execute(
        f"SELECT service_name, name, span_type, {_FIGURES} FROM spans WHERE {where} GROUP BY ALL "  # noqa: S608 - our own names
        "ORDER BY count(*) DESC, service_name, name, span_type",
        values,
    ).fetchall()
    shown, hidden = found[:MOST_OPERATIONS], found[MOST_OPERATIONS:]
    buckets = _Buckets(cursor, where, values)
    operations = [
        Operation(service, name, span_type, _figures(rest, buckets.of_operations.get((service, name, span_type), {})))
        for service, name, span_type, *rest in shown
    ]
    services = _services(found, operations, _requests(cursor, where, values, buckets))
    return ServiceFigures(
        services,
        spans=sum(row[3] for row in found),
        span_ns=_length_ns(stretch, services, now_ns),
        hidden_operations=len(hidden),
        hidden_spans=sum(row[3] for row in hidden),
    )


def _requests(cursor: DuckDBPyConnection, where: str, values: list[Any], buckets: _Buckets) -> dict[str, Figures]:
    found = cursor.execute(
        f"SELECT service_name, {_FIGURES} FROM spans WHERE {_REQUEST} AND {where} GROUP BY ALL",  # noqa: S608 - our own names
        values,
    ).fetchall()
    return {service: _figures(rest, buckets.of_requests.get(service, {})) for service, *rest in found}


class _Buckets:
    """Distributions of operations, and of the requests of services."""

    def __init__(self, cursor: DuckDBPyConnection, where: str, values: list[Any]) -> None:
        self.of_operations: dict[tuple[str, str, str], dict[int, int]] = {}
        self.of_requests: dict[str, dict[int, int]] = {}
        found = cursor.execute(
            f"SELECT service_name, name, span_type, {_REQUEST}, {_BUCKET} AS bucket, count(*) FROM spans "  # noqa: S608 - our own names
            f"WHERE duration_ns >= 0 AND {where} GROUP BY ALL ORDER BY count(*) DESC LIMIT {_MOST_BUCKETS}",
            values,
        ).fetchall()
        for service, name, span_type, is_request, bucket, count in found:
            _add(self.of_operations.setdefault((service, name, span_type), {}), bucket, count)
            if is_request:
                _add(self.of_requests.setdefault(service, {}), bucket, count)


def _add(buckets: dict[int, int], bucket: int, count: int) -> None:
    buckets[bucket] = buckets.get(bucket, 0) + count


def _services(
    rows: Sequence[Sequence[Any]], operations: Sequence[Operation], requests: Mapping[str, Figures]
) -> tuple[Service, ...]:
    spans: dict[str, int] = {}
    errors: dict[str, int] = {}
    for service, _, _, count, failed, *_ in rows:
        spans[service] = spans.get(service, 0) + count
        errors[service] = errors.get(service, 0) + failed
    by_service: dict[str, list[Operation]] = {service: [] for service in spans}
    for operation in operations:
        by_service[operation.service_name].append(operation)
    return tuple(
        Service(
            service,
            requests.get(service) or _together(by_service[service], spans[service], errors[service]),
            spans[service],
            errors[service],
            service in requests,
            tuple(by_service[service]),
        )
        for service in sorted(spans, key=lambda name: (-spans[name], name))
    )


def _together(operations: Sequence[Operation], spans: int, errors: int) -> Figures:
    """Return figures of all spans of a service that answers nobody; what many operations take is no single figure."""
    buckets: dict[int, int] = {}
    for operation in operations:
        for bucket, count in operation.figures.buckets.items():
            buckets[bucket] = buckets.get(bucket, 0) + count
    told = [operation.figures for operation in operations]
    return Figures(
        spans,
        errors,
        None,
        None,
        None,
        min((figures.first_ns for figures in told if figures.first_ns), default=0),
        max((figures.last_ns for figures in told), default=0),
        _sum([figures.input_tokens for figures in told]),
        _sum([figures.output_tokens for figures in told]),
        buckets,
    )


def _sum(told: Sequence[int | None]) -> int | None:
    known = [count for count in told if count is not None]
    return sum(known) if known else None


def _figures(row: Sequence[Any], buckets: Buckets) -> Figures:
    spans, errors, quantiles, first_ns, last_ns, input_tokens, output_tokens = row
    p50_ns, p95_ns, p99_ns = quantiles or (None, None, None)
    return Figures(
        spans, errors, p50_ns, p95_ns, p99_ns, first_ns, last_ns, _whole(input_tokens), _whole(output_tokens), buckets
    )


def _whole(total: int | None) -> int | None:
    return None if total is None else int(total)


def _length_ns(stretch: Stretch, services: Sequence[Service], now_ns: int) -> int:
    since_ns, until_ns = stretch.since_ns, stretch.until_ns
    if since_ns is None:
        firsts = [operation.figures.first_ns for service in services for operation in service.operations]
        since_ns = min((first_ns for first_ns in firsts if first_ns), default=now_ns)
    until_ns = now_ns if until_ns is None else min(until_ns, now_ns)
    return max(until_ns - since_ns, 0)
