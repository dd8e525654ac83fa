"""What the Preferences page reads of the store: the services, for deleting what one of them sent."""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

SERVICES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ServiceSize:
    """A service and how much of it is stored."""

    service_name: str
    spans: int
    logs: int
    metrics: int


@dataclass(frozen=True, slots=True)
class ServiceSizes:
    """The largest services by name, and how many there are in all."""

    shown: tuple[ServiceSize, ...] = ()
    total: int = 0


def service_sizes(cursor: DuckDBPyConnection) -> ServiceSizes:
    """Return the services that sent most, `SERVICES_SHOWN` of them at most."""
    found = cursor.execute(
        """
        SELECT service_name, span_count, log_count, metric_count, count(*) OVER () FROM services
        ORDER BY span_count + log_count + metric_count DESC, service_name LIMIT $limit
        """,
        {"limit": SERVICES_SHOWN},
    ).fetchall()
    shown = sorted((ServiceSize(*row[:4]) for row in found), key=lambda service: service.service_name.lower())
    return ServiceSizes(tuple(shown), found[0][4] if found else 0)
