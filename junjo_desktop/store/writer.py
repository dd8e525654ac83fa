"""Writes a batch: its rows, what traces and services add up to, and the journal's position, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

import duckdb

from junjo_desktop.store.batch import Batch, SpanKey
from junjo_desktop.store.database import Store
from junjo_desktop.store.replacing import Stored, find_stored, remove_stored, stored_facts
from junjo_desktop.store.service_tally import write_services
from junjo_desktop.store.summaries import (
    TRACE_COLUMNS,
    SpanFacts,
    TraceSummary,
    facts_of,
    same_contribution,
    summarize,
)

# The binding holds the GIL while it takes rows over: a few milliseconds for this many.
_ROWS_AT_ONCE = 256


class BatchWriter:
    """Writes batches of one journal. Used by one thread."""

    def __init__(self, store: Store, journal_id: str) -> None:
        self._store = store
        self._journal_id = journal_id

    def position(self) -> int:
        """Return how far the journal is stored; 0 for a journal that was not seen before."""
        row = self._store.read(
            lambda cursor: cursor.execute(
                "SELECT position FROM intake_position WHERE journal_id = ?", [self._journal_id]
            ).fetchone()
        )
        return int(row[0]) if row else 0

    def write(self, batch: Batch) -> None:
        """Store the batch and its position. Raises as `Store.write`; then nothing of it is stored."""
        with self._store.write() as writer:
            _add_missing(writer, "resources", "resource_id", batch.resources)
            _add_missing(writer, "scopes", "scope_id", batch.scopes)
            replaced = _write_spans(writer, batch)
            append(writer, "logs", batch.logs)
            append(writer, "metrics", batch.metrics)
            write_services(writer, batch, replaced.values())
            writer.execute("INSERT OR REPLACE INTO intake_position VALUES (?, ?)", [self._journal_id, batch.last_seq])


def append(writer: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Append rows, in the order of the table's columns."""
    remaining = iter(rows)
    portion = list(islice(remaining, _ROWS_AT_ONCE))
    if not portion:
        return
    with writer.appender(table) as appender:
        while portion:
            appender.append_rows(portion)
            portion = list(islice(remaining, _ROWS_AT_ONCE))


def _add_missing(writer: duckdb.DuckDBPyConnection, table: str, key: str, rows: Mapping[str, Sequence[object]]) -> None:
    if rows:
        query = f"SELECT {key} FROM {table} WHERE {key} IN (SELECT unnest(?))"  # noqa: S608 - our own names
        known = {id_ for (id_,) in writer.execute(query, [list(rows)]).fetchall()}
        append(writer, table, (row for id_, row in rows.items() if id_ not in known))


def _write_spans(writer: duckdb.DuckDBPyConnection, batch: Batch) -> dict[SpanKey, Stored]:
    """Write spans and their traces; return the earlier versions that they replaced."""
    if not batch.spans:
        return {}
    arrived: dict[str, list[SpanFacts]] = defaultdict(list)
    for (trace_id, _), row in batch.spans.items():
        arrived[trace_id].append(facts_of(row))
    existing = _existing_traces(writer, arrived)
    replaced = find_stored(writer, batch, existing)
    remove_stored(writer, replaced.values())
    append(writer, "spans", batch.spans.values())
    _write_traces(writer, batch, _Arrival(arrived, existing, replaced))
    return replaced


class _Arrival:
    """What came for which trace, and what was there before."""

    def __init__(
        self,
        arrived: Mapping[str, list[SpanFacts]],
        existing: Mapping[str, TraceSummary],
        replaced: Mapping[SpanKey, Stored],
    ) -> None:
        self.arrived = arrived
        self.existing = existing
        self.replaced_count = Counter(trace_id for trace_id, _ in replaced)
        self._replaced = replaced

    def changed(self) -> set[str]:
        """Return the traces in which a span was replaced by a version that adds something else."""
        return {
            trace_id
            for trace_id in self.replaced_count
            for span in self.arrived[trace_id]
            if (before := self._replaced.get((trace_id, span.span_id))) and not same_contribution(before.facts, span)
        }

    def new_spans(self, trace_id: str) -> list[SpanFacts]:
        """Return the spans of a trace that were not stored before."""
        spans = self.arrived[trace_id]
        if trace_id not in self.replaced_count:
            return spans
        return [span for span in spans if (trace_id, span.span_id) not in self._replaced]


def _existing_traces(writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> dict[str, TraceSummary]:
    query = f"SELECT {', '.join(TRACE_COLUMNS)} FROM traces WHERE trace_id IN (SELECT unnest(?))"  # noqa: S608 - our own names
    return {row[0]: TraceSummary(*row) for row in writer.execute(query, [list(trace_ids)]).fetchall()}


def _write_traces(writer: duckdb.DuckDBPyConnection, batch: Batch, arrival: _Arrival) -> None:
    changed = arrival.changed()
    stored = stored_facts(writer, changed, *_received_range(arrival, changed))
    services = _existing_services(writer, [trace_id for trace_id in arrival.existing if trace_id not in changed])
    rows = []
    for trace_id, spans in arrival.arrived.items():
        before = arrival.existing.get(trace_id)
        added = stored[trace_id] if trace_id in changed else arrival.new_spans(trace_id)
        summary = summarize(trace_id, added) if added else None
        if before is not None:
            summary = _joined(before, summary, spans, rebuilt=trace_id in changed)
            summary = summary.received_again(arrival.replaced_count[trace_id], ())
        if summary is None:
            continue
        services[trace_id].update(span.service_name for span in added)
        if resent := batch.resent.get(trace_id):
            summary = summary.received_again(len(resent), resent)
        rows.append(summary.row())
    _replace_rows(writer, "traces", list(arrival.existing), rows)
    tallies = ((trace_id, name, count) for trace_id, names in services.items() for name, count in names.items())
    _replace_rows(writer, "trace_services", list(arrival.existing), tallies)


def _joined(
    before: TraceSummary, added: TraceSummary | None, arrived: Sequence[SpanFacts], *, rebuilt: bool
) -> TraceSummary:
    """Return the summary after the batch: the former one with what is new, or one that was made anew."""
    if added is not None and rebuilt:
        return added.received_again(before.replaced_count, (before.first_received_ns, before.last_received_ns))
    summary = before if added is None else before.merge(added)
    return summary.received_again(0, (span.received_ns for span in arrived))


def _received_range(arrival: _Arrival, trace_ids: Collection[str]) -> tuple[int, int]:
    """Return the first and last time at which anything of these traces was received, this batch included."""
    times = [span.received_ns for trace_id in trace_ids for span in arrival.arrived[trace_id]]
    for trace_id in trace_ids:
        before = arrival.existing[trace_id]
        times += (before.first_received_ns, before.last_received_ns)
    return (min(times), max(times)) if times else (0, 0)


def _existing_services(writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str]) -> dict[str, Counter[str]]:
    """Return how many spans each service has in these traces; nothing for others."""
    services: dict[str, Counter[str]] = defaultdict(Counter)
    if trace_ids:
        query = "SELECT trace_id, service_name, span_count FROM trace_services WHERE trace_id IN (SELECT unnest(?))"
        for trace_id, name, count in writer.execute(query, [list(trace_ids)]).fetchall():
            services[trace_id][name] = count
    return services


def _replace_rows(
    writer: duckdb.DuckDBPyConnection, table: str, stale: Collection[str], rows: Iterable[Sequence[object]]
) -> None:
    # Deleting and appending is three times as fast as DuckDB's upsert of a table with a million rows.
    if stale:
        writer.execute(f"DELETE FROM {table} WHERE trace_id IN (SELECT unnest(?))", [list(stale)])  # noqa: S608 - our own names
    append(writer, table, rows)
