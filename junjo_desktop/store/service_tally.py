"""What each service has sent: one small row a service."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from typing import Any

import duckdb

from junjo_desktop.store.batch import Batch
from junjo_desktop.store.replacing import Stored
from junjo_desktop.telemetry.columns import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS

_SPAN_SERVICE = SPAN_COLUMNS.index("service_name")
_SPAN_ERROR = SPAN_COLUMNS.index("is_error")
_SPAN_RECEIVED = SPAN_COLUMNS.index("received_ns")
_LOG_SERVICE = LOG_COLUMNS.index("service_name")
_LOG_RECEIVED = LOG_COLUMNS.index("received_ns")
_METRIC_SERVICE = METRIC_COLUMNS.index("service_name")
_METRIC_RECEIVED = METRIC_COLUMNS.index("received_ns")


@dataclass(slots=True)
class _Tally:
    """One row of `services`: the fields are its columns, in order."""

    service_name: str
    span_count: int
    error_count: int
    log_count: int
    metric_count: int
    first_received_ns: int
    last_received_ns: int

    def heard_at(self, received_ns: int) -> None:
        self.first_received_ns = min(self.first_received_ns, received_ns)
        self.last_received_ns = max(self.last_received_ns, received_ns)


class _Tallies:
    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._by_name = {row[0]: _Tally(*row) for row in rows}

    def heard(self, service_name: str, received_ns: int) -> _Tally:
        """Return the tally of a service from which something was received, made new when needed."""
        tally = self._by_name.get(service_name)
        if tally is None:
            tally = _Tally(service_name, 0, 0, 0, 0, received_ns, received_ns)
            self._by_name[service_name] = tally
        else:
            tally.heard_at(received_ns)
        return tally

    def take_back(self, stored: Stored) -> None:
        """Uncount a span that is stored no more."""
        tally = self._by_name[stored.facts.service_name]
        tally.span_count -= 1
        tally.error_count -= stored.facts.is_error

    def rows(self) -> list[tuple[object, ...]]:
        return [astuple(tally) for tally in self._by_name.values()]


def write_services(writer: duckdb.DuckDBPyConnection, batch: Batch, replaced: Collection[Stored]) -> None:
    """Add a batch to the table `services`; `replaced` are the earlier versions of its spans."""
    names = {row[_SPAN_SERVICE] for row in batch.spans.values()}
    names.update(stored.facts.service_name for stored in replaced)
    names.update(row[_LOG_SERVICE] for row in batch.logs)
    names.update(row[_METRIC_SERVICE] for row in batch.metrics)
    if not names:
        return
    of_these = "FROM services WHERE service_name IN (SELECT unnest(?))"
    tallies = _Tallies(writer.execute(f"SELECT * {of_these}", [list(names)]).fetchall())
    _count(tallies, batch)
    for stored in replaced:
        tallies.take_back(stored)
    writer.execute(f"DELETE {of_these}", [list(names)])
    with writer.appender("services") as appender:
        appender.append_rows(tallies.rows())


def _count(tallies: _Tallies, batch: Batch) -> None:
    for row in batch.spans.values():
        tally = tallies.heard(row[_SPAN_SERVICE], row[_SPAN_RECEIVED])
        tally.span_count += 1
        tally.error_count += row[_SPAN_ERROR]
    for log in batch.logs:
        tallies.heard(log[_LOG_SERVICE], log[_LOG_RECEIVED]).log_count += 1
    for metric in batch.metrics:
        tallies.heard(metric[_METRIC_SERVICE], metric[_METRIC_RECEIVED]).metric_count += 1
