"""Two processes of a service side by side: did a change help? Says only what its counts bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.store.service_processes import Process
from junjo_desktop.store.service_verdicts import OperationDifference, Side, Verdict, differences

_SAMPLE = 400
"""Measurements of an operation that are compared one by one; more would not change what can be said."""
_MOST_OPERATIONS = 1_000


@dataclass(frozen=True, slots=True)
class OperationKey:
    """What tells operations of one service apart."""

    name: str
    span_type: str


@dataclass(frozen=True)
class ProcessComparison:
    """`left` is the earlier process. `operations`: those that call for a look first, then by how much time they took.

    `requests` compares all requests together: spans without a parent, and those that serve a call.
    """

    left: Process
    right: Process
    requests: OperationDifference
    operations: tuple[tuple[OperationKey, OperationDifference], ...]
    hidden_operations: int = 0

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """How many operations each verdict was passed on; one operation may have several."""
        found: dict[Verdict, int] = {}
        for _, difference in self.operations:
            for verdict in difference.verdicts:
                found[verdict] = found.get(verdict, 0) + 1
        return found


# Of durations, those of spans that did not fail: failing early is not being fast.
_SIDE = f"""
count(*), count(*) FILTER (is_error), count(*) FILTER (is_request),
quantile_disc(duration_ns, [0.5, 0.95]) FILTER (is_measured), count(*) FILTER (is_measured),
arg_min(duration_ns, place, {_SAMPLE}) FILTER (is_measured),
sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) FILTER (tells_tokens), count(*) FILTER (tells_tokens),
arg_min(coalesce(input_tokens, 0) + coalesce(output_tokens, 0), place, {_SAMPLE}) FILTER (tells_tokens)
"""
_SPANS = """
FROM (
    SELECT name, span_type, is_error, duration_ns, input_tokens, output_tokens, hash(trace_id, span_id) AS place,
        parent_span_id IS NULL OR kind IN (2, 5) AS is_request, NOT is_error AND duration_ns >= 0 AS is_measured,
        input_tokens IS NOT NULL OR output_tokens IS NOT NULL AS tells_tokens
    FROM spans
    WHERE service_name = ? AND resource_id IN (SELECT unnest(?::VARCHAR[])) AND start_ns BETWEEN ? AND ?
)
"""


def compare_processes(cursor: DuckDBPyConnection, left: Process, right: Process) -> ProcessComparison:
    """Return how `right` differs from `left`, whole operations and one by one."""
    requests, operations = zip(*(_sides(cursor, process) for process in (left, right)), strict=True)
    keys = sorted(
        {key for side in operations for key in side},
        key=lambda key: (-sum(side[key].spans for side in operations if key in side), key.name, key.span_type),
    )
    found = differences(
        {key: (operations[0].get(key), operations[1].get(key)) for key in keys[:_MOST_OPERATIONS]},
        left_requests=requests[0].spans,
        right_requests=requests[1].spans,
    )
    return ProcessComparison(
        left,
        right,
        differences({"": (requests[0], requests[1])}, left_requests=0, right_requests=0)[0][1],
        tuple(found),
        max(0, len(keys) - _MOST_OPERATIONS),
    )


def _sides(cursor: DuckDBPyConnection, process: Process) -> tuple[Side, dict[OperationKey, Side]]:
    values = [process.service_name, list(process.resource_ids), process.first_ns, process.last_ns]
    found = cursor.execute(f"SELECT name, span_type, {_SIDE} {_SPANS} GROUP BY ALL", values).fetchall()
    operations = {OperationKey(name, span_type): _side(row) for name, span_type, *row in found}
    [row] = cursor.execute(f"SELECT {_SIDE} {_SPANS} WHERE is_request", values).fetchall()
    return _side(row), operations


def _side(row: Sequence[Any]) -> Side:
    spans, errors, requests, quantiles, measured, durations, tokens, with_tokens, token_counts = row
    p50_ns, p95_ns = quantiles or (None, None)
    return Side(
        spans=spans,
        errors=errors,
        requests=requests,
        p50_ns=p50_ns,
        p95_ns=p95_ns,
        measured=measured,
        durations_ns=tuple(durations or ()),
        tokens=None if tokens is None else int(tokens),
        with_tokens=with_tokens,
        token_counts=tuple(int(count) for count in token_counts or ()),
    )
