"""What is stored, what it takes on the disk, how it grows, and what retention will remove next.

Only the small tables and single columns are read, so that it takes no longer than a list, however many spans there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import duckdb
import orjson

from junjo_desktop.paths import DataDir
from junjo_desktop.store.database import Store
from junjo_desktop.store.forecast import RetentionForecast, forecast
from junjo_desktop.store.occupancy import Occupancy, occupancy_of, size_of
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_clock import DAY_NS, Moment

__all__ = ["FileSize", "RetentionForecast", "StorageReport", "next_removal", "report_json", "storage_report"]

_GROWTH_DAYS = 7

_COUNTS = """
SELECT (SELECT count(*) FROM traces),
       coalesce(sum(span_count), 0)::BIGINT, coalesce(sum(log_count), 0)::BIGINT, coalesce(sum(metric_count), 0)::BIGINT
FROM services
"""
_STARRED = "SELECT count(*) FROM traces WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))"
_RECEIVED = """
SELECT min(first), max(last), coalesce(sum(recent), 0)::BIGINT FROM (
    SELECT min(first_received_ns) AS first, max(last_received_ns) AS last,
           sum(span_count) FILTER (first_received_ns BETWEEN $since AND $now) AS recent FROM traces
    UNION ALL
    SELECT min(received_ns), max(received_ns), count(*) FILTER (received_ns BETWEEN $since AND $now) FROM logs
    UNION ALL
    SELECT min(received_ns), max(received_ns), count(*) FILTER (received_ns BETWEEN $since AND $now) FROM metrics)
"""


@dataclass(frozen=True, slots=True)
class FileSize:
    """A file of the data folder; its name is relative to the folder."""

    name: str
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StorageReport:
    """The state of the store at one moment. Times are of reception, in nanoseconds since the epoch."""

    files: tuple[FileSize, ...]
    """The database first."""
    spans: int
    traces: int
    logs: int
    metrics: int
    starred: int
    """Starred traces of which something is stored."""
    oldest_ns: int | None
    newest_ns: int | None
    bytes_a_span: float
    """What a span, log or metric takes in the file, with all that belongs to it; 0 when there is none."""
    growth_bytes_a_day: float | None
    """Over the last seven days, or since the oldest (a day at least); None when nothing is stored."""
    next_removal: RetentionForecast | None
    reclaimable_bytes: int
    """What is free within the database: used again for what comes, or given back when that pays."""
    quarantined: int
    """Requests that were acknowledged and could not be stored."""


def storage_report(
    store: Store,
    data_dir: DataDir,
    policy: RetentionPolicy,
    moment: Moment,
    starred: Collection[str],
    quarantined: int,
) -> StorageReport:
    """Return the report; some 100 ms with millions of spans. Raises as `Store.read`."""
    files = tuple(_files(data_dir))
    return store.read(partial(_report, data_dir, policy, moment, starred, quarantined, files))


def next_removal(
    store: Store, data_dir: DataDir, policy: RetentionPolicy, moment: Moment, starred: Collection[str]
) -> RetentionForecast | None:
    """Return what retention would remove next with this policy. Raises as `Store.read`."""

    def read(cursor: duckdb.DuckDBPyConnection) -> RetentionForecast | None:
        occupancy = occupancy_of(cursor, data_dir.telemetry, data_dir.journal)
        growth = _received(cursor, moment, occupancy).growth_bytes_a_day
        return forecast(cursor, policy, moment, occupancy, starred, growth)

    return store.read(read)


def report_json(report: StorageReport) -> bytes:
    """Return the report as a JSON object: its fields, paths as text."""
    return orjson.dumps(asdict(report), default=str)


def _report(
    data_dir: DataDir,
    policy: RetentionPolicy,
    moment: Moment,
    starred: Collection[str],
    quarantined: int,
    files: tuple[FileSize, ...],
    cursor: duckdb.DuckDBPyConnection,
) -> StorageReport:
    occupancy = occupancy_of(cursor, data_dir.telemetry, data_dir.journal)
    received = _received(cursor, moment, occupancy)
    [(traces, spans, logs, metrics)] = cursor.execute(_COUNTS).fetchall()
    [(starred_count,)] = cursor.execute(_STARRED, [list(starred)]).fetchall()
    return StorageReport(
        files=files,
        spans=spans,
        traces=traces,
        logs=logs,
        metrics=metrics,
        starred=starred_count,
        oldest_ns=received.oldest_ns,
        newest_ns=received.newest_ns,
        bytes_a_span=occupancy.bytes_a_row,
        growth_bytes_a_day=received.growth_bytes_a_day,
        next_removal=forecast(cursor, policy, moment, occupancy, starred, received.growth_bytes_a_day),
        reclaimable_bytes=occupancy.reclaimable_bytes,
        quarantined=quarantined,
    )


@dataclass(frozen=True, slots=True)
class _Received:
    oldest_ns: int | None
    newest_ns: int | None
    growth_bytes_a_day: float | None


def _received(cursor: duckdb.DuckDBPyConnection, moment: Moment, occupancy: Occupancy) -> _Received:
    now_ns = moment.clock_ns
    since_ns = now_ns - _GROWTH_DAYS * DAY_NS
    [(oldest_ns, newest_ns, recent)] = cursor.execute(_RECEIVED, {"since": since_ns, "now": now_ns}).fetchall()
    if oldest_ns is None:
        return _Received(None, None, None)
    days = max(1.0, (now_ns - max(since_ns, min(oldest_ns, now_ns))) / DAY_NS)
    return _Received(oldest_ns, newest_ns, recent * occupancy.bytes_a_row / days)


def _files(data_dir: DataDir) -> Iterator[FileSize]:
    """Yield what is on the disk now: databases with their logs, what was set aside, and the log files."""
    found = {data_dir.telemetry}
    for database in (data_dir.telemetry, data_dir.journal, data_dir.state):
        found.update(path for path in data_dir.root.glob(f"{database.stem}.*") if not path.name.endswith("-shm"))
    found.update(data_dir.logs.glob("*"))
    kept = sorted(found - {data_dir.telemetry})
    for path in (data_dir.telemetry, *kept):
        if path.is_file():
            yield FileSize(path.relative_to(data_dir.root).as_posix(), path, size_of(path))
