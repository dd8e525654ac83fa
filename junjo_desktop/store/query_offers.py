"""What is stored that a query may be completed with: keys of attributes, values of fields. Of the newest rows only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from duckdb import DuckDBPyConnection

from junjo_desktop.store.marks import MARKS, TAG
from junjo_desktop.store.query_calls import TEXT_COLUMNS
from junjo_desktop.store.query_rows import as_json
from junjo_desktop.store.query_spans import COLUMNS
from junjo_desktop.store.query_values import pointer_to
from junjo_desktop.telemetry.query.completing import HeldValue
from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field, Scope

LONGEST = 120
"""Characters of a value that is offered whole."""
_SHORT = 40
_ROWS_FOR_KEYS = 2_000
_ROWS_FOR_COLUMNS = 50_000
_ROWS_FOR_ATTRIBUTES = 10_000
_ROWS_READ = 200
_MOST = 200
_MOST_HELD = 60
_SERVICE_NAME = "service.name"

_RUN_COLUMNS: Mapping[str, str] = {
    "name": "name",
    "type": "type",
    "service": "service_name",
    "version": "service_version",
    "message": "error_message",
    "correlation": "correlation_id",
    "termination": "termination_reason",
}
_OWN: Mapping[Subject, tuple[str, Mapping[str, str]]] = {
    Subject.TRACES: ("spans", COLUMNS),
    Subject.SPANS: ("spans", COLUMNS),
    Subject.RUNS: ("executions", _RUN_COLUMNS),
    Subject.LOGS: ("logs", {"service": "service_name", "event": "event_name"}),
    Subject.CALLS: ("calls", TEXT_COLUMNS),
}
"""The table of a subject, and its columns of text by the name of their field."""


def attribute_keys(cursor: DuckDBPyConnection, subject: Subject = Subject.TRACES) -> tuple[str, ...]:
    """Return the keys of attributes, those of resources and events with their prefix; the most frequent first."""
    of_logs = subject is Subject.LOGS
    table, events = ("logs", "'[]' AS events, 0 AS event_count") if of_logs else ("spans", "events, event_count")
    found = cursor.execute(
        f"""
        WITH newest AS MATERIALIZED (
            SELECT attributes, {events} FROM {table}
            WHERE rowid > (SELECT max(rowid) FROM {table}) - {_ROWS_FOR_KEYS}
        ), found AS (
            SELECT unnest(json_keys(attributes)) AS key FROM newest
            UNION ALL SELECT 'resource.' || unnest(json_keys(attributes)) FROM resources
            UNION ALL
            SELECT 'event.' || unnest(flatten(json_keys(events, ['$[0].attributes']))) FROM newest WHERE event_count > 0
        )
        SELECT key FROM found WHERE length(key) <= {LONGEST} GROUP BY key ORDER BY count(*) DESC, key LIMIT {_MOST}
        """  # noqa: S608 - constants of this module
    ).fetchall()
    return tuple(key for (key,) in found)


def stored_values(cursor: DuckDBPyConnection, field: Field, subject: Subject = Subject.TRACES) -> tuple[str, ...]:
    """Return the values of a field, the newest first; long ones are left out."""
    parameters: dict[str, object] = {}
    source, value, rows = _place_of(field, subject)
    if "$pointer" in value:
        below = "/attributes" if field.scope is Scope.EVENT and field.name != EVENT_NAME else ""
        parameters["pointer"] = below + pointer_to(field.name)
    found = cursor.execute(
        f"""
        SELECT value FROM (
            SELECT rowid AS place, {value} AS value FROM {source}
            WHERE rowid > (SELECT max(rowid) FROM {source}) - {rows}
        )
        WHERE length(value) BETWEEN 1 AND {LONGEST} GROUP BY value ORDER BY max(place) DESC LIMIT {_MOST}
        """,  # noqa: S608 - constants of this and its neighbour; values are parameters
        parameters,
    ).fetchall()
    return tuple(value for (value,) in found)


def _place_of(field: Field, subject: Subject) -> tuple[str, str, int]:  # noqa: PLR0911 - one return for each place
    """Return the table, the expression of the value, and how many of the newest rows are looked at."""
    table, columns = _OWN[subject]
    match field.scope:
        case Scope.KNOWN if field.name in columns:
            return table, columns[field.name], _ROWS_FOR_COLUMNS
        case Scope.KNOWN if field.name == TAG:
            return MARKS, f"if(kind = '{TAG}', text, NULL)", _ROWS_FOR_COLUMNS
        case Scope.KNOWN if field.name == "scope":
            return "scopes", "name", _ROWS_FOR_COLUMNS
        case Scope.KNOWN if field.name in COLUMNS:
            return "spans", COLUMNS[field.name], _ROWS_FOR_COLUMNS
        case Scope.RESOURCE:
            return "resources", "json_extract_string(attributes, $pointer)", _ROWS_FOR_ATTRIBUTES
        case Scope.EVENT:
            return "spans", "json_extract_string(json_extract(events, '$[0]'), $pointer)", _ROWS_FOR_ATTRIBUTES
    source = "logs" if subject is Subject.LOGS else "spans"
    return source, "json_extract_string(attributes, $pointer)", _ROWS_FOR_ATTRIBUTES


def values_holding(cursor: DuckDBPyConnection, text: str, subject: Subject = Subject.TRACES) -> tuple[HeldValue, ...]:
    """Return where a text stands, in any case of letters: fields first, then resources, attributes and events.

    Of each the most frequent values, those first that begin with the text.
    """
    low = text.lower()
    found = [*_in_columns(cursor, low, subject), *_in_json(cursor, low, subject)]
    # A sort keeps what is equal in its order.
    found.sort(key=lambda held: _rank(held.value, low))
    return tuple(found[:_MOST_HELD])


def _rank(value: str | None, low: str) -> tuple[bool, ...]:
    """Return what sorts values: short ones first, and of these those that begin with the text."""
    if value is None:
        return (True,)
    return False, len(value) > _SHORT, not value.lower().startswith(low)


def _in_columns(cursor: DuckDBPyConnection, low: str, subject: Subject) -> Iterator[HeldValue]:
    table, columns = _OWN[subject]
    made = ", ".join(f'{column} AS "{name}"' for name, column in columns.items())
    parts = [
        f"""
        SELECT '{name}' AS name, "{name}" AS value, count(*) AS times, {place} AS place
        FROM newest WHERE length("{name}") <= {LONGEST} AND contains(lower("{name}"), $text) GROUP BY "{name}"
        """  # noqa: S608 - constants of this module
        for place, name in enumerate(columns)
    ]
    rows = cursor.execute(
        f"""
        WITH newest AS MATERIALIZED (
            SELECT {made} FROM {table}
            WHERE rowid > (SELECT max(rowid) FROM {table}) - {_ROWS_FOR_COLUMNS}
        )
        FROM ({" UNION ALL ".join(parts)})
        ORDER BY place, times DESC, value LIMIT {_MOST_HELD}
        """,  # noqa: S608 - constants of this module; the text is a parameter
        {"text": low},
    ).fetchall()
    for name, value, _, _ in rows:
        yield HeldValue(Field(Scope.KNOWN, name), value)


def _in_json(cursor: DuckDBPyConnection, low: str, subject: Subject) -> Iterator[HeldValue]:
    resources = cursor.execute(
        f"SELECT attributes FROM resources WHERE contains(lower(attributes), $text) LIMIT {_ROWS_READ}",  # noqa: S608 - our own number
        {"text": as_json(low)},
    ).fetchall()
    yield from _held(Scope.RESOURCE, _objects(resources), low)
    table = "logs" if subject is Subject.LOGS else "spans"
    yield from _held(Scope.ATTRIBUTE, _objects(_newest(cursor, table, "attributes", low)), low)
    if table == "spans":
        events = _newest(cursor, table, "events", low, "event_count > 0 AND")
        yield from _held(Scope.EVENT, _event_attributes(events), low)


def _newest(cursor: DuckDBPyConnection, table: str, column: str, low: str, only: str = "") -> list[tuple[str]]:
    return cursor.execute(
        f"""
        SELECT {column} FROM {table}
        WHERE rowid > (SELECT max(rowid) FROM {table}) - {_ROWS_FOR_ATTRIBUTES}
        AND {only} contains(lower({column}), $text) LIMIT {_ROWS_READ}
        """,  # noqa: S608 - constants of this module; the text is a parameter
        {"text": as_json(low)},
    ).fetchall()


def _objects(rows: Iterable[tuple[str]]) -> Iterator[dict[str, Any]]:
    for (text,) in rows:
        found = orjson.loads(text)
        if isinstance(found, dict):
            yield found


def _event_attributes(rows: Iterable[tuple[str]]) -> Iterator[dict[str, Any]]:
    for (text,) in rows:
        for event in orjson.loads(text):
            # `event.name` is the name, not an attribute that is called so.
            yield {**(event.get("attributes") or {}), EVENT_NAME: event.get("name", "")}


def _held(scope: Scope, objects: Iterable[dict[str, Any]], low: str) -> Iterator[HeldValue]:
    counts: Counter[tuple[str, str | None]] = Counter()
    for attributes in objects:
        for key, value in attributes.items():
            if scope is Scope.RESOURCE and key == _SERVICE_NAME:
                continue
            if isinstance(value, str):
                if low in value.lower():
                    counts[key, value if len(value) <= LONGEST else None] += 1
            elif isinstance(value, dict | list):
                if low in orjson.dumps(value).decode().lower():
                    counts[key, None] += 1
            elif orjson.dumps(value).decode() == low:
                counts[key, low] += 1
    for (key, found), _ in counts.most_common(_MOST_HELD):
        yield HeldValue(Field(scope, key), found)
