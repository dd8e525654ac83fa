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
from junjo_desktop.store.resummarizing import summaries_of_arriving, summaries_of_stored, summary_query
from junjo_desktop.store.summaries import TRACE_COLUMNS, TraceSummary, facts_of, summarize
from junjo_desktop.telemetry.columns import SPAN_COLUMNS

_NOT_SINGLY = "trace_id NOT IN (SELECT unnest(?::VARCHAR[]))"
_ADD_TRACES = f"INSERT INTO traces {summary_query(_NOT_SINGLY, ARRIVING)}"
_ADD_SERVICES = f"""
INSERT INTO trace_services
SELECT trace_id, service_name, count(*) FROM {ARRIVING} WHERE {_NOT_SINGLY} GROUP BY ALL
"""  # noqa: S608 - our own names
_ARRIVING_SERVICES = f"""
SELECT trace_id, service_name, count(*) FROM {ARRIVING}
WHERE trace_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL
"""  # noqa: S608 - our own name
_KEPT_SERVICES = """
SELECT trace_id, service_name, span_count FROM trace_services WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))
"""
_STORED_SERVICES = """
SELECT trace_id, service_name, count(*) FROM spans
WHERE received_ns BETWEEN ? AND ? AND trace_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL
"""
_service_of = itemgetter(SPAN_COLUMNS.index("service_name"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came, each span once, and what was there of its traces."""

    existing: Mapping[str, TraceSummary]
    replaced: Counter[str]
    """How many stored spans of a trace were replaced."""
    resent: Mapping[str, Sequence[int]]
    """When versions of a trace's spans were received that a later one in the same batch replaced."""
    received_ns: tuple[int, int]
    """When the first and the last of it was received."""

    @property
    def singly(self) -> set[str]:
        """The traces that have a history."""
        return self.existing.keys() | self.resent.keys()


@dataclass(frozen=True, slots=True)
class Added:
    """What the spans that came add up to, for each of some traces."""

    summaries: Sequence[TraceSummary]
    services: Mapping[tuple[str, str], int]


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
    """Add the traces in `ARRIVING` that have no history."""
    singly = list(arrival.singly)
    writer.execute(_ADD_TRACES, [singly])
    writer.execute(_ADD_SERVICES, [singly])


def added_arriving(writer: duckdb.DuckDBPyConnection, arrival: Arrival) -> Added:
    """Return what came in `ARRIVING` for the traces that have a history, but for those to be summed up anew."""
    ids = [trace_id for trace_id in arrival.singly if trace_id not in arrival.replaced]
    if not ids:
        return Added((), {})
    services = writer.execute(_ARRIVING_SERVICES, [ids]).fetchall()
    return Added(
        summaries_of_arriving(writer, ids), {(trace_id, service): count for trace_id, service, count in services}
    )


def added_by(traces: Mapping[str, Sequence[StoredRow]], arrival: Arrival) -> Added:
    """Return what rows add up to, by trace, but for the traces to be summed up anew."""
    left = {trace_id: rows for trace_id, rows in traces.items() if trace_id not in arrival.replaced}
    return Added(
        [summarize(trace_id, map(facts_of, rows)) for trace_id, rows in left.items()],
        Counter((trace_id, _service_of(row)) for trace_id, rows in left.items() for row in rows),
    )


def write_singly(writer: duckdb.DuckDBPyConnection, arrival: Arrival, added: Added) -> None:
    """Add `added` to what was there, and sum up anew where a span was replaced. All spans are stored by now."""
    remade = list(arrival.replaced)
    received = received_range(arrival, remade)
    summaries = [summary.row() for summary in _summaries(writer, arrival, added, remade, received)]
    services = _services(writer, arrival, added, remade, received)
    existing = list(arrival.existing)
    if existing:
        # Deleting and appending is three times as fast as DuckDB's upsert of a table with a million rows.
        for table in ("traces", "trace_services"):
            writer.execute(f"DELETE FROM {table} WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))", [existing])  # noqa: S608 - our own names
    append(writer, "traces", summaries)
    append(writer, "trace_services", ((*key, count) for key, count in services.items()))


def _summaries(
    writer: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    added: Added,
    remade: Sequence[str],
    received_ns: tuple[int, int],
) -> Iterator[TraceSummary]:
    for one in added.summaries:
        before = arrival.existing.get(one.trace_id)
        yield _with_resent(one if before is None else before.merge(one), arrival)
    for made in summaries_of_stored(writer, remade, *received_ns) if remade else ():
        before = arrival.existing[made.trace_id]
        again = before.replaced_count + arrival.replaced[made.trace_id]
        times = (before.first_received_ns, before.last_received_ns)
        yield _with_resent(made.received_again(again, times), arrival)


def _with_resent(summary: TraceSummary, arrival: Arrival) -> TraceSummary:
    times = arrival.resent.get(summary.trace_id)
    return summary.received_again(len(times), times) if times else summary


def _services(
    writer: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    added: Added,
    remade: Sequence[str],
    received_ns: tuple[int, int],
) -> Counter[tuple[str, str]]:
    """Return how many spans each service has in each of the traces."""
    counts = Counter(added.services)
    merged = [trace_id for trace_id in arrival.existing if trace_id not in arrival.replaced]
    found: Iterable[tuple[str, str, int]] = writer.execute(_KEPT_SERVICES, [merged]).fetchall() if merged else ()
    if remade:
        found = [*found, *writer.execute(_STORED_SERVICES, [*received_ns, remade]).fetchall()]
    for trace_id, name, count in found:
        counts[trace_id, name] += count
    return counts


def received_range(arrival: Arrival, trace_ids: Iterable[str]) -> tuple[int, int]:
    """Return the first and last time at which anything of these traces was received, this batch included."""
    times = list(arrival.received_ns)
    for before in (arrival.existing[trace_id] for trace_id in trace_ids if trace_id in arrival.existing):
        times += (before.first_received_ns, before.last_received_ns)
    return (min(times), max(times))
