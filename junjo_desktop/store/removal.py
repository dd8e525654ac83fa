"""Takes rows out of the store, with all that was counted of them: each function is called within one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

import duckdb

from junjo_desktop.store.appending import append
from junjo_desktop.store.call_rows import forget_calls, forget_looks
from junjo_desktop.store.execution_tally import remake_executions
from junjo_desktop.store.reach import NONE, Condition, of_service, one_of
from junjo_desktop.store.resummarizing import summaries_of_stored
from junjo_desktop.store.selection import Toll
from junjo_desktop.store.stored_executables import IS_JUNJO

_FEWER = """
UPDATE services SET
    span_count = span_count - gone.spans,
    error_count = error_count - gone.errors,
    log_count = log_count - gone.logs,
    metric_count = metric_count - gone.metrics
FROM (SELECT unnest(?::VARCHAR[]) AS name, unnest(?::BIGINT[]) AS spans, unnest(?::BIGINT[]) AS errors,
             unnest(?::BIGINT[]) AS logs, unnest(?::BIGINT[]) AS metrics) gone
WHERE service_name = gone.name
"""
_SILENT = "DELETE FROM services WHERE span_count <= 0 AND log_count <= 0 AND metric_count <= 0"
_RECEIVED = (
    *("spans", "logs", "metrics", "traces", "trace_services", "executions", "services", "resources", "scopes"),
    *("words", "word_places", "word_groups", "calls", "call_traces", "call_looks"),
)
_REFERRED = "SELECT {0} FROM spans UNION SELECT {0} FROM logs UNION SELECT {0} FROM metrics"


@dataclass(frozen=True, slots=True)
class _Gone:
    """What a service has less now."""

    service_name: str
    spans: int = 0
    errors: int = 0
    logs: int = 0
    metrics: int = 0


_columns_of_gone = attrgetter("service_name", "spans", "errors", "logs", "metrics")


def remove_traces(writer: duckdb.DuckDBPyConnection, traces: Condition, logs: Condition) -> Toll:
    """Delete these traces: all their spans, and those of their logs that are `logs`."""
    found = _found(writer, traces)
    if found is None:
        return Toll()
    named = one_of("trace_id", list(found.replaced))
    gone = _spans_by_service(writer, found.spans)
    _delete(writer, "spans", found.spans)
    _delete(writer, "trace_services", named)
    _delete(writer, "executions", named)
    forget_calls(writer, list(found.replaced))
    _delete(writer, "traces", traces)
    _take_off(writer, gone)
    taken = Toll(traces=len(found.replaced), spans=sum(one.spans for one in gone))
    return taken if logs is NONE else taken + remove_logs(writer, logs & named)


def remove_service(writer: duckdb.DuckDBPyConnection, traces: Condition, service: str) -> Toll:
    """Delete a service's spans in these traces, and sum the rest of the traces up anew."""
    found = _found(writer, traces)
    if found is None:
        return Toll()
    of_it = of_service(service)
    gone = _spans_by_service(writer, found.spans & of_it)
    with_runs = _traces_with_junjo_spans(writer, found.spans & of_it)
    _delete(writer, "spans", found.spans & of_it)
    _delete(writer, "trace_services", one_of("trace_id", list(found.replaced)) & of_it)
    left = summaries_of_stored(writer, list(found.replaced), found.first_ns, found.last_ns)
    forget_calls(writer, list(found.replaced))
    forget_looks(writer)
    _delete(writer, "traces", traces)
    append(writer, "traces", (one.received_again(found.replaced[one.trace_id], ()).row() for one in left))
    if with_runs:
        remake_executions(writer, with_runs, found.first_ns, found.last_ns)
    _take_off(writer, gone)
    return Toll(traces=len(found.replaced) - len(left), spans=sum(one.spans for one in gone))


def remove_all(writer: duckdb.DuckDBPyConnection) -> None:
    """Delete all that was received, and all that was made of it."""
    for table in _RECEIVED:
        writer.execute(f"TRUNCATE {table}")


def remove_logs(writer: duckdb.DuckDBPyConnection, condition: Condition, limit: int | None = None) -> Toll:
    """Delete logs, `limit` at most."""
    gone = _remove_rows(writer, "logs", condition, limit)
    _take_off(writer, [_Gone(name, logs=count) for name, count in gone.items()])
    return Toll(logs=sum(gone.values()))


def remove_metrics(writer: duckdb.DuckDBPyConnection, condition: Condition, limit: int | None = None) -> Toll:
    """Delete metrics, `limit` at most."""
    gone = _remove_rows(writer, "metrics", condition, limit)
    _take_off(writer, [_Gone(name, metrics=count) for name, count in gone.items()])
    return Toll(metrics=sum(gone.values()))


def remove_unreferred(writer: duckdb.DuckDBPyConnection) -> None:
    """Delete resources and scopes of which nothing is stored any more."""
    for table, key in (("resources", "resource_id"), ("scopes", "scope_id")):
        _delete(writer, table, Condition(f"{key} NOT IN ({_REFERRED.format(key)})"))


@dataclass(frozen=True, slots=True)
class _Found:
    """Stored traces: how often spans of each were received again, and when anything of them was received."""

    replaced: Mapping[str, int]
    first_ns: int
    last_ns: int

    @property
    def spans(self) -> Condition:
        """Over `spans`: theirs. The times lead DuckDB's zone maps to the few row groups that hold them."""
        received = Condition("received_ns BETWEEN ? AND ?", (self.first_ns, self.last_ns))
        return received & one_of("trace_id", list(self.replaced))


def _found(writer: duckdb.DuckDBPyConnection, traces: Condition) -> _Found | None:
    query = f"SELECT trace_id, replaced_count, first_received_ns, last_received_ns FROM traces WHERE {traces.sql}"  # noqa: S608 - constants; values are parameters
    rows = writer.execute(query, list(traces.params)).fetchall()
    if not rows:
        return None
    return _Found({row[0]: row[1] for row in rows}, min(row[2] for row in rows), max(row[3] for row in rows))


def _spans_by_service(writer: duckdb.DuckDBPyConnection, spans: Condition) -> list[_Gone]:
    query = f"""
        SELECT service_name, count(*), count(*) FILTER (is_error) FROM spans WHERE {spans.sql} GROUP BY service_name
    """  # noqa: S608 - constants; values are parameters
    return [_Gone(*row) for row in writer.execute(query, list(spans.params)).fetchall()]


def _traces_with_junjo_spans(writer: duckdb.DuckDBPyConnection, spans: Condition) -> list[str]:
    query = f"SELECT DISTINCT trace_id FROM spans WHERE {spans.sql} AND {IS_JUNJO}"  # noqa: S608 - constants; values are parameters
    return [trace_id for (trace_id,) in writer.execute(query, list(spans.params)).fetchall()]


def _remove_rows(
    writer: duckdb.DuckDBPyConnection, table: str, condition: Condition, limit: int | None
) -> dict[str, int]:
    """Delete rows, `limit` at most; return how many of each service."""
    query = f"SELECT rowid, service_name FROM {table} WHERE {condition.sql}"  # noqa: S608 - constants; values are parameters
    if limit is not None:
        query += f" LIMIT {limit}"
    rows: Sequence[tuple[int, str]] = writer.execute(query, list(condition.params)).fetchall()
    if not rows:
        return {}
    _delete(writer, table, Condition("rowid IN (SELECT unnest(?::BIGINT[]))", ([row_id for row_id, _ in rows],)))
    counts: dict[str, int] = {}
    for name in map(itemgetter(1), rows):
        counts[name] = counts.get(name, 0) + 1
    return counts


def _take_off(writer: duckdb.DuckDBPyConnection, gone: Collection[_Gone]) -> None:
    """Count less for the services, and forget those of which nothing is left."""
    if gone:
        columns = zip(*map(_columns_of_gone, gone), strict=True)
        writer.execute(_FEWER, [list(column) for column in columns])
        writer.execute(_SILENT)


def _delete(writer: duckdb.DuckDBPyConnection, table: str, condition: Condition) -> None:
    writer.execute(f"DELETE FROM {table} WHERE {condition.sql}", list(condition.params))  # noqa: S608 - constants; values are parameters
