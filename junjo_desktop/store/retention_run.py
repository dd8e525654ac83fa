"""Carries retention out: removes what the policy says, in short transactions with rests between them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from junjo_desktop.state.retention_record import RetentionRecord, RetentionRecords
from junjo_desktop.store.database import Store
from junjo_desktop.store.occupancy import Occupancy, occupancy_of, sqlite_bytes
from junjo_desktop.store.reach import NONE, Condition, one_of
from junjo_desktop.store.removal import remove_logs, remove_metrics, remove_traces, remove_unreferred
from junjo_desktop.store.retention import ROWS_A_PLAN, RetentionPolicy, count_odd, oldest_rows, reach_before
from junjo_desktop.store.retention_clock import HOUR_NS, Moment, S, done_before, next_moment, noticed
from junjo_desktop.store.retention_moment import Clocks, preview
from junjo_desktop.store.selection import Toll
from junjo_desktop.store.victims import portions

_ROWS_AT_ONCE = 20_000
_PASSES = 1_000
# A checkpoint holds writers up for some tenths of a second.
_FREE_AT_BYTES = 64 << 20
_LARGE_LOG_BYTES = 4 << 20
_SAVE_EVERY_NS = 300 * S

OnTransaction = Callable[[Toll, float], None]
"""Called after each transaction with what it took and how many seconds it needed; rests, or raises to end the run."""


class Retention:
    """Retention of one store. `starred` returns the traces to keep, as they are now. For one thread."""

    def __init__(
        self,
        store: Store,
        journal: Path,
        records: RetentionRecords,
        starred: Callable[[], frozenset[str]],
        clocks: Clocks | None = None,
    ) -> None:
        self._store = store
        self._journal = journal
        self._records = records
        self._starred = starred
        self._clocks = clocks or Clocks()
        self._moment: Moment | None = None
        self._saved: RetentionRecord | None = None
        self._looked_ns = 0
        self._settled_ns: int | None = None
        self._tidied_ns: int | None = None

    def on_disk_bytes(self) -> int:
        """Return what the files take; asks the file system alone."""
        return self._store.size_bytes() + sqlite_bytes(self._journal)

    def occupancy(self) -> Occupancy:
        """Return what everything takes on the disk now."""
        return self._store.read(lambda cursor: occupancy_of(cursor, self._store.path, self._journal))

    def preview(self, policy: RetentionPolicy) -> Moment:
        """Return what `look` would, without remembering anything. On any thread."""
        return preview(self._store, self._records, policy, self._moment, self._clocks)

    def look(self, policy: RetentionPolicy) -> Moment:
        """Look at the clocks, and at what times of reception cannot be right; return and remember the moment."""
        clock_ns, uptime_ns = self._clocks.clock_ns(), self._clocks.uptime_ns()
        if self._moment is None:
            moment = preview(self._store, self._records, policy, None, self._clocks)
        else:
            moment = next_moment(self._moment, clock_ns, uptime_ns - self._looked_ns, policy.period_ns)
        starred = self._starred()
        odd = self._store.read(lambda cursor: count_odd(cursor, moment, starred))
        self._looked_ns = uptime_ns
        return self._remember(noticed(moment, odd))

    def run(self, policy: RetentionPolicy, on_transaction: OnTransaction) -> Toll:
        """Remove what is too old, then the oldest while there is too much; return what was removed.

        Raises as `Store.write`, and what `on_transaction` raises; what was removed before stays removed.
        """
        moment = self.look(policy)
        removed = Toll()
        cut_ns = policy.age_cut_ns(moment.now_ns)
        if cut_ns is not None:
            removed += self._remove_before(moment, cut_ns, on_transaction)
            self._remember(done_before(moment, cut_ns))
        self._settle_log(policy)
        for _ in range(_PASSES):
            taken = self._remove_excess(policy, moment, on_transaction)
            removed += taken
            if not taken:
                break
        if removed:
            self._tidy(on_transaction)
            self._free_blocks()
        return removed

    def _remove_excess(self, policy: RetentionPolicy, moment: Moment, on_transaction: OnTransaction) -> Toll:
        """Remove the oldest rows that make up what is too much; nothing when nothing is, or nothing may go."""
        occupancy = self.occupancy()
        excess = policy.excess_bytes(occupancy)
        if excess <= 0 or not occupancy.stored_rows:
            return Toll()
        rows = min(math.ceil(excess / max(occupancy.bytes_a_row, 1.0)), ROWS_A_PLAN)
        starred = self._starred()
        oldest = self._store.read(lambda cursor: oldest_rows(cursor, moment, starred, rows))
        return Toll() if oldest is None else self._remove_before(moment, oldest.before_ns, on_transaction)

    def _remove_before(self, moment: Moment, before_ns: int, on_transaction: OnTransaction) -> Toll:
        removed = Toll()
        reach = reach_before(moment, before_ns, self._starred())
        for portion in portions(self._store, reach):
            # Asked each time: what is starred while this runs is kept, too.
            starred = self._starred()
            kept = one_of("trace_id", starred) if starred else NONE
            traces = portion.traces & reach.still & Condition(f"NOT ({kept.sql})", kept.params)
            removed += self._transact(partial(remove_traces, traces=traces, logs=portion.logs), on_transaction)
        # Of those that belong to no stored trace.
        removed += self._remove_rows("logs", remove_logs, reach.logs, on_transaction)
        return removed + self._remove_rows("metrics", remove_metrics, reach.metrics, on_transaction)

    def _remove_rows(
        self, table: str, remove: Callable[..., Toll], condition: Condition, on_transaction: OnTransaction
    ) -> Toll:
        removed = Toll()
        exists = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {condition.sql})"  # noqa: S608 - constants; values are parameters
        while self._store.read(lambda cursor: cursor.execute(exists, list(condition.params)).fetchall()) == [(True,)]:
            removed += self._transact(partial(remove, condition=condition, limit=_ROWS_AT_ONCE), on_transaction)
        return removed

    def _settle_log(self, policy: RetentionPolicy) -> None:
        """Where the limit seems passed, have the write-ahead log take what it takes in the file; once in a minute."""
        if policy.size_bytes is None or self.on_disk_bytes() <= policy.size_bytes:
            return
        is_due = self._settled_ns is None or self._looked_ns - self._settled_ns > 60 * S
        if is_due and self.occupancy().log_bytes > _LARGE_LOG_BYTES:
            self._settled_ns = self._looked_ns
            self._store.checkpoint()

    def _free_blocks(self) -> None:
        """Have the blocks of deleted rows written again before the file grows by as much."""
        occupancy = self.occupancy()
        if occupancy.deleted_rows * occupancy.bytes_a_row > _FREE_AT_BYTES:
            self._store.checkpoint()

    def _tidy(self, on_transaction: OnTransaction) -> None:
        """Remove resources and scopes to which nothing refers; every span is looked at, so once in an hour."""
        if self._tidied_ns is None or self._looked_ns - self._tidied_ns > HOUR_NS:
            self._tidied_ns = self._looked_ns
            self._transact(_tidied, on_transaction)

    def _transact(self, remove: Callable[[duckdb.DuckDBPyConnection], Toll], on_transaction: OnTransaction) -> Toll:
        with self._store.write() as writer:
            began = time.monotonic()
            taken = remove(writer)
        on_transaction(taken, time.monotonic() - began)
        return taken

    def _remember(self, moment: Moment) -> Moment:
        saved, record = self._saved, moment.record
        if (
            saved is None
            or (saved.odd_count, saved.odd_since_ns) != (record.odd_count, record.odd_since_ns)
            or abs(record.believed_ns - saved.believed_ns) > _SAVE_EVERY_NS
            or record.done_before_ns - saved.done_before_ns > _SAVE_EVERY_NS
        ):
            self._records.save(record)
            self._saved = record
        self._moment = moment
        return moment


def _tidied(writer: duckdb.DuckDBPyConnection) -> Toll:
    remove_unreferred(writer)
    return Toll()
