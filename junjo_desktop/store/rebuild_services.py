"""Rebuilding what each service has sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.rebuild_traces import Received

_Rows: TypeAlias = dict[str, tuple[Any, ...]]

_MADE = """
SELECT service_name, sum(spans)::BIGINT, sum(errors)::BIGINT, sum(logs)::BIGINT, sum(metrics)::BIGINT,
       min(first), max(last)
FROM (
    SELECT service_name, count(*) AS spans, count(*) FILTER (is_error) AS errors, 0 AS logs, 0 AS metrics,
           min(received_ns) AS first, max(received_ns) AS last
    FROM spans GROUP BY service_name
    UNION ALL
    SELECT service_name, 0, 0, count(*), 0, min(received_ns), max(received_ns) FROM logs GROUP BY service_name
    UNION ALL
    SELECT service_name, 0, 0, 0, count(*), min(received_ns), max(received_ns) FROM metrics GROUP BY service_name
)
GROUP BY service_name
"""
_ADD = """
UPDATE services SET span_count = span_count + more.spans, error_count = error_count + more.errors
FROM (SELECT unnest(?::VARCHAR[]) AS name, unnest(?::BIGINT[]) AS spans, unnest(?::BIGINT[]) AS errors) more
WHERE service_name = more.name
"""
_DELETE = "DELETE FROM services WHERE service_name IN (SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a service has more (or less) of, and when that was received."""

    spans: int
    errors: int
    received: Received


def adjust_services(writer: duckdb.DuckDBPyConnection, differences: Mapping[str, Difference]) -> None:
    """Add to the counts of services; those without a row get one."""
    if not differences:
        return
    names = list(differences)
    known = {name for (name,) in writer.execute("SELECT service_name FROM services").fetchall()}
    append(
        writer,
        "services",
        (
            (name, 0, 0, 0, 0, one.received.first_ns, one.received.last_ns)
            for name, one in differences.items()
            if name not in known and one.spans > 0
        ),
    )
    values = differences.values()
    writer.execute(_ADD, [names, [one.spans for one in values], [one.errors for one in values]])


def count_services(cursor: duckdb.DuckDBPyConnection) -> _Rows:
    """Count all that is stored, by service: rows of `services`."""
    return {row[0]: row for row in cursor.execute(_MADE).fetchall()}


def write_counts(writer: duckdb.DuckDBPyConnection, made: _Rows) -> int:
    """Make `services` what was counted; return how many rows were changed.

    A service may have been heard of in spans that others have replaced, so the times of its row only widen.
    """
    kept: _Rows = {row[0]: row for row in writer.execute("SELECT * FROM services").fetchall()}
    rows = {name: _widened(row, kept.get(name)) for name, row in made.items()}
    changed = [name for name in made.keys() | kept.keys() if rows.get(name) != kept.get(name)]
    if changed:
        writer.execute(_DELETE, [changed])
        append(writer, "services", (rows[name] for name in changed if name in rows))
    return len(changed)


def _widened(row: tuple[Any, ...], kept: tuple[Any, ...] | None) -> tuple[Any, ...]:
    if kept is None:
        return row
    return (*row[:-2], min(row[-2], kept[-2]), max(row[-1], kept[-1]))
