"""A query (`telemetry.query`) as a condition on rows of its subject. Every value and every key is a parameter."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from junjo_desktop.store.query_logs import LogConditions
from junjo_desktop.store.query_rows import Parameters, RowConditions
from junjo_desktop.store.query_runs import RunConditions
from junjo_desktop.store.query_spans import SpanConditions
from junjo_desktop.store.query_traces import TraceConditions
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Comparison, Condition, Operator, leaves


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition for `WHERE`, with its parameters by name; their names begin with `q`."""

    sql: str
    parameters: dict[str, object]


def compiled(query: Condition, now_ns: int, *, subject: Subject = Subject.TRACES, among: str = "") -> Compiled:
    """Return the condition that a row of `subject` meets: of `traces`, `spans`, the view `runs`, or `logs`.

    `among` is a condition on `spans`, of constants and parameters of the caller's: only those spans are looked at.
    """
    parameters = Parameters()
    condition = _conditions(subject, parameters, now_ns, among).of(query)
    if subject is Subject.SPANS and among:
        condition = f"({among} AND {condition})"
    return Compiled(condition, parameters.values)


def _conditions(subject: Subject, parameters: Parameters, now_ns: int, among: str) -> TraceConditions | RowConditions:
    match subject:
        case Subject.TRACES:
            return TraceConditions(parameters, now_ns, among)
        case Subject.SPANS:
            return SpanConditions(parameters, now_ns, f"{among} AND " if among else "")
        case Subject.RUNS:
            return RunConditions(parameters, now_ns, among)
        case Subject.LOGS:
            return LogConditions(parameters, now_ns, among)


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
