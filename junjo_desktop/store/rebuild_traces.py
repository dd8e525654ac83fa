"""Rebuilding what the spans of each trace add up to: the tables `traces` and `trace_services`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.resummarizing import summaries_of_stored, summary_query
from junjo_desktop.store.summaries import TRACE_COLUMNS, TraceSummary
from junjo_desktop.telemetry.columns import INT64_MAX, INT64_MIN

_Row: TypeAlias = tuple[Any, ...]

SPANS_A_PART = 500_000
_ENDINGS = 256

# How often spans came again, and when those came that others have replaced, is known to the old row alone.
_NOT_IN_SPANS = ("trace_id", "replaced_count", "first_received_ns", "last_received_ns")
_COMPARED = tuple(name for name in TRACE_COLUMNS if name not in _NOT_IN_SPANS)


def _differing(part: str) -> str:
    return f"""
WITH made ({", ".join(TRACE_COLUMNS)}) AS ({summary_query(part)}),
kept AS (SELECT * FROM traces WHERE {part}),
made_services AS (SELECT trace_id, service_name, count(*) AS spans FROM spans WHERE {part} GROUP BY ALL),
kept_services AS (
    SELECT trace_id, service_name, sum(span_count) AS spans, count(*) AS row_count
    FROM trace_services WHERE {part} GROUP BY ALL
),
odd AS (
    SELECT DISTINCT trace_id
    FROM made_services FULL JOIN kept_services USING (trace_id, service_name)
    WHERE made_services.spans IS DISTINCT FROM kept_services.spans OR row_count > 1
)
SELECT trace_id, coalesce(made.span_count, 0), least(made.first_received_ns, kept.first_received_ns),
       greatest(made.last_received_ns, kept.last_received_ns)
FROM made FULL JOIN kept USING (trace_id) FULL JOIN odd USING (trace_id)
WHERE made.trace_id IS NULL OR kept.trace_id IS NULL OR odd.trace_id IS NOT NULL
   OR kept.first_received_ns > made.first_received_ns OR kept.last_received_ns < made.last_received_ns
   OR {" OR ".join(f"made.{name} IS DISTINCT FROM kept.{name}" for name in _COMPARED)}
ORDER BY 3, 4, 1
"""  # noqa: S608 - column names are our own constants, and the part is made of two numbers


_SERVICES = """
SELECT trace_id, service_name, count(*) FROM spans
WHERE received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL
"""

_SERVICE_COLUMNS = ("trace_id", "service_name", "span_count")


@dataclass(frozen=True, slots=True)
class Received:
    """From when to when something was received; by default, never."""

    first_ns: int = INT64_MAX
    last_ns: int = INT64_MIN

    def including(self, first_ns: int, last_ns: int | None = None) -> Received:
        """Return the time that has these in it, too."""
        return Received(min(self.first_ns, first_ns), max(self.last_ns, first_ns if last_ns is None else last_ns))


def part_count(cursor: duckdb.DuckDBPyConnection) -> int:
    """In how many parts the traces are compared, so that each takes the same memory, whatever is stored."""
    [(spans,)] = cursor.execute("SELECT count(*) FROM spans").fetchall()
    return min(1 + int(spans) // SPANS_A_PART, _ENDINGS)


@dataclass(frozen=True, slots=True)
class DifferingTrace:
    """A trace that is not what its spans add up to."""

    trace_id: str
    span_count: int
    received: Received


def differing_traces(cursor: duckdb.DuckDBPyConnection, part: int, parts: int) -> list[DifferingTrace]:
    """Return those of a part, in the order in which they were received."""
    rows = cursor.execute(_differing(_condition(part, parts))).fetchall()
    return [
        DifferingTrace(trace_id, spans, Received() if first_ns is None else Received(first_ns, last_ns))
        for trace_id, spans, first_ns, last_ns in rows
    ]


def _condition(part: int, parts: int) -> str:
    """Which traces belong to a part: by the end of their ids, so that no other version divides them otherwise."""
    first, after = (f"'{number * _ENDINGS // parts:02x}'" for number in (part, part + 1))
    conditions = ["true"]
    if part > 0:
        conditions.append(f"right(trace_id, 2) >= {first}")
    if part + 1 < parts:
        conditions.append(f"right(trace_id, 2) < {after}")
    return " AND ".join(conditions)


def remake_traces(
    writer: duckdb.DuckDBPyConnection, received: Mapping[str, Received], *, services_too: bool = True
) -> int:
    """Make the rows of these traces what their spans add up to now; return how many traces were changed.

    `services_too`: also how many spans each service has in them.

    `received` covers the spans of each trace that were stored at some time before; whatever came later has widened the
    times of the trace's row, so that both together cover all of them.
    """
    if not received:
        return 0
    ids = list(received)
    kept = _stored_rows(writer, "traces", TRACE_COLUMNS, ids)
    before = {row[0]: TraceSummary(*row) for _, row in kept}
    whole = Received()
    for times in received.values():
        whole = whole.including(times.first_ns, times.last_ns)
    for one in before.values():
        whole = whole.including(one.first_received_ns, one.last_received_ns)
    summaries = summaries_of_stored(writer, ids, whole.first_ns, whole.last_ns)
    made = [_with_history(one, before.get(one.trace_id)).row() for one in summaries]
    changed = _correct(writer, "traces", kept, made)
    if services_too:
        services = writer.execute(_SERVICES, [whole.first_ns, whole.last_ns, ids]).fetchall()
        changed |= _correct(
            writer, "trace_services", _stored_rows(writer, "trace_services", _SERVICE_COLUMNS, ids), services
        )
    return len(changed)


def _stored_rows(
    writer: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], trace_ids: Sequence[str]
) -> list[tuple[int, _Row]]:
    # A list of single values is looked up in the index; a list in one value would have the whole table read.
    values = ", ".join("?" for _ in trace_ids)
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE trace_id IN ({values})"  # noqa: S608 - our own names
    return [(row[0], row[1:]) for row in writer.execute(query, trace_ids).fetchall()]


def _with_history(made: TraceSummary, before: TraceSummary | None) -> TraceSummary:
    # Tokens that are wrong yet may add up to more than a column can hold.
    made = replace(made, input_tokens=_storable(made.input_tokens), output_tokens=_storable(made.output_tokens))
    if before is None:
        return made
    return made.received_again(before.replaced_count, (before.first_received_ns, before.last_received_ns))


def _storable(tokens: int | None) -> int | None:
    return None if tokens is None else max(INT64_MIN, min(tokens, INT64_MAX))


def _correct(
    writer: duckdb.DuckDBPyConnection, table: str, kept: Iterable[tuple[int, _Row]], made: Iterable[_Row]
) -> set[str]:
    """Replace those rows of `kept`, by row id, that are not among `made`; return the traces of which any was."""
    missing = set(made)
    changed: set[str] = set()
    stale: list[int] = []
    for row_id, row in kept:
        if row in missing:
            missing.remove(row)
        else:
            stale.append(row_id)
            changed.add(row[0])
    if stale:
        writer.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [stale])  # noqa: S608 - our own names
    append(writer, table, missing)
    return changed.union(row[0] for row in missing)
