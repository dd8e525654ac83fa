"""What a selection reaches, as conditions of SQL: which traces, which logs, which metrics."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from junjo_desktop.store.selection import Selection


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over one table's columns, with its parameters in order."""

    sql: str
    params: tuple[Any, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"({self.sql}) AND ({other.sql})", (*self.params, *other.params))

    def __or__(self, other: Condition) -> Condition:
        return Condition(f"({self.sql}) OR ({other.sql})", (*self.params, *other.params))


ALL = Condition("true")
NONE = Condition("false")

# Spans without a time say nothing of when their trace ended, but it was no later than when the last one was received.
_ENDED_NS = "CASE WHEN end_ns > 0 THEN end_ns ELSE last_received_ns END"

LOOSE = Condition("trace_id IS NULL OR trace_id NOT IN (SELECT trace_id FROM traces)")


def one_of(column: str, values: Collection[str]) -> Condition:
    """`column` is one of `values`."""
    return Condition(f"{column} IN (SELECT unnest(?::VARCHAR[]))", (list(values),))


def of_service(service: str) -> Condition:
    """The row belongs to the service."""
    return Condition("service_name = ?", (service,))


def _within(table: str, condition: Condition) -> Condition:
    return Condition(f"trace_id IN (SELECT trace_id FROM {table} WHERE {condition.sql})", condition.params)  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows a selection reaches when `kept` traces are spared."""

    matching: Condition
    """Over `traces`: those that the selection means, the spared ones among them."""
    spared: Condition
    """Over `traces`: those that stay all the same."""
    still: Condition
    """Over `traces`: what spans that arrive meanwhile may have changed."""
    service: str | None
    """Only spans of this service go; None: whole traces, with all their logs."""
    logs: Condition
    """Over `logs`: what is left to delete once the traces are deleted."""
    metrics: Condition

    @property
    def traces(self) -> Condition:
        """Over `traces`: those of which something is deleted."""
        return self.matching & Condition(f"NOT ({self.spared.sql})", self.spared.params)

    @property
    def all_logs(self) -> Condition:
        """Over `logs`: what is deleted with the traces or after them."""
        if self.service is not None:
            return self.logs
        traces = self.traces
        return _within("traces", traces) | self.logs


def reach_of(selection: Selection, kept: Collection[str]) -> Reach:
    """Return what is deleted when the traces `kept` are spared, those aside that are selected by id."""
    if selection.trace_ids:
        named = one_of("trace_id", selection.trace_ids)
        return Reach(named, NONE, ALL, None, named, NONE)
    spared = one_of("trace_id", kept) if kept else NONE
    not_spared = Condition(f"trace_id IS NULL OR NOT ({spared.sql})", spared.params)
    if selection.service is not None:
        of_it = of_service(selection.service)
        matching = _within("trace_services", of_it)
        return Reach(matching, spared, ALL, selection.service, of_it & not_spared, of_it)
    if selection.before_ns is not None:
        received = Condition("received_ns < ?", (selection.before_ns,))
        ended = Condition(f"{_ENDED_NS} < ?", (selection.before_ns,))
        return Reach(ended, spared, ended, None, received & LOOSE & not_spared, received)
    return Reach(ALL, spared, ALL, None, not_spared, ALL)
