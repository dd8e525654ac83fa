"""Reads one conversation off the GUI thread: its calls in the order of time, whole. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.conversations.listings import ConversationRow
from junjo_desktop.features.conversations.queries import rows
from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.store.query_calls import CONVERSATION_KEY as KEY
from junjo_desktop.store.query_rows import SPAN_KEY
from junjo_desktop.store.trace_logs import read_trace_logs
from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, SPAN_COLUMNS
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.llm.step_reading import read_tool_call
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.span import Span
from junjo_desktop.widgets.conversation.assembly import cut_note
from junjo_desktop.widgets.conversation.entries import Entry, Way
from junjo_desktop.widgets.conversation.pane import Said
from junjo_desktop.widgets.conversation.turns import Ledger, ToolRun, Turn, turn_of
from junjo_desktop.widgets.figures import cost_text

MOST_CALLS = 1_000
_AT_ONCE = 64

_COLUMNS = ", ".join(
    (
        *(f"s.{column}" for column in SPAN_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
)


class _Call(NamedTuple):
    trace_id: str
    span_id: str
    received_ns: int
    cost: float | None
    cost_origin: str


@dataclass(frozen=True)
class Conversation:
    """A conversation as it is shown. `calls` names what was read, so that it is seen whether there is more."""

    row: ConversationRow
    said: Said
    calls: tuple[object, ...]


@dataclass(frozen=True)
class _Finish:
    """Gives an entry the cost of its call and the way to its span."""

    traces: dict[str, str]
    costs: dict[str, str]

    def __call__(self, entry: Entry) -> Entry:
        kind = entry.key[0] if isinstance(entry.key, tuple) else ""
        if kind not in ("call", "tool", "run") or entry.span_id not in self.traces:
            return entry
        way = Way("Open in trace", OpenTrace(self.traces[entry.span_id], entry.span_id), "traces")
        cost = self.costs.get(entry.span_id, "") if kind == "call" and not entry.facts.startswith("choice ") else ""
        return replace(entry, facts=" · ".join(part for part in (entry.facts, cost) if part), ways=(*entry.ways, way))


def read_conversation(cursor: DuckDBPyConnection, key: str) -> Conversation | None:
    """Return a conversation by its key; None when none of its calls is stored."""
    row = rows(cursor, [key]).get(key)
    if row is None:
        return None
    calls = _calls(cursor, key)
    ledger, turns, runs = Ledger(), list[Turn](), list[ToolRun]()
    with collection_held_back():
        for span, logs in _spans(cursor, calls):
            if (call := read_call(span, logs)) is not None:
                turns.append(turn_of(call, ledger, span.name, span.start_ns, span.end_ns))
        for span in _tool_spans(cursor, key, sorted({call.trace_id for call in calls})):
            if (tool := read_tool_call(span, ())) is not None:
                runs.append(ToolRun(span.span_id, span.start_ns, span.end_ns, span.is_error, tool))
    traces = {turn.span_id: turn.call.trace_id for turn in turns} | {run.span_id: run.tool.trace_id for run in runs}
    finish = _Finish(traces, {call.span_id: _cost(call) for call in calls})
    cut = (cut_note(len(turns), row.calls),) if row.calls > MOST_CALLS else ()
    said = Said(tuple(turns), tuple(runs), ledger, finished=finish, remarks=cut)
    return Conversation(row, said, (row, *calls, len(runs)))


def _cost(call: _Call) -> str:
    return "local" if call.cost_origin == "local" else cost_text(call.cost)


def _calls(cursor: DuckDBPyConnection, key: str) -> list[_Call]:
    found = cursor.execute(
        f"""
        SELECT trace_id, span_id, received_ns, cost, cost_origin FROM calls WHERE is_counted AND {KEY} = $key
        ORDER BY start_ns, span_id LIMIT {MOST_CALLS}
        """,  # noqa: S608 - only constants of this module and its neighbour
        {"key": key},
    ).fetchall()
    return [_Call(*call) for call in found]


def _spans(cursor: DuckDBPyConnection, calls: Sequence[_Call]) -> Iterator[tuple[Span, tuple[LogRecord, ...]]]:
    """Yield the spans of calls, in the order given, each with its log records; those that are gone are left out."""
    for first in range(0, len(calls), _AT_ONCE):
        wanted = calls[first : first + _AT_ONCE]
        found = _read(
            cursor,
            f"received_ns BETWEEN $first_ns AND $last_ns AND {SPAN_KEY} IN ("
            "SELECT hash(unnest($traces::VARCHAR[]), unnest($spans::VARCHAR[])))",
            {
                "first_ns": min(call.received_ns for call in wanted),
                "last_ns": max(call.received_ns for call in wanted),
                "traces": [call.trace_id for call in wanted],
                "spans": [call.span_id for call in wanted],
            },
        )
        by_id = {(span.trace_id, span.span_id): span for span in found}
        logs = _logs(cursor, wanted)
        for call in wanted:
            place = call.trace_id, call.span_id
            if place in by_id:
                yield by_id[place], tuple(log for log in logs if (log.trace_id, log.span_id) == place)


def _logs(cursor: DuckDBPyConnection, calls: Sequence[_Call]) -> list[LogRecord]:
    by_trace: dict[str, list[str]] = {}
    for call in calls:
        by_trace.setdefault(call.trace_id, []).append(call.span_id)
    logged = "SELECT 1 FROM logs WHERE trace_id IN (SELECT unnest($ids::VARCHAR[])) LIMIT 1"
    if cursor.execute(logged, {"ids": [*by_trace]}).fetchone() is None:
        return []
    return [log for trace_id, span_ids in by_trace.items() for log in read_trace_logs(cursor, trace_id, span_ids)]


def _tool_spans(cursor: DuckDBPyConnection, key: str, trace_ids: Sequence[str]) -> list[Span]:
    """Return the runs of tools in those traces that hold no other conversation."""
    own = cursor.execute(
        f"""
        SELECT t.trace_id, first_received_ns, last_received_ns FROM traces t
        JOIN (SELECT trace_id FROM calls WHERE trace_id IN (SELECT unnest($ids)) GROUP BY trace_id
            HAVING bool_and({KEY} = $key)) USING (trace_id)
        """,  # noqa: S608 - only constants of this module and its neighbour
        {"ids": list(trace_ids), "key": key},
    ).fetchall()
    if not own:
        return []
    return _read(
        cursor,
        "span_type = 'tool' AND received_ns BETWEEN $first_ns AND $last_ns AND trace_id IN (SELECT unnest($ids))",
        {
            "ids": [trace_id for trace_id, _, _ in own],
            "first_ns": min(first_ns for _, first_ns, _ in own),
            "last_ns": max(last_ns for _, _, last_ns in own),
        },
    )


def _read(cursor: DuckDBPyConnection, where: str, parameters: dict[str, Any]) -> list[Span]:
    found = cursor.execute(
        f"""
        SELECT {_COLUMNS} FROM (SELECT * FROM spans WHERE {where} LIMIT {4 * MOST_CALLS}) s
        JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id) ORDER BY s.start_ns, s.span_id
        """,  # noqa: S608 - column names of the schema, and conditions of this module
        parameters,
    ).fetchall()
    return [Span.from_row(row) for row in found]
