"""Reads the spans of a trace as columns: DuckDB sorts, numbers and joins; no object is made for a span. Qt-free."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from junjo_desktop.features.trace.columns import NO_TOKENS, Label, ParentIds, SpanColumns
from junjo_desktop.features.trace.span_ids import PackedIds

if TYPE_CHECKING:
    from arro3.core import Table
    from duckdb import DuckDBPyConnection


_LATE_NS = 60 * 10**9
"""A span is late when it is received so long after the (last) root span."""


@dataclass(frozen=True, slots=True)
class ReadSpans:
    """Spans in order of start, then id; `parents` by position, -1 for none or one that is not stored."""

    columns: SpanColumns
    parents: array[int]


def read_spans(cursor: DuckDBPyConnection, condition: str, bound: dict[str, object]) -> ReadSpans:
    """Return the spans that a condition on `spans` finds: those of one trace."""
    # What many spans share is told once: names would be most of the memory.
    labels, numbered = _labels(cursor, condition, bound)
    spans = _table(
        cursor,
        f"""
        SELECT row_number() OVER (ORDER BY start_ns, span_id) - 1 AS position,
            {_bits("span_id")} AS id,
            CASE WHEN parent_span_id IS NULL THEN 0 ELSE {_bits("parent_span_id")} END AS parent,
            start_ns, end_ns, code, is_error::BIGINT AS failed, event_count::BIGINT AS event_count,
            CASE WHEN span_type IN ('llm', 'embedding')
                THEN coalesce(input_tokens + output_tokens, input_tokens, output_tokens, {NO_TOKENS})
                ELSE {NO_TOKENS} END AS tokens,
            dropped_attributes_count::BIGINT + dropped_events_count + dropped_links_count AS dropped,
            coalesce(received_ns - max(received_ns) FILTER (WHERE parent_span_id IS NULL) OVER () > {_LATE_NS}, false)
                ::BIGINT AS late
        FROM (SELECT *, {_IS_RUN} AS is_run FROM spans WHERE {condition})
        JOIN numbered_labels USING (resource_id, service_name, name, span_type, is_run)
        ORDER BY position
        """,  # noqa: S608 - conditions and constants of this feature
        bound,
        numbered_labels=numbered,
    )
    parents = _table(
        cursor,
        """
        SELECT coalesce(above.position, -1)::BIGINT AS place
        FROM numbered_spans below LEFT JOIN numbered_spans above ON below.parent = above.id ORDER BY below.position
        """,
        {},
        numbered_spans=spans,
    )
    columns = SpanColumns(
        ids=PackedIds(_packed(spans, "id")),
        parent_ids=ParentIds(_packed(spans, "parent")),
        labels=labels,
        label_of=array("i", _numbers(spans, "code")),
        starts=_numbers(spans, "start_ns"),
        ends=_numbers(spans, "end_ns"),
        failed=bytes(iter(_numbers(spans, "failed"))),
        event_counts=array("i", _numbers(spans, "event_count")),
        tokens=_numbers(spans, "tokens"),
        dropped=_sparse(_numbers(spans, "dropped")),
        late=frozenset(_sparse(_numbers(spans, "late"))),
    )
    return ReadSpans(columns, array("i", _numbers(parents, "place")))


def _bits(column: str) -> str:
    """Return the 64 bits of an id, which all are of sixteen digits, as a signed number: what columns can be read of."""
    number, half = f"('0x' || {column})::UBIGINT", "9223372036854775808::UBIGINT"
    negative = f"({number} - {half})::BIGINT - 9223372036854775807 - 1"
    return f"CASE WHEN {number} < {half} THEN {number}::BIGINT ELSE {negative} END"


_IS_RUN = "coalesce(junjo_span_type IN ('workflow', 'subflow', 'agent'), false)"


def _labels(cursor: DuckDBPyConnection, condition: str, bound: dict[str, object]) -> tuple[tuple[Label, ...], Table]:
    """Return the labels, and a relation that says which one a span has."""
    from arro3.core import Array, DataType, Table

    found = cursor.execute(
        f"""
        WITH found AS (
            SELECT DISTINCT resource_id, service_name, name, span_type, {_IS_RUN} AS is_run
            FROM spans WHERE {condition})
        SELECT found.*, coalesce(json_extract_string(resources.attributes, '$."host.name"'), '')
        FROM found LEFT JOIN resources USING (resource_id) ORDER BY ALL
        """,  # noqa: S608 - conditions and constants of this feature
        bound,
    ).fetchall()
    codes: dict[Label, int] = {}
    numbers = [codes.setdefault(Label(*row[1:]), len(codes)) for row in found]
    columns = list(zip(*found, strict=True)) or [()] * 6
    text, integer = DataType.string(), DataType.int64()
    arrays = [Array(column, text) for column in columns[:4]]
    arrays += [Array(columns[4], DataType.bool()), Array(numbers, integer)]
    names = ["resource_id", "service_name", "name", "span_type", "is_run", "code"]
    return tuple(codes), Table.from_arrays(arrays, names=names)


def _table(cursor: DuckDBPyConnection, query: str, bound: dict[str, object], **relations: Table) -> Table:
    """Return the rows of a query as columns; `relations` are read by their names."""
    from arro3.core import Table

    for name, relation in relations.items():
        cursor.register(name, relation)
    try:
        return Table.from_arrow(cursor.sql(query, params=bound or None))
    finally:
        for name in relations:
            cursor.unregister(name)


def _packed(table: Table, column: str) -> bytes:
    """Return a column of BIGINT as it lies in memory."""
    values: Any = table.column(column).combine_chunks()  # its stubs do not know `buffer`
    return bytes(memoryview(values.buffer())) if len(values) else b""


def _numbers(table: Table, column: str) -> array[int]:
    values: array[int] = array("q")
    values.frombytes(_packed(table, column))
    return values


def _sparse(values: array[int]) -> dict[int, int]:
    if not any(values):
        return {}
    return {position: value for position, value in enumerate(values) if value}
