"""The rows of the table of figures: services, and below those that are unfolded, their operations. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.queries import Stored
from junjo_desktop.store.service_figures import Figures, Operation, Service, ServiceFigures
from junjo_desktop.widgets.row_source import Ids, OrderedIds

MOST_SHOWN = 500
"""Operations of one service that are listed; of more, those with the most spans."""


class FigureSortBy(StrEnum):
    """What the table can be sorted by; the values are kept in the window's state."""

    NAME = "name"
    TYPE = "type"
    RATE = "rate"
    SPANS = "spans"
    ERRORS = "errors"
    ERROR_RATE = "error_rate"
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    TOKENS = "tokens"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class FigureSort:
    """An order, of services and within each of its operations; what has no value comes last."""

    by: FigureSortBy = FigureSortBy.SPANS
    descending: bool = True


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A service, or one of its operations. `axis` are the first and last bucket of all distributions shown."""

    key: str
    service: Service
    operation: Operation | None
    per_minute: float
    is_unfolded: bool
    shown_operations: int
    axis: tuple[int, int]

    @property
    def figures(self) -> Figures:
        """Of the requests of a service, or of the spans of an operation."""
        return self.service.figures if self.operation is None else self.operation.figures

    @property
    def name(self) -> str:
        """Name of the service or of the operation."""
        return self.service.service_name if self.operation is None else self.operation.name

    @property
    def spans(self) -> int:
        """All spans of a service or of an operation."""
        return self.service.spans if self.operation is None else self.operation.figures.spans


@dataclass(frozen=True, slots=True)
class FiguresListing:
    """What the table lists. `told` is everything that was read, whatever is folded or filtered."""

    ids: Ids
    stored: int
    new: int
    first_rows: Mapping[str, FigureRow]
    told: ServiceFigures
    known: Stored
    totals: object = field(default=True)
    is_partial: bool = False


def service_key(name: str) -> str:
    """Return the row id of a service."""
    return f"s{name}"


def rows_of(
    told: ServiceFigures, chosen: ServicesFilter, sort: FigureSort, unfolded: Collection[str]
) -> Iterator[FigureRow]:
    """Yield the rows from top to bottom. With a text, services are listed that pass, or have an operation that does."""
    axis = _axis(told)
    services = []
    for service in told.services:
        fitting = [
            operation
            for operation in service.operations
            if chosen.passes(service.service_name, operation.name, operation.span_type)
        ]
        if fitting or chosen.passes(service.service_name):
            services.append((service, fitting))
    key = _KEYS[sort.by]
    for service, fitting in _sorted(services, lambda pair: key(pair[0].service_name, "", pair[0].figures), sort):
        is_unfolded = service.service_name in unfolded
        rate = told.per_minute(service.figures.spans)
        row_id = service_key(service.service_name)
        yield FigureRow(row_id, service, None, rate, is_unfolded, len(fitting), axis)
        if is_unfolded:
            yield from _operations(told, service, fitting, sort, axis)


def _operations(
    told: ServiceFigures, service: Service, fitting: list[Operation], sort: FigureSort, axis: tuple[int, int]
) -> Iterator[FigureRow]:
    key = _KEYS[sort.by]
    for operation in _sorted(fitting[:MOST_SHOWN], lambda found: key(found.name, found.span_type, found.figures), sort):
        row_id = f"o{service.service_name}\n{operation.span_type}\n{operation.name}"
        rate = told.per_minute(operation.figures.spans)
        yield FigureRow(row_id, service, operation, rate, False, 0, axis)


def listing_of(
    rows: list[FigureRow], told: ServiceFigures, known: Stored, shown: FiguresListing | None
) -> FiguresListing:
    """Return the listing of these rows. `new` counts those that `shown` does not list."""
    first_rows = {row.key: row for row in rows}
    new = 0 if shown is None else len(first_rows.keys() - shown.first_rows.keys())
    return FiguresListing(OrderedIds([row.key for row in rows]), told.spans, new, first_rows, told, known)


def _sorted(rows: list[Any], key: Callable[[Any], Any], sort: FigureSort) -> list[Any]:
    known = [row for row in rows if key(row) is not None]
    known.sort(key=key, reverse=sort.descending)
    return [*known, *(row for row in rows if key(row) is None)]


_KEYS: dict[FigureSortBy, Callable[[str, str, Figures], Any]] = {
    FigureSortBy.NAME: lambda name, _type, _figures: name.lower(),
    FigureSortBy.TYPE: lambda _name, span_type, _figures: span_type,
    FigureSortBy.RATE: lambda _name, _type, figures: figures.spans,
    FigureSortBy.SPANS: lambda _name, _type, figures: figures.spans,
    FigureSortBy.ERRORS: lambda _name, _type, figures: figures.errors,
    FigureSortBy.ERROR_RATE: lambda _name, _type, figures: figures.error_share,
    FigureSortBy.P50: lambda _name, _type, figures: figures.p50_ns,
    FigureSortBy.P95: lambda _name, _type, figures: figures.p95_ns,
    FigureSortBy.P99: lambda _name, _type, figures: figures.p99_ns,
    FigureSortBy.TOKENS: lambda _name, _type, figures: figures.tokens,
    FigureSortBy.LAST: lambda _name, _type, figures: figures.last_ns or None,
}


def _axis(told: ServiceFigures) -> tuple[int, int]:
    buckets = [
        bucket
        for service in told.services
        for figures in (service.figures, *(operation.figures for operation in service.operations))
        for bucket in figures.buckets
    ]
    return (min(buckets), max(buckets)) if buckets else (0, 0)
