"""A query (`telemetry.query`) as a condition on rows of its subject. Every value and every key is a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from junjo_desktop.store.query_calls import CallConditions
from junjo_desktop.store.query_logs import LogConditions
from junjo_desktop.store.query_reach import Among, Reach
from junjo_desktop.store.query_rows import Parameters, RowConditions
from junjo_desktop.store.query_runs import RunConditions
from junjo_desktop.store.query_spans import SpanConditions
from junjo_desktop.store.query_traces import TraceConditions
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Comparison, Condition, Operator, leaves

_CONDITIONS: Mapping[Subject, Callable[[Parameters, int, Among], TraceConditions | RowConditions]] = {
    Subject.TRACES: TraceConditions,
    Subject.SPANS: SpanConditions,
    Subject.RUNS: RunConditions,
    Subject.LOGS: LogConditions,
    Subject.CALLS: CallConditions,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition for `WHERE`, with its parameters by name; their names begin with `q`."""

    sql: str
    parameters: dict[str, object]


def matching(
    cursor: duckdb.DuckDBPyConnection,
    query: Condition,
    now_ns: int,
    *,
    subject: Subject = Subject.TRACES,
    among: str = "",
) -> Compiled:
    """Return the condition as `compiled` does, which reads only what the index of words says that it must.

    It holds for what the transaction of `cursor` sees. Raises `QueryError` for a pattern that DuckDB cannot use.
    """
    check_patterns(cursor, query)
    return compiled_among(query, now_ns, subject, Among(among, Reach(cursor, query, subject)))


def compiled(query: Condition, now_ns: int, *, subject: Subject = Subject.TRACES, among: str = "") -> Compiled:
    """Return the condition that a row of `subject` meets: of `traces`, `spans`, the view `runs`, `logs` or `calls`.

    `among` is a condition on `spans`, of constants and parameters of the caller's: only those spans are looked at.
    """
    return compiled_among(query, now_ns, subject, Among(among))


def compiled_among(query: Condition, now_ns: int, subject: Subject, among: Among) -> Compiled:
    """Return the condition as `compiled` does; spans are looked for `among` these."""
    parameters = Parameters()
    condition = _CONDITIONS[subject](parameters, now_ns, among).of(query)
    if subject is Subject.SPANS:
        condition = f"({among.any_of(query)}{condition})"
    return Compiled(condition, parameters.values)


def check_patterns(cursor: duckdb.DuckDBPyConnection, query: Condition) -> None:
    """Return when DuckDB can use every regular expression of the query. Raises `QueryError`."""
    for leaf in leaves(query):
        if isinstance(leaf, Comparison) and leaf.operator is Operator.MATCHES:
            try:
                cursor.execute("SELECT regexp_matches('', $pattern)", {"pattern": leaf.value.text}).fetchall()
            except duckdb.Error as error:
                place = leaf.value.place
                raise QueryError(
                    f"This is no regular expression: {str(error).partition(': ')[2] or error}.",
                    "Expected one in RE2's syntax.",
                    place.start,
                    place.end,
                ) from error
