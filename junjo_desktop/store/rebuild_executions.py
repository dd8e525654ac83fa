"""Rebuilding the runs of workflows, subflows and agents: the table `executions`.

Traces are read from those that were first received last: that time hardly ever changes, so what arrives meanwhile, and
is kept right as it arrives, comes above.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.derivation import derivation_of
from junjo_desktop.store.execution import EXECUTION_COLUMNS, Execution
from junjo_desktop.store.execution_tally import remake_executions
from junjo_desktop.store.stored_executables import IS_JUNJO, executions_of_stored

FILLED_AT_ONCE = 50_000
"""So many Junjo spans are read when the database is opened, in about a second; more are left to a rebuild."""

# Of what is derived: see `telemetry/semantics.py`.
_SINCE_VERSION = 3
_TRACES_AT_ONCE = 8_192
_TRACES_READ = 2_048
_SPANS_READ = 20_000

# All that were first received with the last of them, too: the time alone says where to go on.
_NEXT = """
WITH below AS (
    SELECT trace_id, first_received_ns, last_received_ns, span_count FROM traces WHERE first_received_ns < ?
)
FROM below
WHERE first_received_ns >= coalesce(
    (SELECT first_received_ns FROM below ORDER BY first_received_ns DESC LIMIT 1 OFFSET ?), -9223372036854775808)
ORDER BY first_received_ns DESC, trace_id
"""
_KEPT = f"SELECT {', '.join(EXECUTION_COLUMNS)} FROM executions WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 - our own names
_RECEIVED = """
SELECT coalesce(min(first_received_ns), 0), coalesce(max(last_received_ns), 0) FROM traces
WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))
"""
_STRAYS = "DELETE FROM executions WHERE trace_id NOT IN (SELECT trace_id FROM traces)"


class ReceivedTrace(NamedTuple):
    """A trace, and when its spans were received."""

    trace_id: str
    first_ns: int
    last_ns: int
    span_count: int


def trace_count(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Return how many traces there are, and a time after all of them were first received."""
    query = "SELECT count(*), coalesce(max(first_received_ns) + 1, 0) FROM traces"
    [(count, below_ns)] = cursor.execute(query).fetchall()
    return count, below_ns


def next_traces(cursor: duckdb.DuckDBPyConnection, below_ns: int) -> list[ReceivedTrace]:
    """Return traces that were first received before a time, the newest; not all of them, none when there is none."""
    rows = cursor.execute(_NEXT, [below_ns, _TRACES_AT_ONCE - 1]).fetchall()
    return list(map(ReceivedTrace._make, rows))


def portions(traces: Sequence[ReceivedTrace]) -> Iterator[tuple[list[ReceivedTrace], int]]:
    """Divide what `next_traces` gave into what is read at once; a trace, however large, is never divided.

    Yields with each portion the time to go on below: that of its last trace, or the time after, where others that
    follow were first received with that one.
    """
    portion: list[ReceivedTrace] = []
    spans = 0
    for trace in traces:
        if portion and (len(portion) == _TRACES_READ or spans + trace.span_count > _SPANS_READ):
            yield portion, max(portion[-1].first_ns, trace.first_ns + 1)
            portion, spans = [], 0
        portion.append(trace)
        spans += trace.span_count
    if portion:
        yield portion, portion[-1].first_ns


def differing_executions(cursor: duckdb.DuckDBPyConnection, traces: Sequence[ReceivedTrace]) -> set[str]:
    """Return those of some traces whose runs are not what their spans tell."""
    made: set[tuple[object, ...]] = set(_executions_of(cursor, traces))
    kept = cursor.execute(_KEPT, [[trace.trace_id for trace in traces]]).fetchall()
    # A row that stands twice is wrong, too.
    twice = {row[0] for row in kept} if len(kept) > len(set(kept)) else set()
    return twice | {str(row[0]) for row in made.symmetric_difference(kept)}


def remake_stored_executions(writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> int:
    """Make the rows of traces what their spans tell now; return for how many traces any was changed."""
    [(first_ns, last_ns)] = writer.execute(_RECEIVED, [list(trace_ids)]).fetchall()
    return len(remake_executions(writer, trace_ids, first_ns, last_ns))


def remove_strays(writer: duckdb.DuckDBPyConnection) -> None:
    """Delete runs of traces that are not stored, which nothing of ours brings about."""
    writer.execute(_STRAYS)


def fill_executions(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the table of a database that was written before there was one, unless that takes long."""
    is_known = derivation_of(connection).version >= _SINCE_VERSION
    if is_known or connection.execute("SELECT 1 FROM executions LIMIT 1").fetchone() is not None:
        return
    [(spans,)] = connection.execute(f"SELECT count(*) FROM spans WHERE {IS_JUNJO}").fetchall()  # noqa: S608 - our own names
    if not 0 < spans <= FILLED_AT_ONCE:
        return
    connection.begin()
    try:
        _, below_ns = trace_count(connection)
        while traces := next_traces(connection, below_ns):
            for portion, _ in portions(traces):
                append(connection, "executions", _executions_of(connection, portion))
            below_ns = traces[-1].first_ns
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _executions_of(cursor: duckdb.DuckDBPyConnection, traces: Sequence[ReceivedTrace]) -> list[Execution]:
    first_ns, last_ns = min(trace.first_ns for trace in traces), max(trace.last_ns for trace in traces)
    return executions_of_stored(cursor, [trace.trace_id for trace in traces], first_ns, last_ns)
