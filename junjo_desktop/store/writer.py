"""Writes a batch: its rows, what traces and services add up to, and the journal's position, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.arriving import Columns, arriving, columns_of, insert_arriving
from junjo_desktop.store.batch import Batch, Position, StoredRow, by_trace, latest_versions
from junjo_desktop.store.database import Store
from junjo_desktop.store.known_traces import KnownTraces
from junjo_desktop.store.replacing import Replaced, remove_earlier_versions
from junjo_desktop.store.service_tally import ServiceTallies
from junjo_desktop.store.trace_tally import Arrival, add_arriving_traces, existing_traces, write_singly

# Fewer rows are appended and summed up here: planning the queries that do it for many takes as long as 1,000 rows.
MANY_ROWS = 1_024


class BatchWriter:
    """Writes batches of one journal. Used by one thread."""

    def __init__(self, store: Store, journal_id: str) -> None:
        self._store = store
        self._journal_id = journal_id
        self._known = KnownTraces()
        self._columns: dict[str, Columns] = {}

    def position(self) -> Position:
        """Return how far the journal is stored; nothing of a journal that was not seen before."""
        query = "SELECT position, rows_of_next FROM intake_position WHERE journal_id = ?"
        rows = self._store.read(lambda cursor: cursor.execute(query, [self._journal_id]).fetchall())
        return Position(*rows[0]) if rows else Position()

    def write(self, batch: Batch) -> None:
        """Store the batch and its position. Raises as `Store.write`; then nothing of it is stored."""
        try:
            self._write(batch)
        except duckdb.ConstraintException:
            # A trace that was taken for a new one: somebody else has added it.
            self._known.forget()
            self._write(batch)

    def _write(self, batch: Batch) -> None:
        with self._store.write(only_adds=True) as writer:
            _add_missing(writer, "resources", "resource_id", batch.resources)
            _add_missing(writer, "scopes", "scope_id", batch.scopes)
            tallies = ServiceTallies(writer)
            if batch.spans:
                spans, resent = latest_versions(batch.spans)
                tallies.take_back(self._write_spans(writer, spans, resent))
                tallies.add_spans(spans)
            self._insert(writer, "logs", batch.logs)
            self._insert(writer, "metrics", batch.metrics)
            tallies.add_logs(batch.logs)
            tallies.add_metrics(batch.metrics)
            tallies.write()
            self._write_position(writer, batch.position)

    def _write_spans(
        self, writer: duckdb.DuckDBPyConnection, rows: Sequence[StoredRow], resent: Mapping[str, Sequence[int]]
    ) -> Sequence[Replaced]:
        """Write spans and their traces; return the earlier versions that they replaced."""
        traces = by_trace(rows)
        existing = existing_traces(writer, traces.keys(), self._known)
        replaced = remove_earlier_versions(
            writer, existing, ((row[0], row[1]) for trace_id in existing for row in traces[trace_id])
        )
        counts = Counter(span.trace_id for span in replaced)
        if len(rows) < MANY_ROWS:
            append(writer, "spans", rows)
            write_singly(writer, Arrival(traces, existing, counts, resent))
        else:
            singly = {trace_id: traces[trace_id] for trace_id in existing.keys() | resent.keys()}
            arrival = Arrival(singly, existing, counts, resent)
            with arriving(writer, self._columns_of(writer, "spans"), rows):
                insert_arriving(writer, "spans")
                add_arriving_traces(writer, arrival)
            write_singly(writer, arrival)
        return replaced

    def _insert(self, writer: duckdb.DuckDBPyConnection, table: str, rows: Sequence[StoredRow]) -> None:
        if len(rows) < MANY_ROWS:
            append(writer, table, rows)
        else:
            with arriving(writer, self._columns_of(writer, table), rows):
                insert_arriving(writer, table)

    def _columns_of(self, writer: duckdb.DuckDBPyConnection, table: str) -> Columns:
        if table not in self._columns:
            self._columns[table] = columns_of(writer, table)
        return self._columns[table]

    def _write_position(self, writer: duckdb.DuckDBPyConnection, position: Position) -> None:
        update = "UPDATE intake_position SET position = ?, rows_of_next = ? WHERE journal_id = ?"
        [(updated,)] = writer.execute(update, [*position, self._journal_id]).fetchall()
        if not updated:
            append(writer, "intake_position", [(self._journal_id, *position)])


def _add_missing(writer: duckdb.DuckDBPyConnection, table: str, key: str, rows: Mapping[str, Sequence[object]]) -> None:
    if rows:
        query = f"SELECT {key} FROM {table} WHERE {key} IN ({', '.join('?' * len(rows))})"  # noqa: S608 - our own names
        known = {id_ for (id_,) in writer.execute(query, list(rows)).fetchall()}
        append(writer, table, (row for id_, row in rows.items() if id_ not in known))
