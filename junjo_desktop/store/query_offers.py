"""What the stored spans offer to a query: keys of attributes, values of fields. Of the newest spans only."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from junjo_desktop.store.query_spans import COLUMNS
from junjo_desktop.store.query_values import pointer_to
from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.tree import Field, Scope

_SPANS_FOR_KEYS = 2_000
_SPANS_FOR_VALUES = 50_000
_SPANS_FOR_ATTRIBUTES = 10_000
_MOST = 200
_LONGEST = 120


def attribute_keys(cursor: DuckDBPyConnection) -> tuple[str, ...]:
    """Return the keys of attributes, those of resources and events with their prefix; the most frequent first."""
    found = cursor.execute(
        f"""
        WITH newest AS MATERIALIZED (
            SELECT attributes, events, event_count FROM spans
            WHERE rowid > (SELECT max(rowid) FROM spans) - {_SPANS_FOR_KEYS}
        ), found AS (
            SELECT unnest(json_keys(attributes)) AS key FROM newest
            UNION ALL SELECT 'resource.' || unnest(json_keys(attributes)) FROM resources
            UNION ALL
            SELECT 'event.' || unnest(flatten(json_keys(events, ['$[0].attributes']))) FROM newest WHERE event_count > 0
        )
        SELECT key FROM found WHERE length(key) <= {_LONGEST} GROUP BY key ORDER BY count(*) DESC, key LIMIT {_MOST}
        """  # noqa: S608 - constants of this module
    ).fetchall()
    return tuple(key for (key,) in found)


def stored_values(cursor: DuckDBPyConnection, field: Field) -> tuple[str, ...]:
    """Return the values of a field, the newest first; long ones are left out."""
    parameters: dict[str, object] = {}
    source, value, spans = "spans", COLUMNS.get(field.name), _SPANS_FOR_VALUES
    if field.scope is not Scope.KNOWN or value is None:
        parameters["pointer"] = pointer_to(field.name)
        value, spans = "json_extract_string(attributes, $pointer)", _SPANS_FOR_ATTRIBUTES
    if field.scope is Scope.RESOURCE:
        source = "resources"
    elif field.scope is Scope.EVENT:
        parameters["pointer"] = ("" if field.name == EVENT_NAME else "/attributes") + pointer_to(field.name)
        value = "json_extract_string(json_extract(events, '$[0]'), $pointer)"
    found = cursor.execute(
        f"""
        SELECT value FROM (
            SELECT rowid AS place, {value} AS value FROM {source}
            WHERE rowid > (SELECT max(rowid) FROM {source}) - {spans}
        )
        WHERE length(value) BETWEEN 1 AND {_LONGEST} GROUP BY value ORDER BY max(place) DESC LIMIT {_MOST}
        """,  # noqa: S608 - constants of this and its neighbour; values are parameters
        parameters,
    ).fetchall()
    return tuple(value for (value,) in found)
