"""What the Services page reads beside the store's own figures: which services there are, and since when."""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

_MOST_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored at all, whatever time is chosen. `services` are span counts by name, the largest first.

    `newest_ns` is the start of the newest span, None when no span is stored.
    """

    services: dict[str, int]
    newest_ns: int | None


def service_count(cursor: DuckDBPyConnection) -> int:
    """Return how many services have spans."""
    [(count,)] = cursor.execute("SELECT count(*) FROM services WHERE span_count > 0").fetchall()
    return int(count)


def stored(cursor: DuckDBPyConnection) -> Stored:
    """Return which services have spans, and when the newest began."""
    services = cursor.execute(
        "SELECT service_name, span_count FROM services WHERE span_count > 0 "
        "ORDER BY span_count DESC, service_name LIMIT ?",
        [_MOST_OFFERED],
    ).fetchall()
    [(newest_ns,)] = cursor.execute("SELECT max(start_ns) FROM traces").fetchall() if services else [(None,)]
    return Stored(dict(services), newest_ns)
