"""Reads the calls of models that the spans of some traces tell of, as rows of `calls`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite
from operator import attrgetter
from typing import Any

import duckdb

from junjo_desktop.store.call_rows import KINDS, CallRow, ReadTraces, StaleTrace
from junjo_desktop.store.call_twins import without_twins
from junjo_desktop.telemetry.columns import LOG_COLUMNS, RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.counting import Sighting, Spot, counted
from junjo_desktop.telemetry.llm.excerpt import first_words
from junjo_desktop.telemetry.llm.prices.cost import Cost
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span

_FLOWS = frozenset(("workflow", "subflow", "agent"))
_NODES = frozenset(("node",))
_MOST_STEPS_UP = 10_000
"""What is sent may be a ring."""
_TOO_LARGE = 1 << 63
_FETCHED_AT_ONCE = 128

_OF_THESE = "trace_id IN (SELECT unnest($ids::VARCHAR[])) AND received_ns BETWEEN $first_ns AND $last_ns"
_SHAPE = f"SELECT trace_id, span_id, parent_span_id, span_type, name FROM spans WHERE {_OF_THESE}"  # noqa: S608 - our own words
_WHOLE = f"""
SELECT {", ".join(f"s.{column}" for column in SPAN_COLUMNS)}, {", ".join(f"r.{column}" for column in RESOURCE_COLUMNS)},
    {", ".join(f"o.{column}" for column in SCOPE_COLUMNS)}
FROM (SELECT * FROM spans WHERE {_OF_THESE} AND span_type IN ({KINDS})) s
JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id) ORDER BY s.trace_id, s.start_ns, s.span_id
"""  # noqa: S608 - our own words
_LOGS = f"""
SELECT {", ".join(f"l.{column}" for column in LOG_COLUMNS)}, {", ".join(f"r.{column}" for column in RESOURCE_COLUMNS)},
    {", ".join(f"o.{column}" for column in SCOPE_COLUMNS)}
FROM (SELECT * FROM logs WHERE trace_id IN (SELECT unnest($ids::VARCHAR[])) AND span_id IN (
    SELECT unnest($spans::VARCHAR[]))) l
JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id) ORDER BY l.time_ns, l.observed_ns
"""  # noqa: S608 - column names of the schema

Pricer = Callable[[LlmCall, Span], Cost]


def read_calls(cursor: duckdb.DuckDBPyConnection, traces: Sequence[StaleTrace], price: Pricer) -> ReadTraces:
    """Read the calls of these traces. Some 0.15 ms of processor a call, with the GIL held."""
    ids = [trace.trace_id for trace in traces]
    place = {
        "ids": ids,
        "first_ns": min(trace.first_received_ns for trace in traces),
        "last_ns": max(trace.last_received_ns for trace in traces),
    }
    spans = [Span.from_row(row) for row in _rows(cursor.execute(_WHOLE, place))]
    if not spans:
        return ReadTraces(traces, ())
    around = _Around(_rows(cursor.execute(_SHAPE, place)))
    logs = _logs_by_span(cursor, ids, [span.span_id for span in spans])
    rows: list[CallRow] = []
    for _, of_trace in groupby(spans, attrgetter("trace_id")):
        told = [(span, read_call(span, logs.get((span.trace_id, span.span_id), ()))) for span in of_trace]
        calls = [(span, call) for span, call in told if call is not None]
        counts = counted([Sighting.of(call, span) for span, call in calls], around.parents)
        rows += [_row(span, call, around, price(call, span), counts) for span, call in calls]
    return ReadTraces(traces, without_twins(cursor, rows))


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    """Yield what was found, few at a time: the GIL is held while rows are made."""
    while found := cursor.fetchmany(_FETCHED_AT_ONCE):
        yield from found


class _Around:
    """The spans of some traces by what they stand in."""

    def __init__(self, shape: Iterable[tuple[str, str, str | None, str, str]]) -> None:
        self._spans = {(trace_id, span_id): rest for trace_id, span_id, *rest in shape}
        self.parents: Mapping[Spot, str | None] = {spot: rest[0] for spot, rest in self._spans.items()}

    def nearest(self, spot: Spot, kinds: frozenset[str]) -> str | None:
        """Return the name of the nearest span around, of one of these kinds."""
        trace_id = spot[0]
        for _ in range(_MOST_STEPS_UP):
            found = self._spans.get(spot)
            if found is None or found[0] is None:
                return None
            spot = (trace_id, found[0])
            above = self._spans.get(spot)
            if above is not None and above[1] in kinds:
                return above[2]
        return None


def _logs_by_span(
    cursor: duckdb.DuckDBPyConnection, trace_ids: Sequence[str], span_ids: Sequence[str]
) -> dict[Spot, list[LogRecord]]:
    rows = _rows(cursor.execute(_LOGS, {"ids": list(trace_ids), "spans": list(span_ids)}))
    found: dict[Spot, list[LogRecord]] = {}
    for record in map(LogRecord.from_row, rows):
        if record.trace_id is not None and record.span_id is not None:
            found.setdefault((record.trace_id, record.span_id), []).append(record)
    return found


def _row(span: Span, call: LlmCall, around: _Around, cost: Cost, counts: frozenset[Spot]) -> CallRow:
    spot, usage, parameters = (span.trace_id, span.span_id), call.usage, call.parameters
    effort = parameters.get("reasoning_effort")
    return CallRow(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_span_id,
        service_name=span.service_name,
        operation=call.operation,
        provider=call.provider,
        request_model=call.request_model,
        response_model=call.response_model,
        response_id=call.response_id,
        conversation_id=call.conversation_id,
        user_id=call.user_id,
        agent_name=call.agent_name,
        workflow_name=around.nearest(spot, _FLOWS),
        node_name=around.nearest(spot, _NODES),
        start_ns=span.start_ns,
        duration_ns=span.duration_ns,
        time_to_first_token_ns=_whole(call.time_to_first_token_ns),
        finish_reason=call.finish_reasons[0] if call.finish_reasons else None,
        is_error=span.is_error,
        error_type=None if call.error is None else call.error.type,
        temperature=_number(parameters.get("temperature")),
        max_tokens=_whole(parameters.get("max_tokens")),
        reasoning_effort=effort if isinstance(effort, str) else None,
        input_tokens=None if usage is None else _whole(usage.input_tokens),
        output_tokens=None if usage is None else _whole(usage.output_tokens),
        cache_read_tokens=None if usage is None else _whole(usage.cache_read_tokens),
        cache_write_tokens=None if usage is None else _whole(usage.cache_write_tokens),
        reasoning_tokens=None if usage is None else _whole(usage.reasoning_tokens),
        is_counted=spot in counts,
        cost=_number(cost.dollars),
        cost_origin=cost.origin,
        priced_as=cost.priced_as,
        table_version=cost.table_version,
        first_words=first_words(call),
        is_captured=call.captured.is_complete,
        received_ns=span.received_ns,
        server_address=call.server_address,
        prompt_name=call.prompt_name,
        prompt_version=call.prompt_version,
        scope_name=span.scope.name,
    )


def _whole(value: object) -> int | None:
    found = _number(value)
    return int(found) if found is not None and abs(found) < _TOO_LARGE else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isfinite(value) else None
