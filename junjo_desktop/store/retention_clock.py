"""What time retention believes it is, and which times of reception it does not believe.

Ages are counted from when a trace last received a span, by this computer's clock: senders' times may be anything. That
clock may be wrong, too, for a moment or for a day, so it is believed only slowly: while the app runs, the believed time
follows it by at most the whole period in a day, and each start grants a quarter of the period. A clock that is years
ahead for a moment therefore ages nothing; after a long holiday, retention by age takes some hours to catch up.

A time of reception that cannot be right (far in the future, or from before all that was removed already) is replaced by
the moment when it was noticed: such traces neither go at once nor stay for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from junjo_desktop.state.retention_record import RetentionRecord
from junjo_desktop.store.reach import Condition

S = 10**9
HOUR_NS = 3_600 * S
DAY_NS = 24 * HOUR_NS
_FUTURE_NS = DAY_NS
_SETTLED_NS = 60 * S
"""A trace that received a span this short a time ago still runs: SDKs export every few seconds."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as retention sees it. Times are nanoseconds since the epoch."""

    clock_ns: int
    """What the computer's clock says."""
    record: RetentionRecord

    @property
    def now_ns(self) -> int:
        """The time from which ages are counted; never later than the clock says."""
        return min(self.clock_ns, self.record.believed_ns)

    def is_odd(self, received: str) -> Condition:
        """The time of reception in this column cannot be right."""
        return Condition(f"{received} < ? OR {received} > ?", (self.record.done_before_ns, self.clock_ns + _FUTURE_NS))

    def effective(self, received: str) -> Condition:
        """Return the expression (a value, no condition) of the time from which the age is counted."""
        odd = self.is_odd(received)
        return Condition(f"CASE WHEN {odd.sql} THEN ? ELSE {received} END", (*odd.params, self.record.odd_since_ns))

    def aged(self, received: str, before_ns: int) -> Condition:
        """Its age counts from before `before_ns`."""
        effective = self.effective(received)
        return Condition(f"{effective.sql} < ?", (*effective.params, before_ns))

    def is_settled(self, received: str) -> Condition:
        """Nothing was received for it just now."""
        return Condition(f"{received} NOT BETWEEN ? AND ?", (self.clock_ns - _SETTLED_NS, self.clock_ns + _FUTURE_NS))


def first_moment(record: RetentionRecord | None, clock_ns: int, newest_ns: int | None, period_ns: int) -> Moment:
    """Return the moment at a start: `record` is that of the last run, `newest_ns` the newest time of reception."""
    if record is None:
        # Without any memory the newest thing received is the best witness.
        witness = clock_ns if newest_ns is None else min(newest_ns, clock_ns)
        record = RetentionRecord(witness)
    return Moment(clock_ns, _follow(record, clock_ns, period_ns // 4))


def next_moment(before: Moment, clock_ns: int, elapsed_ns: int, period_ns: int) -> Moment:
    """Return the moment after the app ran for `elapsed_ns` more."""
    return Moment(clock_ns, _follow(before.record, clock_ns, elapsed_ns + period_ns * elapsed_ns // DAY_NS))


def noticed(moment: Moment, odd_count: int) -> Moment:
    """Take note of how many odd times there are: when they became more, their age counts from now on."""
    record = moment.record
    if odd_count > record.odd_count:
        # The believed time and not the clock's: a clock that is behind would make them old at once when it is right.
        record = replace(record, odd_since_ns=record.believed_ns)
    return replace(moment, record=replace(record, odd_count=odd_count))


def done_before(moment: Moment, before_ns: int) -> Moment:
    """Take note that everything aged before `before_ns` is removed, so that nothing older can come any more."""
    record = moment.record
    return replace(moment, record=replace(record, done_before_ns=max(record.done_before_ns, before_ns)))


def _follow(record: RetentionRecord, clock_ns: int, reach_ns: int) -> RetentionRecord:
    believed = record.believed_ns
    return replace(record, believed_ns=max(believed - reach_ns, min(clock_ns, believed + reach_ns)))
