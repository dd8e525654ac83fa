"""What the spans of each trace add up to: the tables `traces` and `trace_services`, kept as spans arrive.

Where many traces arrive of which nothing is stored yet, DuckDB sums them up; a few are summed up here, because planning
such a query takes longer. Traces that are there already are merged one by one; where a span is replaced by a later
version, the trace is summed up anew from its stored spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.arriving import ARRIVING
from junjo_desktop.store.batch import StoredRow
from junjo_desktop.store.known_traces import FEW, KnownTraces
from junjo_desktop.store.resummarizing import summaries_of_stored, summary_query
from junjo_desktop.store.summaries import TRACE_COLUMNS, TraceSummary, facts_of, summarize
from junjo_desktop.telemetry.columns import SPAN_COLUMNS

_NOT_SINGLY = "trace_id NOT IN (SELECT unnest(?::VARCHAR[]))"
_ADD_TRACES = f"INSERT INTO traces {summary_query(_NOT_SINGLY, ARRIVING)}"
_ADD_SERVICES = f"""
INSERT INTO trace_services
SELECT trace_id, service_name, count(*) FROM {ARRIVING} WHERE {_NOT_SINGLY} GROUP BY ALL
"""  # noqa: S608 - our own names
_KEPT_SERVICES = """
SELECT trace_id, service_name, span_count FROM trace_services WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))
"""
_STORED_SERVICES = """
SELECT trace_id, service_name, count(*) FROM spans
WHERE received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL
"""
_service_of = itemgetter(SPAN_COLUMNS.index("service_name"))
_received = itemgetter(SPAN_COLUMNS.index("received_ns"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came, each span once, and what was there of its traces.

    `singly` are the rows of each trace that is not left to DuckDB; `existing` and `resent` are all among them.
    """

    singly: Mapping[str, Sequence[StoredRow]]
    existing: Mapping[str, TraceSummary]
    replaced: Counter[str]
    """How many stored spans of a trace were replaced."""
    resent: Mapping[str, Sequence[int]]
    """When versions of a trace's spans were received that a later one in the same batch replaced."""


def existing_traces(
    writer: duckdb.DuckDBPyConnection, trace_ids: Collection[str], known: KnownTraces
) -> dict[str, TraceSummary]:
    """Return the stored summaries of those traces that are stored."""
    ids = list(known.perhaps_stored(writer, trace_ids))
    if not ids:
        return {}
    # A list of single values is looked up in the index; a list in one value would have the whole table read, which
    # costs less only when there are many.
    are_few = len(ids) <= FEW
    values = ", ".join("?" * len(ids)) if are_few else "SELECT unnest(?::VARCHAR[])"
    query = f"SELECT {', '.join(TRACE_COLUMNS)} FROM traces WHERE trace_id IN ({values})"  # noqa: S608 - our own names
    return {row[0]: TraceSummary(*row) for row in writer.execute(query, ids if are_few else [ids]).fetchall()}


def add_arriving_traces(writer: duckdb.DuckDBPyConnection, arrival: Arrival) -> None:
    """Add the traces in `ARRIVING`, but for those that `write_singly` writes."""
    singly = list(arrival.singly)
    writer.execute(_ADD_TRACES, [singly])
    writer.execute(_ADD_SERVICES, [singly])


def write_singly(writer: duckdb.DuckDBPyConnection, arrival: Arrival) -> None:
    """Write what the traces in `arrival.singly` add up to. Their spans are stored by now."""
    remade = list(arrival.replaced)
    received = _received_range(arrival, remade)
    summaries = [summary.row() for summary in _summaries(writer, arrival, remade, received)]
    services = _services(writer, arrival, remade, received)
    existing = list(arrival.existing)
    if existing:
        # Deleting and appending is three times as fast as DuckDB's upsert of a table with a million rows.
        for table in ("traces", "trace_services"):
            writer.execute(f"DELETE FROM {table} WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))", [existing])  # noqa: S608 - our own names
    append(writer, "traces", summaries)
    append(writer, "trace_services", ((*key, count) for key, count in services.items()))


def _summaries(
    writer: duckdb.DuckDBPyConnection, arrival: Arrival, remade: Sequence[str], received: tuple[int, int]
) -> Iterator[TraceSummary]:
    for trace_id, rows in arrival.singly.items():
        if trace_id not in arrival.replaced:
            added = summarize(trace_id, map(facts_of, rows))
            before = arrival.existing.get(trace_id)
            yield _with_resent(added if before is None else before.merge(added), arrival)
    for made in summaries_of_stored(writer, remade, *received) if remade else ():
        before = arrival.existing[made.trace_id]
        again = before.replaced_count + arrival.replaced[made.trace_id]
        times = (before.first_received_ns, before.last_received_ns)
        yield _with_resent(made.received_again(again, times), arrival)


def _with_resent(summary: TraceSummary, arrival: Arrival) -> TraceSummary:
    times = arrival.resent.get(summary.trace_id)
    return summary.received_again(len(times), times) if times else summary


def _services(
    writer: duckdb.DuckDBPyConnection, arrival: Arrival, remade: Sequence[str], received: tuple[int, int]
) -> Counter[tuple[str, str]]:
    """Return how many spans each service has in each of the traces."""
    counts: Counter[tuple[str, str]] = Counter()
    for trace_id, rows in arrival.singly.items():
        if trace_id not in arrival.replaced:
            counts.update((trace_id, _service_of(row)) for row in rows)
    merged = [trace_id for trace_id in arrival.existing if trace_id not in arrival.replaced]
    found: Iterable[tuple[str, str, int]] = writer.execute(_KEPT_SERVICES, [merged]).fetchall() if merged else ()
    if remade:
        found = [*found, *writer.execute(_STORED_SERVICES, [*received, remade]).fetchall()]
    for trace_id, name, count in found:
        counts[trace_id, name] += count
    return counts


def _received_range(arrival: Arrival, trace_ids: Iterable[str]) -> tuple[int, int]:
    """Return the first and last time at which anything of these existing traces was received, this batch included."""
    times: list[int] = []
    for trace_id in trace_ids:
        before = arrival.existing[trace_id]
        times += (before.first_received_ns, before.last_received_ns, *map(_received, arrival.singly[trace_id]))
    return (min(times), max(times)) if times else (0, 0)
