"""What retention will remove next, when, and why."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from junjo_desktop.store.occupancy import Occupancy
from junjo_desktop.store.retention import (
    GB,
    Amount,
    RetentionPolicy,
    aged_of_share,
    amount_before,
    oldest_aged,
    oldest_rows,
)
from junjo_desktop.store.retention_clock import DAY_NS, Moment


@dataclass(frozen=True, slots=True)
class RetentionForecast:
    """The next removal: what is due now, or else what the first day on which anything is due will take."""

    reason: str
    """`older than 30 days` or `more than 10 GB on disk`."""
    when_ns: int | None
    """When it begins, in nanoseconds since the epoch; None: at the next run, in minutes."""
    traces: int
    spans: int
    before_ns: int
    """What goes has received nothing since then."""


def forecast(
    cursor: duckdb.DuckDBPyConnection,
    policy: RetentionPolicy,
    moment: Moment,
    occupancy: Occupancy,
    kept: Collection[str],
    growth_bytes_a_day: float | None,
) -> RetentionForecast | None:
    """Return the next removal; None when no limit is set, or nothing comes near one."""
    due = _due(cursor, policy, moment, occupancy, kept)
    if due is not None:
        return due
    by_age_ns = _age_due_ns(cursor, policy, moment, kept)
    by_size_ns = _size_due_ns(policy, moment, occupancy, growth_bytes_a_day)
    if by_age_ns is not None and (by_size_ns is None or by_age_ns <= by_size_ns):
        first_day_ns = by_age_ns - policy.period_ns + DAY_NS
        return _of(_age_words(policy), by_age_ns, amount_before(cursor, moment, kept, first_day_ns, settled=False))
    if by_size_ns is None or not growth_bytes_a_day:
        return None
    # What comes in a day takes the place of as much: a share of what is there, and sums are dear.
    share = growth_bytes_a_day / max(occupancy.stored_rows * occupancy.bytes_a_row, 1.0)
    before_ns = aged_of_share(cursor, moment, kept, share)
    if before_ns is None:
        return None
    return _of(_size_words(policy), by_size_ns, amount_before(cursor, moment, kept, before_ns, settled=False))


def _due(
    cursor: duckdb.DuckDBPyConnection,
    policy: RetentionPolicy,
    moment: Moment,
    occupancy: Occupancy,
    kept: Collection[str],
) -> RetentionForecast | None:
    cut_ns = policy.age_cut_ns(moment.now_ns)
    if cut_ns is not None:
        amount = amount_before(cursor, moment, kept, cut_ns)
        if amount.rows:
            return _of(_age_words(policy), None, amount)
    excess = policy.excess_bytes(occupancy)
    if excess > 0 and occupancy.bytes_a_row:
        oldest = oldest_rows(cursor, moment, kept, math.ceil(excess / occupancy.bytes_a_row))
        return None if oldest is None else _of(_size_words(policy), None, oldest)
    return None


def _age_due_ns(
    cursor: duckdb.DuckDBPyConnection, policy: RetentionPolicy, moment: Moment, kept: Collection[str]
) -> int | None:
    oldest_ns = oldest_aged(cursor, moment, kept) if policy.days else None
    return None if oldest_ns is None else oldest_ns + policy.period_ns


def _size_due_ns(
    policy: RetentionPolicy, moment: Moment, occupancy: Occupancy, growth_bytes_a_day: float | None
) -> int | None:
    if policy.size_bytes is None or not growth_bytes_a_day or not occupancy.bytes_a_row:
        return None
    days = -policy.excess_bytes(occupancy) / growth_bytes_a_day
    return moment.clock_ns + round(days * DAY_NS)


def _of(reason: str, when_ns: int | None, amount: Amount) -> RetentionForecast:
    return RetentionForecast(reason, when_ns, amount.traces, amount.spans, amount.before_ns)


def _age_words(policy: RetentionPolicy) -> str:
    return "older than a day" if policy.days == 1 else f"older than {policy.days} days"


def _size_words(policy: RetentionPolicy) -> str:
    return f"more than {(policy.size_bytes or 0) / GB:g} GB on disk"
