"""Rows of `calls`, the calls of models: which traces they are to be read of, and how they are put in and taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.telemetry.conventions import MODEL_CALLS

CALLS_VERSION = 2
"""Raise it with every change of what is read from a call: all traces are then read again, in the background.

2: the server, the prompt and the instrumentation of a call are kept; two root spans of one call in two traces count
once.
"""

BEFORE_NS = 600 * 10**9
"""What is received is stored within this time, or it is found by the next look at all traces."""

KINDS = ", ".join(f"'{kind}'" for kind in sorted(MODEL_CALLS))
"""Types of spans that tell of calls, for SQL."""

# Whoever looks again looks only at traces of which something was received since; `$since_ns` is a little before. Traces
# of embeddings alone are told by their spans only, and the ids of a million spans take 50 MB of DuckDB's memory: those
# that were looked at once, `$spans_since_ns`, are passed over.
_UNREAD = f"""
FROM traces t LEFT JOIN call_traces c USING (trace_id)
WHERE t.last_received_ns >= $since_ns
  AND (c.trace_id IS NULL OR c.last_received_ns <> t.last_received_ns OR c.version <> {CALLS_VERSION})
  AND (t.llm_count > 0 OR c.trace_id IS NOT NULL OR trace_id IN (
      SELECT trace_id FROM spans WHERE span_type IN ({KINDS}) AND received_ns >= $spans_since_ns))
"""  # noqa: S608 - our own words
_STALE = f"""
SELECT trace_id, t.first_received_ns, t.last_received_ns, t.span_count {_UNREAD}
ORDER BY t.last_received_ns DESC LIMIT $limit
"""


@dataclass(frozen=True, slots=True)
class StaleTrace:
    """A trace whose calls are not read yet, or not since more of it came."""

    trace_id: str
    first_received_ns: int
    last_received_ns: int
    span_count: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A row of `calls`, in the order of its columns."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    service_name: str
    operation: str
    provider: str | None
    request_model: str | None
    response_model: str | None
    response_id: str | None
    conversation_id: str | None
    user_id: str | None
    agent_name: str | None
    workflow_name: str | None
    node_name: str | None
    start_ns: int
    duration_ns: int
    time_to_first_token_ns: int | None
    finish_reason: str | None
    is_error: bool
    error_type: str | None
    temperature: float | None
    max_tokens: int | None
    reasoning_effort: str | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    is_counted: bool
    cost: float | None
    cost_origin: str
    priced_as: str | None
    table_version: str | None
    first_words: str
    is_captured: bool
    received_ns: int
    server_address: str | None
    prompt_name: str | None
    prompt_version: str | None
    scope_name: str | None


_columns_of = attrgetter(*(field.name for field in fields(CallRow)))


@dataclass(frozen=True, slots=True)
class ReadTraces:
    """What was read of some traces: a row for each call, in the order of traces and times."""

    traces: Sequence[StaleTrace]
    rows: Sequence[CallRow]


def stale_traces(cursor: duckdb.DuckDBPyConnection, since_ns: int, limit: int) -> list[StaleTrace]:
    """Return traces whose calls are to be read, the newest first; of those that something came of after `since_ns`."""
    found = cursor.execute(_STALE, {**_since(cursor, since_ns), "limit": limit}).fetchall()
    return [StaleTrace(*row) for row in found]


def _since(cursor: duckdb.DuckDBPyConnection, since_ns: int) -> dict[str, int]:
    return {"since_ns": since_ns, "spans_since_ns": max(since_ns, looked_until_ns(cursor) - BEFORE_NS)}


def looked_until_ns(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return until when every span was looked at by this version; 0: not all were yet."""
    found = cursor.execute("SELECT looked_ns FROM call_looks WHERE version = ?", [CALLS_VERSION]).fetchone()
    return 0 if found is None else int(found[0])


def save_look(writer: duckdb.DuckDBPyConnection, looked_ns: int) -> None:
    """Remember that every span that was received until then was looked at, and all calls found are read."""
    forget_looks(writer)
    writer.execute("INSERT INTO call_looks VALUES (?, ?)", [CALLS_VERSION, looked_ns])


def forget_looks(writer: duckdb.DuckDBPyConnection) -> None:
    """Have every span looked at again."""
    writer.execute("DELETE FROM call_looks")


def has_calls(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether any call was read."""
    return cursor.execute("SELECT 1 FROM calls LIMIT 1").fetchone() is not None


def unread_count(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return of how many traces the calls are not read yet, or not since more of it came."""
    [(count,)] = cursor.execute(f"SELECT count(*) {_UNREAD}", _since(cursor, 0)).fetchall()
    return int(count)


def write_calls(writer: duckdb.DuckDBPyConnection, found: ReadTraces) -> None:
    """Put the calls of these traces in the place of what was read of them before, but for traces deleted meanwhile."""
    ids = [trace.trace_id for trace in found.traces]
    stored = writer.execute("SELECT trace_id FROM traces WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))", [ids])
    still = {trace_id for (trace_id,) in stored.fetchall()}
    _replace(writer, ids, [_columns_of(row) for row in found.rows if row.trace_id in still])
    _delete(writer, "call_traces", ids)
    by_trace: dict[str, list[CallRow]] = {}
    for row in found.rows:
        by_trace.setdefault(row.trace_id, []).append(row)
    append(
        writer,
        "call_traces",
        (_sums(trace, by_trace.get(trace.trace_id, ())) for trace in found.traces if trace.trace_id in still),
    )


def forget_calls(writer: duckdb.DuckDBPyConnection, trace_ids: Sequence[str]) -> None:
    """Take out what was read of traces: it is read again when they are still there."""
    for table in ("calls", "call_traces"):
        _delete(writer, table, trace_ids)


def _replace(writer: duckdb.DuckDBPyConnection, trace_ids: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Let the calls of traces be these. One that is the same stays where it is: lists know it by its row."""
    missing = dict.fromkeys(rows)
    gone: list[int] = []
    query = "SELECT rowid, * FROM calls WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))"
    for number, *stored in writer.execute(query, [list(trace_ids)]).fetchall():
        if tuple(stored) in missing:
            del missing[tuple(stored)]
        else:
            gone.append(number)
    if gone:
        writer.execute("DELETE FROM calls WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [gone])
    append(writer, "calls", missing)


def _delete(writer: duckdb.DuckDBPyConnection, table: str, trace_ids: Sequence[str]) -> None:
    writer.execute(f"DELETE FROM {table} WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))", [list(trace_ids)])  # noqa: S608 - our own names


def _sums(trace: StaleTrace, rows: Sequence[CallRow]) -> tuple[object, ...]:
    calls = [row for row in rows if row.is_counted]
    return (
        trace.trace_id,
        trace.last_received_ns,
        CALLS_VERSION,
        len(calls),
        sum(row.input_tokens is None and row.output_tokens is None for row in calls),
        sum(row.cost is None for row in calls),
        _sum(row.input_tokens for row in calls),
        _sum(row.output_tokens for row in calls),
        _sum(row.cost for row in calls),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
