"""The moment retention would start from, found out without removing or remembering anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from junjo_desktop.state.retention_record import RetentionRecords
from junjo_desktop.store.database import Store
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_clock import Moment, first_moment

_NEWEST = """
SELECT max(newest) FROM (
    SELECT max(last_received_ns) AS newest FROM traces
    UNION ALL SELECT max(received_ns) FROM logs UNION ALL SELECT max(received_ns) FROM metrics)
"""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What tells the time, in nanoseconds: the computer's clock, and one that only ever goes forward."""

    clock_ns: Callable[[], int] = time.time_ns
    uptime_ns: Callable[[], int] = time.monotonic_ns


def preview(
    store: Store, records: RetentionRecords, policy: RetentionPolicy, last: Moment | None, clocks: Clocks
) -> Moment:
    """Return the moment of the record with today's clock: `last` seen by this process, or as a start sees it."""
    if last is not None:
        return Moment(clocks.clock_ns(), last.record)
    return first_moment(records.load(), clocks.clock_ns(), store.read(_newest), policy.period_ns)


def _newest(cursor: duckdb.DuckDBPyConnection) -> int | None:
    [(newest_ns,)] = cursor.execute(_NEWEST).fetchall()
    return None if newest_ns is None else int(newest_ns)
