"""Writes a batch: its rows, what traces and services add up to, and the journal's position, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

import duckdb

from junjo_desktop.errors import JunjoDesktopError
from junjo_desktop.store.appending import append
from junjo_desktop.store.arriving import (
    Chunk,
    Columns,
    arriving,
    chunk_of,
    columns_of,
    count_services,
    insert_arriving,
    record_batch,
)
from junjo_desktop.store.batch import (
    Batch,
    Position,
    SpanKey,
    StoredRow,
    are_distinct,
    by_trace,
    key_of,
    latest_versions,
)
from junjo_desktop.store.database import Store
from junjo_desktop.store.execution_tally import write_executions
from junjo_desktop.store.known_traces import KnownTraces
from junjo_desktop.store.replacing import Replaced, remove_earlier_versions
from junjo_desktop.store.service_tally import ServiceTallies
from junjo_desktop.store.trace_tally import (
    Arrival,
    add_arriving_traces,
    added_arriving,
    added_by,
    existing_traces,
    write_singly,
)
from junjo_desktop.store.word_index import forget_words

# Fewer rows are appended and summed up here: planning the queries that do it for many takes as long as 1,000 rows.
MANY_ROWS = 1_024


Resent: TypeAlias = Mapping[str, Sequence[int]]


class RepeatedSpansError(JunjoDesktopError):
    """A span comes twice in the chunks of a batch: its rows are needed to tell which version is the later one."""


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
        """Store the batch and its position, or raise as `Store.write` and `RepeatedSpansError`, and store nothing."""
        try:
            self._write(batch)
        except duckdb.ConstraintException:
            # A trace that was taken for a new one: somebody else has added it.
            self._known.forget()
            self._write(batch)

    def chunk(self, rows: Sequence[StoredRow]) -> Chunk:
        """Return spans as columns of a batch; for another thread, too. Raises what Arrow says of odd rows."""
        return chunk_of(self._columns_of("spans"), rows)

    def _write(self, batch: Batch) -> None:
        chunks = batch.chunks
        spans, resent = latest_versions(batch.spans)
        if spans and (chunks or len(spans) >= MANY_ROWS):
            chunks = [*chunks, self.chunk(spans)]
        if batch.chunks and _have_repeated(chunks):
            raise RepeatedSpansError
        with self._store.write(only_adds=True) as writer:
            _add_missing(writer, "resources", "resource_id", batch.resources)
            _add_missing(writer, "scopes", "scope_id", batch.scopes)
            tallies = ServiceTallies(writer)
            services = sum((chunk.services for chunk in chunks), count_services(() if chunks else spans))
            received = _range(received_ns for _, received_ns, _ in services)
            if chunks or spans:
                forget_words(writer, *received)
                arrival, replaced = (
                    self._write_chunks(writer, chunks, resent, received)
                    if chunks
                    else self._write_rows(writer, spans, resent, received)
                )
                tallies.take_back(replaced)
                write_executions(writer, batch.executables, arrival, replaced, self._insert)
            tallies.add_spans(services)
            self._insert(writer, "logs", batch.logs)
            self._insert(writer, "metrics", batch.metrics)
            tallies.add_logs(batch.logs)
            tallies.add_metrics(batch.metrics)
            tallies.write()
            self._write_position(writer, batch.position)

    def _write_rows(
        self, writer: duckdb.DuckDBPyConnection, rows: Sequence[StoredRow], resent: Resent, received_ns: tuple[int, int]
    ) -> tuple[Arrival, Sequence[Replaced]]:
        """Write few spans and their traces; return what came, and the earlier versions that were replaced."""
        traces = by_trace(rows)
        existing = existing_traces(writer, traces.keys(), self._known)
        replaced = remove_earlier_versions(writer, existing, map(key_of, rows))
        append(writer, "spans", rows)
        arrival = Arrival(existing, Counter(span.trace_id for span in replaced), resent, received_ns)
        write_singly(writer, arrival, added_by(traces, arrival))
        return arrival, replaced

    def _write_chunks(
        self, writer: duckdb.DuckDBPyConnection, chunks: Sequence[Chunk], resent: Resent, received_ns: tuple[int, int]
    ) -> tuple[Arrival, Sequence[Replaced]]:
        """Write many spans and their traces; return what came, and the earlier versions that were replaced."""
        existing = existing_traces(writer, set().union(*(chunk.trace_ids for chunk in chunks)), self._known)
        replaced = remove_earlier_versions(writer, existing, _keys(chunks))
        arrival = Arrival(existing, Counter(span.trace_id for span in replaced), resent, received_ns)
        with arriving(writer, [chunk.columns for chunk in chunks]):
            insert_arriving(writer, "spans")
            added = added_arriving(writer, arrival)
            add_arriving_traces(writer, arrival)
        write_singly(writer, arrival, added)
        return arrival, replaced

    def _insert(self, writer: duckdb.DuckDBPyConnection, table: str, rows: Sequence[StoredRow]) -> None:
        if len(rows) < MANY_ROWS:
            append(writer, table, rows)
        else:
            with arriving(writer, [record_batch(self._columns_of(table), rows)]):
                insert_arriving(writer, table)

    def _columns_of(self, table: str) -> Columns:
        if table not in self._columns:
            self._columns[table] = self._store.read(lambda cursor: columns_of(cursor, table))
        return self._columns[table]

    def _write_position(self, writer: duckdb.DuckDBPyConnection, position: Position) -> None:
        update = "UPDATE intake_position SET position = ?, rows_of_next = ? WHERE journal_id = ?"
        [(updated,)] = writer.execute(update, [*position, self._journal_id]).fetchall()
        if not updated:
            append(writer, "intake_position", [(self._journal_id, *position)])


def _have_repeated(chunks: Sequence[Chunk]) -> bool:
    """Whether a span comes twice."""
    count = sum(len(chunk.span_ids) for chunk in chunks)
    # Nearly always their own ids tell them apart, which are cheaper to look at than their keys.
    if len(set().union(*(chunk.span_ids for chunk in chunks))) == count:
        return False
    return not are_distinct(_keys(chunks), count)


def _keys(chunks: Sequence[Chunk]) -> Iterator[SpanKey]:
    return chain.from_iterable(zip(chunk.trace_ids, chunk.span_ids, strict=True) for chunk in chunks)


def _add_missing(writer: duckdb.DuckDBPyConnection, table: str, key: str, rows: Mapping[str, Sequence[object]]) -> None:
    if rows:
        query = f"SELECT {key} FROM {table} WHERE {key} IN ({', '.join('?' * len(rows))})"  # noqa: S608 - our own names
        known = {id_ for (id_,) in writer.execute(query, list(rows)).fetchall()}
        append(writer, table, (row for id_, row in rows.items() if id_ not in known))


def _range(times_ns: Iterable[int]) -> tuple[int, int]:
    times = sorted(times_ns)
    return (times[0], times[-1]) if times else (0, 0)
