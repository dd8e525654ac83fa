"""Compares what was acknowledged with what is stored, span by span, field by field. Used by `crash`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.encode import encode_resource, encode_scope, encode_span
from junjo_desktop.telemetry.resource import Resource, Scope
from junjo_desktop.telemetry.span import Span
from tests.bench.crash_load import CrashLoad, halves
from tests.bench.load import number_of

_AT_ONCE = 20_000
_PAIRS_KEPT = 512
_EXAMPLES = 5

_TRACES = """
WITH made AS (
    SELECT trace_id, count(*) AS span_count, count(*) FILTER (is_error) AS error_count,
        count(*) FILTER (span_type = 'llm') AS llm_count,
        count(*) FILTER (junjo_span_type IN ('workflow', 'agent')) AS workflow_count,
        count(*) FILTER (parent_span_id IS NULL) AS root_count,
        arg_min(span_id, start_ns) FILTER (parent_span_id IS NULL) AS root_span_id,
        min(start_ns) AS start_ns, max(end_ns) AS end_ns,
        sum(input_tokens) FILTER (span_type IN ('llm', 'embedding')) AS input_tokens,
        sum(output_tokens) FILTER (span_type IN ('llm', 'embedding')) AS output_tokens
    FROM spans GROUP BY trace_id
)
SELECT trace_id FROM made m FULL JOIN traces t USING (trace_id)
WHERE (m.span_count, m.error_count, m.llm_count, m.workflow_count, m.root_count, m.root_span_id, m.start_ns, m.end_ns,
       m.input_tokens, m.output_tokens)
    IS DISTINCT FROM (t.span_count, t.error_count, t.llm_count, t.workflow_count, t.root_count, t.root_span_id,
       t.start_ns, t.end_ns, t.input_tokens, t.output_tokens)
"""
_TRACE_SERVICES = """
SELECT trace_id FROM (SELECT trace_id, service_name, count(*) AS spans FROM spans GROUP BY ALL) m
FULL JOIN trace_services t USING (trace_id, service_name) WHERE m.spans IS DISTINCT FROM t.span_count
"""
_SERVICES = """
SELECT service_name
FROM (SELECT service_name, count(*) AS spans, count(*) FILTER (is_error) AS errors FROM spans GROUP BY ALL) m
FULL JOIN services s USING (service_name)
WHERE (m.spans, m.errors) IS DISTINCT FROM (s.span_count, s.error_count)
"""


@dataclass(slots=True)
class Findings:
    """How many spans are wrong, in which way, with examples; and rows of derived tables that disagree with spans."""

    stored: int = 0
    missing: int = 0
    duplicated: int = 0
    torn: int = 0
    unknown: int = 0
    derived: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, example: str) -> None:
        """Keep an example, as long as there are few."""
        if len(self.examples) < _EXAMPLES:
            self.examples.append(example)


@dataclass(slots=True)
class _Pair:
    """The spans of two requests with common traces, by id, each with the place of its mark."""

    spans: dict[tuple[bytes, bytes], tuple[int, OtlpSpan]]
    origin: ResourceSpans


class _Sent:
    """Requests as they were sent, made again from the seed; the last ones are kept."""

    def __init__(self, load: CrashLoad) -> None:
        self._load = load
        self._kept: OrderedDict[int, _Pair] = OrderedDict()

    def pair(self, number: int) -> _Pair:
        found = self._kept.get(number)
        if found is None:
            found = self._kept[number] = self._made(number)
            if len(self._kept) > _PAIRS_KEPT:
                self._kept.popitem(last=False)
        return found

    def _made(self, number: int) -> _Pair:
        spans: dict[tuple[bytes, bytes], tuple[int, OtlpSpan]] = {}
        for half in halves(number):
            origin = self._load.request(half).resource_spans[0]
            for span in origin.scope_spans[0].spans:
                spans[span.trace_id, span.span_id] = (len(spans), span)
        return _Pair(spans, origin)


def check(database: Path, load: CrashLoad, acknowledged: set[int], sent: int) -> Findings:
    """Compare; `sent` is a number that no request has reached. The database is only read."""
    findings = Findings()
    with duckdb.connect(str(database), read_only=True) as connection:
        seen = _check_spans(connection, _Sent(load), sent, findings)
        for statement in (_TRACES, _TRACE_SERVICES, _SERVICES):
            wrong = connection.execute(statement).fetchall()
            findings.derived += len(wrong)
            for row in wrong[:1]:
                findings.note(f"{statement.split('FROM')[-1].split()[0]}: {row[0]}")
    _check_requests(load, seen, acknowledged, findings)
    return findings


def _check_spans(
    connection: duckdb.DuckDBPyConnection, sent: _Sent, end: int, findings: Findings
) -> dict[int, bytearray]:
    """Check each stored span; return for each pair how often each of its spans is there."""
    seen: dict[int, bytearray] = {}
    for span in _stored_spans(connection):
        findings.stored += 1
        number = number_of(span.trace_id)
        pair = sent.pair(number)
        place, expected = pair.spans.get((bytes.fromhex(span.trace_id), bytes.fromhex(span.span_id)), (-1, None))
        if expected is None or number * 2 >= end:
            findings.unknown += 1
            findings.note(f"unknown: {span.trace_id} {span.span_id}")
            continue
        seen.setdefault(number, bytearray(len(pair.spans)))[place] += 1
        if seen[number][place] > 1:
            findings.duplicated += 1
            findings.note(f"duplicated: {span.trace_id} {span.span_id}")
        if encode_span(span) != expected or not _is_origin(span, pair.origin):
            findings.torn += 1
            findings.note(f"torn: {span.trace_id} {span.span_id}")
    return seen


def _is_origin(span: Span, sent: ResourceSpans) -> bool:
    return encode_resource(span.resource) == sent.resource and encode_scope(span.scope) == sent.scope_spans[0].scope


def _check_requests(load: CrashLoad, seen: dict[int, bytearray], acknowledged: set[int], findings: Findings) -> None:
    """What is acknowledged is there, and what is not is there as a whole or not at all."""
    for pair in {number // 2 for number in acknowledged} | seen.keys():
        counts = seen.get(pair, b"")
        first = 0
        for half in halves(pair):
            size = load.spans(half)
            absent = size - sum(count > 0 for count in counts[first : first + size])
            first += size
            if half in acknowledged and absent:
                findings.missing += absent
                findings.note(f"missing: {absent} of {size} spans of request {half}")
            elif half not in acknowledged and 0 < absent < size:
                findings.torn += size - absent
                findings.note(f"torn: {size - absent} of {size} spans of request {half}, which was not acknowledged")


def _stored_spans(connection: duckdb.DuckDBPyConnection) -> Iterator[Span]:
    resources = {row[0]: Resource(*row) for row in _all(connection, "resources", RESOURCE_COLUMNS)}
    scopes = {row[0]: Scope(*row) for row in _all(connection, "scopes", SCOPE_COLUMNS)}
    resource, scope = SPAN_COLUMNS.index("resource_id"), SPAN_COLUMNS.index("scope_id")
    [(last,)] = connection.execute("SELECT coalesce(max(rowid), -1) FROM spans").fetchall()
    for first in range(0, last + 1, _AT_ONCE):
        # In portions of row ids: the whole table at once would not fit in memory.
        rows = connection.execute(
            f"SELECT {', '.join(SPAN_COLUMNS)} FROM spans WHERE rowid BETWEEN ? AND ?",  # noqa: S608 - our own names
            [first, first + _AT_ONCE - 1],
        ).fetchall()
        for row in rows:
            fields = dict(zip(SPAN_COLUMNS, row, strict=True))
            yield Span(**fields, resource=resources[row[resource]], scope=scopes[row[scope]])


def _all(connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608 - our own names
