"""Where the rows of a list have what a query looks for. Reads only the rows that are named, in the background."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.query_calls import CONVERSATION_KEY
from junjo_desktop.store.query_rows import Parameters, as_json, log_has
from junjo_desktop.store.query_sql import Compiled, compiled
from junjo_desktop.telemetry.query.hits import Hit, Mark, Searched, hit_in
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Condition, Or

_TRACE_CHARACTERS = 32
"""The id of a run begins with that of its trace."""
_ROWS_READ = 20_000
"""Spans that are looked at, at most: of very large traces the first."""
_ROWS_OF_A_TRACE = 4
_LONGEST = 400_000
"""Characters of attributes or events in which the place is looked for."""

_OF_SPAN = f"""name, service_name, status_message, span_id,
    if(length(attributes) <= {_LONGEST}, attributes, NULL), if(length(events) <= {_LONGEST}, events, NULL)"""
_OF_LOG = f"""body_text, event_name, service_name, coalesce(span_id, ''),
    if(length(attributes) <= {_LONGEST}, attributes, NULL)"""

_SAYS = """contains(lower(name), {plain}) OR contains(lower(status_message), {plain})
    OR contains(lower(service_name), {plain}) OR starts_with(span_id, {plain})
    OR contains(lower(attributes), {in_json}) OR (event_count > 0 AND contains(lower(events), {in_json}))"""

Wanted = Mapping[str, Sequence[Mark]]
"""The marks that are looked for, by the id of a row."""
_Found = Iterator[tuple[str, Searched]]


def read_hits(cursor: DuckDBPyConnection, wanted: Wanted, subject: Subject) -> dict[str, Hit]:
    """Return where rows have their marks, of each the first mark that is found; rows without are left out.

    The ids are those of the lists: of traces, of runs, the number of a row of `spans`, `logs` or `calls`, or the key of
    a conversation.
    """
    marks = tuple(dict.fromkeys(mark for each in wanted.values() for mark in each))
    if not marks:
        return {}
    if subject is Subject.SPANS:
        return _first(_spans(cursor, [int(key) for key in wanted], marks), wanted, {key: (key,) for key in wanted})
    if subject is Subject.CALLS:
        rows = _spans_of_calls(cursor, list(wanted))
        return _first(_spans(cursor, list(rows), marks), wanted, {str(row): keys for row, keys in rows.items()})
    if subject is Subject.LOGS:
        return _first(_logs(cursor, [int(key) for key in wanted], marks), wanted, {key: (key,) for key in wanted})
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for key in wanted:
        keys[key[:_TRACE_CHARACTERS]].append(key)
    found = _first(_spans_of_traces(cursor, keys, marks), wanted, keys)
    missing = [trace_id for trace_id, of_trace in keys.items() if not found.keys() & set(of_trace)]
    words = [mark for mark in marks if mark.field is None]
    return found | _first(_logs_of_traces(cursor, missing, words), wanted, keys) if missing and words else found


def _first(found: _Found, wanted: Wanted, keys: Mapping[str, Sequence[str]]) -> dict[str, Hit]:
    best: dict[str, tuple[int, Hit]] = {}
    for place, searched in found:
        for key in keys[place]:
            hit = hit_in(searched, wanted[key])
            if hit is not None and (key not in best or hit[0] < best[key][0]):
                best[key] = hit
    return {key: hit for key, (_, hit) in best.items()}


def _spans(cursor: DuckDBPyConnection, rows: Sequence[int], marks: Sequence[Mark]) -> _Found:
    condition, parameters = _span_has(marks)
    found = cursor.execute(
        f"""
        WITH these AS MATERIALIZED (SELECT rowid AS number, * FROM spans WHERE rowid IN (SELECT unnest($rows)))
        SELECT number::VARCHAR, {_OF_SPAN} FROM these WHERE {condition}
        """,  # noqa: S608 - put together from constants; values are parameters
        {**parameters, "rows": list(rows)},
    ).fetchall()
    for number, *span in found:
        yield number, _searched_span(span)


def _spans_of_calls(cursor: DuckDBPyConnection, ids: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return the rows of `spans` that tell of calls, each with the id: the number of a row of `calls`, or a key."""
    numbers = [int(key) for key in ids if key.isdecimal()]
    found = cursor.execute(
        f"""
        WITH these AS MATERIALIZED (
            SELECT rowid::VARCHAR AS id, trace_id, span_id, received_ns FROM calls
            WHERE rowid IN (SELECT unnest($numbers))
            UNION ALL
            SELECT * FROM (SELECT {CONVERSATION_KEY} AS id, trace_id, span_id, received_ns FROM calls)
            WHERE id IN (SELECT unnest($keys))
        )
        SELECT s.rowid, these.id FROM spans s JOIN these USING (trace_id, span_id)
        WHERE s.received_ns BETWEEN (SELECT min(received_ns) FROM these) AND (SELECT max(received_ns) FROM these)
        LIMIT {_ROWS_READ}
        """,  # noqa: S608 - our own words and number
        {"numbers": numbers, "keys": [key for key in ids if not key.isdecimal()]},
    ).fetchall()
    return {row: (key,) for row, key in found}


def _spans_of_traces(cursor: DuckDBPyConnection, trace_ids: Collection[str], marks: Sequence[Mark]) -> _Found:
    condition, parameters = _span_has(marks)
    # First where the spans lie, by a narrow column; the wide ones are read of these alone.
    rows = cursor.execute(
        f"""
        WITH received AS (
            SELECT min(first_received_ns) AS first_ns, max(last_received_ns) AS last_ns
            FROM traces WHERE trace_id IN (SELECT unnest($ids))
        )
        SELECT rowid FROM spans WHERE trace_id IN (SELECT unnest($ids))
        AND received_ns BETWEEN (SELECT first_ns FROM received) AND (SELECT last_ns FROM received)
        LIMIT {_ROWS_READ}
        """,  # noqa: S608 - our own number
        {"ids": list(trace_ids)},
    ).fetchall()
    found = cursor.execute(
        f"""
        WITH these AS MATERIALIZED (SELECT * FROM spans WHERE rowid IN (SELECT unnest($rows)))
        SELECT trace_id, {_OF_SPAN} FROM these WHERE {condition}
        QUALIFY row_number() OVER (PARTITION BY trace_id ORDER BY start_ns, span_id) <= {_ROWS_OF_A_TRACE}
        """,  # noqa: S608 - put together from constants; values are parameters
        {**parameters, "rows": [row for (row,) in rows]},
    ).fetchall()
    for trace_id, *span in found:
        yield trace_id, _searched_span(span, of=span[0])


def _logs(cursor: DuckDBPyConnection, rows: Sequence[int], marks: Sequence[Mark]) -> _Found:
    matching = compiled(_any_of(marks), 0, subject=Subject.LOGS)
    found = cursor.execute(
        f"""
        WITH these AS MATERIALIZED (SELECT rowid AS number, * FROM logs WHERE rowid IN (SELECT unnest($rows)))
        SELECT number::VARCHAR, {_OF_LOG} FROM these WHERE {matching.sql}
        """,  # noqa: S608 - put together from constants; values are parameters
        {**matching.parameters, "rows": list(rows)},
    ).fetchall()
    for number, *record in found:
        yield number, _searched_log(record)


def _logs_of_traces(cursor: DuckDBPyConnection, trace_ids: Collection[str], words: Sequence[Mark]) -> _Found:
    parameters = Parameters()
    either = " OR ".join(log_has(mark.text, parameters.bound) for mark in words)
    found = cursor.execute(
        f"""
        WITH these AS MATERIALIZED (SELECT * FROM logs WHERE trace_id IN (SELECT unnest($ids)) LIMIT {_ROWS_READ})
        SELECT trace_id, {_OF_LOG} FROM these WHERE {either}
        QUALIFY row_number() OVER (PARTITION BY trace_id ORDER BY time_ns, arrival) <= {_ROWS_OF_A_TRACE}
        """,  # noqa: S608 - put together from constants; values are parameters
        {**parameters.values, "ids": list(trace_ids)},
    ).fetchall()
    for trace_id, *record in found:
        yield trace_id, _searched_log(record, of="log record")


def _span_has(marks: Sequence[Mark]) -> tuple[str, dict[str, object]]:
    """Return the condition that a span itself has one of the marks: what its log records say is looked for apart."""
    fields = [mark for mark in marks if mark.field is not None]
    matching = compiled(_any_of(fields), 0, subject=Subject.SPANS) if fields else Compiled("false", {})
    parts, parameters = [matching.sql], dict(matching.parameters)
    for place, mark in enumerate(mark for mark in marks if mark.field is None):
        parts.append(_SAYS.format(plain=f"$word{place}", in_json=f"$word{place}_json"))
        parameters |= {f"word{place}": mark.text.lower(), f"word{place}_json": as_json(mark.text)}
    return f"({' OR '.join(parts)})", parameters


def _any_of(marks: Sequence[Mark]) -> Condition:
    return Or(tuple(mark.leaf for mark in marks)) if len(marks) > 1 else marks[0].leaf


def _searched_span(span: Sequence[Any], of: str = "") -> Searched:
    name, service, message, span_id, attributes, events = span
    fields = {"message": message, "name": name, "service": service, "span id": span_id}
    return Searched(fields, attributes, events, of, span_id)


def _searched_log(record: Sequence[Any], of: str = "") -> Searched:
    body, event, service, span_id, attributes = record
    return Searched({"body": body, "event": event, "service": service}, attributes, "[]", of, span_id)
