"""Rebuilding what resources say of themselves: the name of their service."""

from __future__ import annotations

import duckdb

from junjo_desktop.telemetry.derived import DamagedTextError, service_name_in

_UPDATE = """
UPDATE resources SET service_name = made.service_name
FROM (SELECT unnest(?::VARCHAR[]) AS resource_id, unnest(?::VARCHAR[]) AS service_name) made
WHERE resources.resource_id = made.resource_id
"""


def misnamed_resources(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the right name of the service, by resource id, for resources that have another one."""
    found: dict[str, str] = {}
    cursor.execute("SELECT resource_id, service_name, attributes FROM resources")
    while rows := cursor.fetchmany(256):
        for resource_id, service_name, attributes in rows:
            try:
                made = service_name_in(attributes)
            except DamagedTextError:
                continue
            if made != service_name:
                found[resource_id] = made
    return found


def rename_resources(writer: duckdb.DuckDBPyConnection, names: dict[str, str]) -> None:
    """Write what `misnamed_resources` found. What a resource says never changes, so it still holds."""
    writer.execute(_UPDATE, [list(names), list(names.values())])
