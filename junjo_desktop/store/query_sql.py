"""A query (`telemetry.query`) as a condition on rows of `traces`. Every value and every key is a parameter.

The table `spans` is scanned once for each condition outside braces and each pair of braces; nothing is indexed.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from junjo_desktop.store.query_spans import SpanConditions, id_prefix
from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import (
    And,
    Comparison,
    Condition,
    Field,
    Leaf,
    Not,
    Operator,
    Or,
    Path,
    Relation,
    Scope,
    Text,
    leaves,
)

# Spans are told apart by 64 bits while paths are followed: as text, a million of them take more memory than there is.
# That two of a million are the same by chance has a probability of 10^-7.
_TRACE = "hash(trace_id) AS trace"
_SPAN = "hash(trace_id, span_id) AS span"
_PARENT = "if(parent_span_id IS NULL, NULL, hash(trace_id, parent_span_id)) AS parent"

_TRACE_ID = Field(Scope.KNOWN, "trace_id")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition for `WHERE`, with its parameters by name; their names begin with `q`."""

    sql: str
    parameters: dict[str, object]


def compiled(query: Condition, now_ns: int, *, subject: Subject = Subject.TRACES, among: str = "") -> Compiled:
    """Return the condition that a row of `traces` meets when the trace matches.

    `among` is a condition on `spans`, of constants and parameters of the caller's: only those spans are looked at.
    """
    if subject is not Subject.TRACES:
        raise ValueError(subject)
    compiler = _Compiler(SpanConditions(now_ns), f"{among} AND " if among else "")
    return Compiled(compiler.trace(query), compiler.conditions.parameters)


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


class _Compiler:
    def __init__(self, conditions: SpanConditions, among: str) -> None:
        self.conditions = conditions
        self._among = among
        self._paths = 0

    def trace(self, condition: Condition) -> str:
        match condition:
            case And():
                return f"({' AND '.join(map(self.trace, condition.operands))})"
            case Or():
                return f"({' OR '.join(map(self.trace, condition.operands))})"
            case Not():
                return f"({self.trace(condition.operand)}) IS NOT TRUE"
            case Path():
                return self._path(condition)
            case _:
                return self._leaf(condition)

    def _leaf(self, leaf: Leaf) -> str:
        if not isinstance(leaf, Text):
            if leaf.field == _TRACE_ID:
                return self.conditions.of(leaf)
            return f"trace_id IN (SELECT trace_id FROM spans WHERE {self._among}{self.conditions.of(leaf)})"  # noqa: S608 - put together from constants; values are parameters
        # A trace has its name, its service and its id from its spans: these may lie outside of what is looked among.
        text = self.conditions.bound(leaf.text.lower())
        parts = [f"contains(lower(name), {text})", f"contains(lower(service_name), {text})"]
        if (prefix := id_prefix(leaf.text)) is not None:
            parts.append(f"starts_with(trace_id, {self.conditions.bound(prefix)})")
        parts.append(f"trace_id IN (SELECT trace_id FROM spans WHERE {self._among}{self.conditions.of(leaf)})")  # noqa: S608 - put together from constants; values are parameters
        return f"({' OR '.join(parts)})"

    def _path(self, path: Path) -> str:
        wanted = [f"{self._among}{'true' if span is None else self.conditions.of(span)}" for span in path.spans]
        if len(wanted) == 1:
            return f"trace_id IN (SELECT trace_id FROM spans WHERE {wanted[0]})"  # noqa: S608 - put together from constants; values are parameters
        number, self._paths = self._paths, self._paths + 1
        tables = [f"p{number}_0 AS MATERIALIZED (SELECT {_TRACE}, {_SPAN} FROM spans WHERE {wanted[0]})"]  # noqa: S608 - put together from constants; values are parameters
        for place, relation in enumerate(path.relations, start=1):
            tables += self._step(f"p{number}_{place - 1}", f"p{number}_{place}", relation, wanted[place])
        last = f"p{number}_{len(path.relations)}"
        return f"hash(trace_id) IN (WITH RECURSIVE {', '.join(tables)} SELECT trace FROM {last})"  # noqa: S608 - put together from constants; values are parameters

    def _step(self, above: str, found: str, relation: Relation, wanted: str) -> list[str]:
        """Return the tables that find the spans of `wanted` below those of `above`."""
        if relation is Relation.CHILD:
            return [
                f"""{found} AS MATERIALIZED (
                    SELECT s.trace, s.span FROM (SELECT {_TRACE}, {_SPAN}, {_PARENT} FROM spans WHERE {wanted}) s
                    SEMI JOIN {above} a ON s.parent = a.span)"""  # noqa: S608 - put together from constants; values are parameters
            ]
        # Only traces with both are walked, downwards: every span is reached once, however deep, also in a circle.
        return [
            f"{found}_any AS MATERIALIZED (SELECT {_TRACE}, {_SPAN} FROM spans WHERE {wanted})",  # noqa: S608 - put together from constants; values are parameters
            f"""{found}_kin AS MATERIALIZED (
                SELECT {_SPAN}, {_PARENT} FROM spans
                WHERE {self._among}parent_span_id IS NOT NULL
                AND hash(trace_id) IN (SELECT trace FROM {above})
                AND hash(trace_id) IN (SELECT trace FROM {found}_any))""",  # noqa: S608 - put together from constants; values are parameters
            f"""{found}_below(span) AS (
                SELECT k.span FROM {found}_kin k JOIN {above} a ON k.parent = a.span
                UNION
                SELECT k.span FROM {found}_kin k JOIN {found}_below b ON k.parent = b.span)""",  # noqa: S608 - put together from constants; values are parameters
            f"""{found} AS MATERIALIZED (
                SELECT s.trace, s.span FROM {found}_any s SEMI JOIN {found}_below b ON s.span = b.span)""",  # noqa: S608 - put together from constants; values are parameters
        ]
