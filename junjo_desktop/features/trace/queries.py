"""What the Trace page reads: the summary and narrow rows of a trace, marks of its events, and one span whole."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.trace.columns import SpanColumns, SpanRows
from junjo_desktop.features.trace.reading import read_spans
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.store.call_costs import kept_cost
from junjo_desktop.store.trace_logs import read_span_logs
from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.query.hits import texts_of
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.inspector.detail import SpanDetail, linked_traces
from junjo_desktop.widgets.inspector.detail import span_detail as make_detail

EVENT_MARKS_PER_SPAN = 200


@dataclass(frozen=True, slots=True)
class TraceHead:
    """The summary of a trace. Times in nanoseconds since the epoch; tokens are None when no call told any."""

    trace_id: str
    root_span_id: str | None
    name: str
    service_name: str
    start_ns: int
    duration_ns: int
    span_count: int
    error_count: int
    llm_count: int
    input_tokens: int | None
    output_tokens: int | None
    dropped_count: int
    replaced_count: int
    first_received_ns: int
    last_received_ns: int
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceSpans:
    """A trace as the lenses need it, in order of start, then id."""

    head: TraceHead
    columns: SpanColumns
    parents: array[int]
    """By position; -1 for none, or one that is not stored."""

    @property
    def spans(self) -> Sequence[SpanRow]:
        """The spans as rows, each made when it is asked for."""
        return SpanRows(self.columns)


@dataclass(frozen=True, slots=True)
class EventMark:
    """Where an event stands on its span's bar."""

    time_ns: int
    name: str

    @property
    def is_exception(self) -> bool:
        """Whether it records an exception."""
        return self.name == "exception"


def trace_head(cursor: DuckDBPyConnection, trace_id: str) -> TraceHead:
    """Return the summary of a trace. Raises `NotFoundError`."""
    found = cursor.execute(
        """
        SELECT trace_id, root_span_id, name, service_name, start_ns, duration_ns, span_count, error_count, llm_count,
            input_tokens, output_tokens, dropped_count, replaced_count, first_received_ns, last_received_ns,
            (SELECT list(service_name ORDER BY span_count DESC, service_name)
             FROM trace_services s WHERE s.trace_id = t.trace_id)
        FROM traces t WHERE trace_id = $trace_id
        """,
        {"trace_id": trace_id},
    ).fetchone()
    if found is None:
        raise NotFoundError(
            f"The trace {trace_id} is not stored here.",
            "It may not have arrived yet, or its telemetry was deleted.",
        )
    row = (*found[:-1], tuple(found[-1] or ()))
    return TraceHead(*row)


def trace_spans(cursor: DuckDBPyConnection, head: TraceHead) -> TraceSpans:
    """Return all spans of a trace, narrow."""
    found = read_spans(cursor, _OF_TRACE, _of_trace(head))
    return TraceSpans(head, found.columns, found.parents)


def event_marks(
    cursor: DuckDBPyConnection, head: TraceHead, span_ids: Sequence[str]
) -> dict[str, tuple[EventMark, ...]]:
    """Return, by id of those spans that have any, where events stand; at most `EVENT_MARKS_PER_SPAN` of each."""
    found = cursor.execute(
        f"""
        SELECT span_id, json_extract_string(events, '$[*].timeUnixNano')[:{EVENT_MARKS_PER_SPAN}],
            json_extract_string(events, '$[*].name')[:{EVENT_MARKS_PER_SPAN}]
        FROM spans WHERE event_count > 0 AND span_id IN (SELECT unnest($span_ids::VARCHAR[])) AND {_OF_TRACE}
        """,  # noqa: S608 - only constants of this module
        {**_of_trace(head), "span_ids": list(span_ids)},
    ).fetchall()
    return {
        span_id: tuple(EventMark(int(time or 0), name or "") for time, name in zip(times, names, strict=False))
        for span_id, times, names in found
    }


def span_detail(cursor: DuckDBPyConnection, head: TraceHead, span_id: str) -> SpanDetail | None:
    """Return one span whole; None when it is no longer stored."""
    found = cursor.execute(
        f"""
        SELECT {", ".join(f"s.{column}" for column in SPAN_COLUMNS)},
            {", ".join(f"r.{column}" for column in RESOURCE_COLUMNS)},
            {", ".join(f"o.{column}" for column in SCOPE_COLUMNS)}
        FROM spans s JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
        WHERE {_OF_TRACE} AND span_id = $span_id
        """,  # noqa: S608 - column names of the schema
        {**_of_trace(head), "span_id": span_id},
    ).fetchone()
    if found is None:
        return None
    span = Span.from_row(found)
    logs = read_span_logs(cursor, head.trace_id, span_id)
    cost = kept_cost(cursor, span)
    return make_detail(span, stored_traces(cursor, linked_traces(span)), *logs, cost)


def find_spans(cursor: DuckDBPyConnection, head: TraceHead, text: str) -> frozenset[str]:
    """Return the ids of spans in whose names, ids, status, attributes, events or log records `text` stands.

    Case does not matter. Of several texts (`refund OR "card declined"`) one is enough.
    """
    parameters: dict[str, object] = {**_of_trace(head)}
    spans, logs = [], []
    for place, one in enumerate(texts_of(text)):
        # Attributes and events are JSON text: what was typed is looked for as JSON writes it.
        parameters |= {
            f"text{place}": one.lower(),
            f"json{place}": json.dumps(one, ensure_ascii=False)[1:-1].lower(),
        }
        spans.append(_SPAN_HAS.format(text=f"$text{place}", json=f"$json{place}"))
        logs.append(_LOG_HAS.format(text=f"$text{place}", json=f"$json{place}"))
    found = cursor.execute(
        f"""
        SELECT span_id FROM spans WHERE {_OF_TRACE} AND ({" OR ".join(spans)})
        UNION
        SELECT span_id FROM logs WHERE trace_id = $trace_id AND span_id IS NOT NULL AND ({" OR ".join(logs)})
        """,  # noqa: S608 - only constants of this module
        parameters,
    ).fetchall()
    return frozenset(span_id for (span_id,) in found)


def stored_traces(cursor: DuckDBPyConnection, trace_ids: Sequence[str]) -> frozenset[str]:
    """Return which of `trace_ids` are stored."""
    found = cursor.execute(
        "SELECT trace_id FROM traces WHERE trace_id IN (SELECT unnest($ids))", {"ids": list(trace_ids)}
    ).fetchall()
    return frozenset(trace_id for (trace_id,) in found)


_SPAN_HAS = """starts_with(span_id, {text}) OR contains(lower(name), {text}) OR contains(lower(service_name), {text})
    OR contains(span_type, {text}) OR contains(lower(status_message), {text}) OR contains(lower(attributes), {json})
    OR (event_count > 0 AND contains(lower(events), {json}))"""
_LOG_HAS = """contains(lower(body_text), {text}) OR contains(lower(body_text), {json})
    OR contains(lower(event_name), {text}) OR contains(lower(attributes), {json})"""
# Spans are stored in the order they came in: the times of receipt let DuckDB skip every other row group.
_OF_TRACE = "trace_id = $trace_id AND received_ns BETWEEN $first_received_ns AND $last_received_ns"


def _of_trace(head: TraceHead) -> dict[str, object]:
    return {
        "trace_id": head.trace_id,
        "first_received_ns": head.first_received_ns,
        "last_received_ns": head.last_received_ns,
    }
