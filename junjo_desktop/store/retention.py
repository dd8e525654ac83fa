"""What is removed to keep the store small: whole traces, the oldest first, never a starred one.

Two limits, each may be off: how long ago a trace has received its last span, and how much of the disk everything takes.
Logs and metrics that belong to no stored trace go by when they were received. A trace that received a span within the
last minute is not touched.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from junjo_desktop.store.reach import ALL, LOOSE, NONE, Condition, Reach, one_of
from junjo_desktop.store.retention_clock import DAY_NS, Moment

if TYPE_CHECKING:
    from junjo_desktop.settings import Settings
    from junjo_desktop.store.occupancy import Occupancy

GB = 10**9
_PERIOD_WHEN_OFF_NS = 30 * DAY_NS
ROWS_A_PLAN = 200_000
"""So many of the oldest rows are looked for at once: the sum over them stays a small query."""


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How long and how much to keep; None: without limit."""

    days: int | None = None
    size_bytes: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> RetentionPolicy:
        """Return what the settings say, where 0 is no limit."""
        return cls(settings.retention_days or None, round(settings.retention_gb * GB) or None)

    @property
    def period_ns(self) -> int:
        """The time after which a trace is old; also without a limit, for how quickly the clock is believed."""
        return self.days * DAY_NS if self.days else _PERIOD_WHEN_OFF_NS

    def age_cut_ns(self, now_ns: int) -> int | None:
        """Return the time before which everything is too old."""
        return None if self.days is None else now_ns - self.period_ns

    def excess_bytes(self, occupancy: Occupancy) -> int:
        """Return how much more the data needs than it may take; not more than 0 when that is nothing."""
        return 0 if self.size_bytes is None else occupancy.needed_bytes - self.size_bytes


def reach_before(moment: Moment, before_ns: int, kept: Collection[str]) -> Reach:
    """Return what goes when everything aged before `before_ns` goes, but for the traces `kept`."""
    traces, rows = "last_received_ns", "received_ns"
    return _reach(
        moment.aged(traces, before_ns) & moment.is_settled(traces),
        moment.aged(rows, before_ns) & moment.is_settled(rows),
        kept,
    )


def count_odd(cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str]) -> int:
    """Return how many times of reception cannot be right, of what may go."""
    reach = _reach(moment.is_odd("last_received_ns"), moment.is_odd("received_ns"), kept)
    parts = {"traces": reach.traces, "logs": reach.logs, "metrics": reach.metrics}
    counts = " + ".join(f"(SELECT count(*) FROM {table} WHERE {part.sql})" for table, part in parts.items())  # noqa: S608 - constants; values are parameters
    [(count,)] = cursor.execute(
        f"SELECT {counts}", [value for part in parts.values() for value in part.params]
    ).fetchall()
    return int(count)


def _reach(traces: Condition, rows: Condition, kept: Collection[str]) -> Reach:
    spared = one_of("trace_id", kept) if kept else NONE
    not_spared = Condition(f"trace_id IS NULL OR NOT ({spared.sql})", spared.params)
    return Reach(traces, spared, still=traces, service=None, logs=rows & LOOSE & not_spared, metrics=rows)


@dataclass(frozen=True, slots=True)
class Amount:
    """What goes before a point in time."""

    before_ns: int
    traces: int
    spans: int
    rows: int


def oldest_rows(cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str], rows: int) -> Amount | None:
    """Return the least that takes `rows` rows away, the oldest first; None when nothing may go."""
    rows = max(rows, 1)
    query, params = _items(cursor, moment, kept, settled=True)
    found = cursor.execute(
        f"""
        SELECT max(aged), count(*) FILTER (is_trace), coalesce(sum(n) FILTER (is_trace), 0)::BIGINT, sum(n)::BIGINT
        FROM (
            SELECT aged, n, is_trace, sum(n) OVER (ORDER BY aged, n ROWS UNBOUNDED PRECEDING) AS gone
            FROM (SELECT aged, n, is_trace FROM ({query}) ORDER BY aged, n LIMIT {rows})
        ) WHERE gone - n < ?
        """,  # noqa: S608 - constants; values are parameters
        [*params, rows],
    ).fetchone()
    return None if found is None or found[0] is None else Amount(found[0] + 1, *found[1:])


def oldest_aged(cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str]) -> int | None:
    """Return the time from which the age of the oldest counts; None when nothing may ever go."""
    query, params = _items(cursor, moment, kept, settled=False)
    [(aged_ns,)] = cursor.execute(f"SELECT min(aged) FROM ({query})", params).fetchall()  # noqa: S608 - constants; values are parameters
    return None if aged_ns is None else int(aged_ns)


def aged_of_share(cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str], share: float) -> int | None:
    """Return the time before which the age of this share of all traces, logs and metrics counts; None: of nothing."""
    query, params = _items(cursor, moment, kept, settled=False)
    quantile = f"SELECT quantile_disc(aged, ?) FROM ({query})"  # noqa: S608 - constants; values are parameters
    [(aged_ns,)] = cursor.execute(quantile, [min(max(share, 0.0), 1.0), *params]).fetchall()
    return None if aged_ns is None else int(aged_ns) + 1


def amount_before(
    cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str], before_ns: int, *, settled: bool = True
) -> Amount:
    """Return what goes when everything aged before `before_ns` goes; `settled`: what receives nothing just now."""
    query, params = _items(cursor, moment, kept, settled=settled)
    [(traces, spans, rows)] = cursor.execute(
        f"""
        SELECT count(*) FILTER (is_trace), coalesce(sum(n) FILTER (is_trace), 0)::BIGINT, coalesce(sum(n), 0)::BIGINT
        FROM ({query}) WHERE aged < ?
        """,  # noqa: S608 - constants; values are parameters
        [*params, before_ns],
    ).fetchall()
    return Amount(before_ns, traces, spans, rows)


def _items(
    cursor: duckdb.DuckDBPyConnection, moment: Moment, kept: Collection[str], *, settled: bool
) -> tuple[str, list[object]]:
    """Return the query for all that may go (`aged`, rows `n`, `is_trace`), with its parameters."""
    traces, rows = "last_received_ns", "received_ns"
    reach = _reach(moment.is_settled(traces), moment.is_settled(rows), kept) if settled else _reach(ALL, ALL, kept)
    of_trace, of_row = moment.effective(traces), moment.effective(rows)
    parts = [f"SELECT {of_trace.sql} AS aged, span_count AS n, true AS is_trace FROM traces WHERE {reach.traces.sql}"]  # noqa: S608 - constants; values are parameters
    params = [*of_trace.params, *reach.traces.params]
    for table, condition in (("logs", reach.logs), ("metrics", reach.metrics)):
        # To find those that belong to no trace, the ids of all traces are gathered first, also for an empty table.
        if cursor.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall():  # noqa: S608 - our own names
            parts.append(f"SELECT {of_row.sql}, 1, false FROM {table} WHERE {condition.sql}")  # noqa: S608 - the same reason
            params += [*of_row.params, *condition.params]
    return " UNION ALL ".join(parts), params
