"""Finds the traces to delete from, in portions that one short transaction each can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb

from junjo_desktop.store.database import Store
from junjo_desktop.store.reach import NONE, Condition, Reach, one_of

# One transaction takes 35 ms of the processor with a million spans stored, 60 ms with five; half as many traces would
# take nearly as long. A single trace is never divided: one of 740,000 spans takes 50 ms, a service out of it 140.
_TRACES_AT_ONCE = 2_000
_SPANS_AT_ONCE = 20_000
# Each look reads the whole table of traces.
_LOOKED_FOR = 20_000

_NEXT = """
SELECT trace_id, first_received_ns, span_count FROM traces
WHERE {traces} AND (first_received_ns, trace_id) > (?, ?) AND first_received_ns <= ?
ORDER BY first_received_ns, trace_id
LIMIT {limit}
"""
_LOGS_OF = """
SELECT trace_id, min(received_ns), max(received_ns) FROM logs
WHERE trace_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY trace_id
"""


@dataclass(frozen=True, slots=True)
class Victim:
    """A trace of which something is to be deleted, and when the first and the last of its logs were received."""

    trace_id: str
    received_ns: int
    span_count: int
    logs: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Portion:
    """Traces for one transaction; not empty."""

    victims: Sequence[Victim]

    @property
    def traces(self) -> Condition:
        """Over `traces`: these, however they have grown meanwhile. The times spare DuckDB most of the table."""
        first, last = self.victims[0].received_ns, self.victims[-1].received_ns
        named = one_of("trace_id", [victim.trace_id for victim in self.victims])
        return Condition("last_received_ns >= ? AND first_received_ns <= ?", (first, last)) & named

    @property
    def logs(self) -> Condition:
        """Over `logs`: those of these traces."""
        with_logs = [victim for victim in self.victims if victim.logs]
        times = [time for victim in with_logs for time in victim.logs or ()]
        if not times:
            return NONE
        named = one_of("trace_id", [victim.trace_id for victim in with_logs])
        return Condition("received_ns BETWEEN ? AND ?", (min(times), max(times))) & named


def portions(store: Store, reach: Reach) -> Iterator[Portion]:
    """Yield the traces that `reach` means now, those that were received first before the others."""
    portion: list[Victim] = []
    spans = 0
    for victim in _victims(store, reach):
        portion.append(victim)
        spans += victim.span_count
        if len(portion) >= _TRACES_AT_ONCE or spans >= _SPANS_AT_ONCE:
            yield Portion(portion)
            portion, spans = [], 0
    if portion:
        yield Portion(portion)


def _victims(store: Store, reach: Reach) -> Iterator[Victim]:
    [(newest_ns,)] = store.read(lambda cursor: cursor.execute("SELECT max(first_received_ns) FROM traces").fetchall())
    query = _NEXT.format(traces=reach.traces.sql, limit=_LOOKED_FOR)
    after: tuple[int, str] = (-(2**63), "")
    while newest_ns is not None:
        found = store.read(partial(_look, query=query, params=[*reach.traces.params, *after, newest_ns]))
        yield from found
        if len(found) < _LOOKED_FOR:
            return
        after = (found[-1].received_ns, found[-1].trace_id)


def _look(cursor: duckdb.DuckDBPyConnection, query: str, params: Sequence[object]) -> list[Victim]:
    rows = cursor.execute(query, list(params)).fetchall()
    logs = cursor.execute(_LOGS_OF, [[row[0] for row in rows]]).fetchall()
    times = {trace_id: (first, last) for trace_id, first, last in logs}
    return [Victim(trace_id, received_ns, count, times.get(trace_id)) for trace_id, received_ns, count in rows]
