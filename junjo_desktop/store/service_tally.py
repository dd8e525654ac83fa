"""What each service has sent: one small row a service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from operator import itemgetter
from typing import Any

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.batch import StoredRow
from junjo_desktop.store.replacing import Replaced
from junjo_desktop.telemetry.columns import INT64_MAX, INT64_MIN, LOG_COLUMNS, METRIC_COLUMNS


def _pick(columns: Sequence[str], *names: str) -> Callable[[StoredRow], Any]:
    return itemgetter(*map(columns.index, names))


_of_log = _pick(LOG_COLUMNS, "service_name", "received_ns")
_of_metric = _pick(METRIC_COLUMNS, "service_name", "received_ns")

_UPDATE = """
UPDATE services SET span_count = ?, error_count = ?, log_count = ?, metric_count = ?, first_received_ns = ?,
                    last_received_ns = ?
WHERE service_name = ?
"""


@dataclass(slots=True)
class _Tally:
    """One row of `services`, or what is to be added to it: the fields are its columns, in order."""

    service_name: str
    span_count: int = 0
    error_count: int = 0
    log_count: int = 0
    metric_count: int = 0
    first_received_ns: int = INT64_MAX
    last_received_ns: int = INT64_MIN

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of a service: its only span was replaced by one of another service."""
        return not (self.span_count or self.log_count or self.metric_count)

    def heard(self, received_ns: int) -> None:
        self.first_received_ns = min(self.first_received_ns, received_ns)
        self.last_received_ns = max(self.last_received_ns, received_ns)


class ServiceTallies:
    """Adds what a batch brings to the table `services`."""

    def __init__(self, writer: duckdb.DuckDBPyConnection) -> None:
        self._writer = writer
        self._by_name: dict[str, _Tally] = {}
        self._stored: set[str] = set()

    def add_spans(self, counts: Mapping[tuple[str, int, bool], int]) -> None:
        """Add so many spans by service, time of reception, and whether they failed."""
        for (name, received_ns, is_error), count in counts.items():
            tally = self._heard(name, received_ns)
            tally.span_count += count
            tally.error_count += count * is_error

    def add_logs(self, rows: Iterable[StoredRow]) -> None:
        """Count log records."""
        for (name, received_ns), count in Counter(map(_of_log, rows)).items():
            self._heard(name, received_ns).log_count += count

    def add_metrics(self, rows: Iterable[StoredRow]) -> None:
        """Count metrics."""
        for (name, received_ns), count in Counter(map(_of_metric, rows)).items():
            self._heard(name, received_ns).metric_count += count

    def take_back(self, replaced: Iterable[Replaced]) -> None:
        """Uncount spans that are stored no more."""
        for span in replaced:
            tally = self._of(span.service_name)
            tally.span_count -= 1
            tally.error_count -= span.is_error

    def write(self) -> None:
        """Write the rows that have changed."""
        new = []
        for name, tally in self._by_name.items():
            if name not in self._stored:
                new.append(astuple(tally))
            elif tally.is_empty:
                self._writer.execute("DELETE FROM services WHERE service_name = ?", [name])
            else:
                # One row at a time: planning a statement for several takes four times as long.
                self._writer.execute(_UPDATE, [*astuple(tally)[1:], name])
        append(self._writer, "services", new)

    def _heard(self, name: str, received_ns: int) -> _Tally:
        tally = self._of(name)
        tally.heard(received_ns)
        return tally

    def _of(self, name: str) -> _Tally:
        tally = self._by_name.get(name)
        if tally is None:
            rows = self._writer.execute("SELECT * FROM services WHERE service_name = ?", [name]).fetchall()
            if rows:
                self._stored.add(name)
            tally = self._by_name[name] = _Tally(*rows[0]) if rows else _Tally(name)
        return tally
