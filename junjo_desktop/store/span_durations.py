"""How the durations of spans are distributed: counted by DuckDB, on a logarithmic scale, with their failures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

STEPS_PER_DECADE = 200
"""A step is 1.2 % of a duration: finer than any bar on a screen."""
LEAST_NS = 1_000
"""Shorter durations are counted with this one."""
NEWEST_SPANS = 2_000_000
"""So many spans are counted at most, the newest by arrival: some 100 ms."""

_TOLD = "start_ns > 0 AND end_ns > 0"


@dataclass(frozen=True, slots=True)
class DurationStep:
    """The spans of one step of the scale: from `from_ns` up to the next step's."""

    step: int
    count: int
    failed: int

    @property
    def from_ns(self) -> int:
        """The shortest duration of the step."""
        return step_ns(self.step)


@dataclass(frozen=True, slots=True)
class SpanDurations:
    """The durations of some spans in nanoseconds. Spans that told no start or no end are only counted, as `untold`.

    `newest`: only so many spans were looked at, the newest; None: all.
    """

    steps: tuple[DurationStep, ...] = ()
    total: int = 0
    failed: int = 0
    untold: int = 0
    shortest_ns: int = 0
    longest_ns: int = 0
    p50_ns: int = 0
    p95_ns: int = 0
    p99_ns: int = 0
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class DurationRank:
    """Where a duration stands among those of some spans: how many are shorter, and how many take as long."""

    duration_ns: int
    shorter: int
    same: int
    total: int

    @property
    def share_below(self) -> float:
        """From 0 to 1. Of those that take as long, half count as shorter."""
        return (self.shorter + max(0, self.same - 1) / 2) / (self.total - 1) if self.total > 1 else 0.0


def step_ns(step: int) -> int:
    """Return the duration at which a step of the scale begins."""
    return math.ceil(math.pow(10, step / STEPS_PER_DECADE))


def span_durations(
    cursor: DuckDBPyConnection, where: str, parameters: Mapping[str, Any], *, newest: int | None = NEWEST_SPANS
) -> SpanDurations:
    """Count the spans that meet `where`, SQL of constants with values in `parameters`.

    `newest`: among so many spans, the newest; None: among all.
    """
    among, looked_at = _among(cursor, newest)
    values = dict(parameters)
    steps = cursor.execute(
        f"""
        SELECT floor(log10(greatest(duration_ns, {LEAST_NS})) * {STEPS_PER_DECADE})::INTEGER AS step,
            count(*), count(*) FILTER (is_error)
        FROM spans WHERE {_TOLD} AND {among} AND ({where}) GROUP BY step ORDER BY step
        """,  # noqa: S608 - constants; values are parameters
        values,
    ).fetchall()
    [(total, shortest, longest, quantiles, untold)] = cursor.execute(
        f"""
        SELECT count(*) FILTER ({_TOLD}), min(duration_ns) FILTER ({_TOLD}), max(duration_ns) FILTER ({_TOLD}),
            quantile_disc(duration_ns, [0.5, 0.95, 0.99]) FILTER ({_TOLD}), count(*) FILTER (NOT ({_TOLD}))
        FROM spans WHERE {among} AND ({where})
        """,  # noqa: S608 - constants; values are parameters
        values,
    ).fetchall()
    if not total:
        return SpanDurations(untold=untold, newest=looked_at)
    return SpanDurations(
        steps=tuple(DurationStep(*row) for row in steps),
        total=total,
        failed=sum(failed for _, _, failed in steps),
        untold=untold,
        shortest_ns=shortest,
        longest_ns=longest,
        p50_ns=quantiles[0],
        p95_ns=quantiles[1],
        p99_ns=quantiles[2],
        newest=looked_at,
    )


def duration_rank(
    cursor: DuckDBPyConnection,
    where: str,
    parameters: Mapping[str, Any],
    duration_ns: int,
    *,
    newest: int | None = NEWEST_SPANS,
) -> DurationRank:
    """Return where a duration stands among those of the spans that meet `where`; see `span_durations`."""
    among, _ = _among(cursor, newest)
    [(shorter, same, total)] = cursor.execute(
        f"""
        SELECT count(*) FILTER (duration_ns < $ranked_ns), count(*) FILTER (duration_ns = $ranked_ns), count(*)
        FROM spans WHERE {_TOLD} AND {among} AND ({where})
        """,  # noqa: S608 - constants; values are parameters
        {**parameters, "ranked_ns": duration_ns},
    ).fetchall()
    return DurationRank(duration_ns, shorter, same, total)


def _among(cursor: DuckDBPyConnection, newest: int | None) -> tuple[str, int | None]:
    """Return the condition for the newest spans, and how many that are; ("true", None) when there are no more."""
    [(stored, last)] = cursor.execute("SELECT count(*), coalesce(max(rowid), -1) FROM spans").fetchall()
    if newest is None or stored <= newest:
        return "true", None
    return f"rowid > {last - newest:d}", newest
