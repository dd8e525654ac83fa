"""Structure of a query, `{…} > {…} >> {…}`, as SQL that finds the spans of the last braces."""

from __future__ import annotations

from typing import Literal

from junjo_desktop.store.query_reach import Among
from junjo_desktop.store.query_rows import SPAN_KEY, RowConditions
from junjo_desktop.telemetry.query.tree import Path, Relation

_TRACE = "hash(trace_id) AS trace"
_SPAN = f"{SPAN_KEY} AS span"
_PARENT = "if(parent_span_id IS NULL, NULL, hash(trace_id, parent_span_id)) AS parent"


def spans_of_path(path: Path, conditions: RowConditions, among: Among, wanted: Literal["trace", "span"]) -> str:
    """Return a query for the spans that a path of at least two ends at, or for their traces, as hashes."""
    where = [
        f"{among.all()}true" if span is None else f"{among.any_of(span)}{conditions.of(span)}" for span in path.spans
    ]
    tables = [f"found_0 AS MATERIALIZED (SELECT {_TRACE}, {_SPAN} FROM spans WHERE {where[0]})"]  # noqa: S608 - put together from constants; values are parameters
    for place, relation in enumerate(path.relations, start=1):
        tables += _step(f"found_{place - 1}", f"found_{place}", relation, where[place], among.all())
    return f"WITH RECURSIVE {', '.join(tables)} SELECT {wanted} FROM found_{len(path.relations)}"  # noqa: S608 - put together from constants; values are parameters


def _step(above: str, found: str, relation: Relation, where: str, among: str) -> list[str]:
    """Return the tables that find the spans of `where` below those of `above`."""
    if relation is Relation.CHILD:
        return [
            f"""{found} AS MATERIALIZED (
                SELECT s.trace, s.span FROM (SELECT {_TRACE}, {_SPAN}, {_PARENT} FROM spans WHERE {where}) s
                SEMI JOIN {above} a ON s.parent = a.span)"""  # noqa: S608 - put together from constants; values are parameters
        ]
    # Only traces with both are walked, downwards: every span is reached once, however deep, also in a circle.
    return [
        f"{found}_any AS MATERIALIZED (SELECT {_TRACE}, {_SPAN} FROM spans WHERE {where})",  # noqa: S608 - put together from constants; values are parameters
        f"""{found}_kin AS MATERIALIZED (
            SELECT {_SPAN}, {_PARENT} FROM spans
            WHERE {among}parent_span_id IS NOT NULL
            AND hash(trace_id) IN (SELECT trace FROM {above})
            AND hash(trace_id) IN (SELECT trace FROM {found}_any))""",  # noqa: S608 - put together from constants; values are parameters
        f"""{found}_below(span) AS (
            SELECT k.span FROM {found}_kin k JOIN {above} a ON k.parent = a.span
            UNION
            SELECT k.span FROM {found}_kin k JOIN {found}_below b ON k.parent = b.span)""",  # noqa: S608 - put together from constants; values are parameters
        f"""{found} AS MATERIALIZED (
            SELECT s.trace, s.span FROM {found}_any s SEMI JOIN {found}_below b ON s.span = b.span)""",  # noqa: S608 - put together from constants; values are parameters
    ]
