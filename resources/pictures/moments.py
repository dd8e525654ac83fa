"""The traces, spans and runs of the samples that show a page best, looked for: each replay gives them other ids."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

_SUBFLOW = "trace_id IN (SELECT trace_id FROM executions WHERE name = 'AnswerSubflow' AND outcome = '{}')"
DRAFTS = f"name = 'handle_message' AND outcome = 'failed' AND {_SUBFLOW.format('failed')}"
ANSWERED = f"name = 'handle_message' AND outcome = 'completed' AND {_SUBFLOW.format('completed')}"
FAILED_AGENT = "type = 'agent' AND outcome = 'failed'"
SECOND_DRAFT = 6
"""The update by which the answer is drafted again."""


def run(cursor: DuckDBPyConnection, condition: str) -> tuple[str, str, str]:
    """Return trace, span and runtime id of the newest run that fits."""
    trace_id, span_id, runtime_id = _first(
        cursor,
        f"SELECT trace_id, span_id, runtime_id FROM executions WHERE {condition} ORDER BY start_ns DESC LIMIT 1",  # noqa: S608 - our own words
    )
    return trace_id, span_id, runtime_id


def answer_store(cursor: DuckDBPyConnection, trace_id: str) -> str:
    """Return the id of the store of the subflow that answers."""
    (store_id,) = _first(
        cursor,
        "SELECT attributes ->> '$.\"junjo.workflow.store.id\"' FROM spans"
        " WHERE trace_id = ? AND name = 'AnswerSubflow' AND junjo_span_type = 'subflow'",
        trace_id,
    )
    return store_id


def failed_model_call(cursor: DuckDBPyConnection) -> tuple[str, str]:
    """Return the trace with most spans among those that failed, and its first model call."""
    trace_id, span_id = _first(
        cursor,
        "SELECT s.trace_id, s.span_id FROM spans s JOIN traces t USING (trace_id)"
        " WHERE s.span_type = 'llm' AND t.error_count > 0 AND t.root_span_id IS NOT NULL"
        " ORDER BY t.span_count DESC, s.start_ns LIMIT 1",
    )
    return trace_id, span_id


def longest_trace(cursor: DuckDBPyConnection, name: str, inside: str) -> tuple[str, str]:
    """Return the trace with most spans of those of a name that did not fail, and its first span named `inside`."""
    trace_id, span_id = _first(
        cursor,
        "SELECT t.trace_id, s.span_id FROM traces t JOIN spans s USING (trace_id)"
        " WHERE t.name = ? AND s.name = ? AND t.error_count = 0 AND t.root_span_id IS NOT NULL"
        " ORDER BY t.span_count DESC, t.duration_ns DESC, s.start_ns LIMIT 1",
        name,
        inside,
    )
    return trace_id, span_id


def call_with_tool(cursor: DuckDBPyConnection) -> tuple[str, str]:
    """Return trace and span of the newest call that asked for a tool of a program of many steps."""
    trace_id, span_id = _first(
        cursor,
        "SELECT c.trace_id, c.span_id FROM calls c JOIN traces t USING (trace_id) WHERE c.service_name = ?"
        " AND c.finish_reason = 'tool_calls' AND t.root_span_id IS NOT NULL ORDER BY c.start_ns DESC LIMIT 1",
        "checkout-agent",
    )
    return trace_id, span_id


def longest_conversation(cursor: DuckDBPyConnection) -> tuple[str]:
    """Return the id of the conversation with most calls over several traces."""
    (conversation_id,) = _first(
        cursor,
        "SELECT conversation_id FROM calls WHERE conversation_id IS NOT NULL GROUP BY conversation_id"
        " ORDER BY count(DISTINCT trace_id) DESC, count(*) DESC, max(start_ns) DESC LIMIT 1",
    )
    return (conversation_id,)


def two_traces(cursor: DuckDBPyConnection, name: str) -> tuple[str, str]:
    """Return the longest trace of a name that succeeded, and the longest that failed."""
    found = [
        _first(
            cursor,
            f"SELECT trace_id FROM traces WHERE name = ? AND error_count {errors} AND root_span_id IS NOT NULL"  # noqa: S608 - one of two
            " ORDER BY span_count DESC, duration_ns DESC LIMIT 1",
            name,
        )[0]
        for errors in ("= 0", "> 0")
    ]
    return found[0], found[1]


def slow_span(cursor: DuckDBPyConnection, service: str, name: str) -> tuple[str, str]:
    """Return trace and span of the slowest but 25 of the spans of a name."""
    trace_id, span_id = _first(
        cursor,
        "SELECT trace_id, span_id FROM spans WHERE service_name = ? AND name = ? ORDER BY duration_ns DESC"
        " LIMIT 1 OFFSET 25",
        service,
        name,
    )
    return trace_id, span_id


def most_logged(cursor: DuckDBPyConnection) -> tuple[str, str]:
    """Return the newest trace of those that logged most, and the span of its longest record."""
    trace_id, span_id = _first(
        cursor,
        "SELECT trace_id, arg_max(span_id, length(body_text)) FROM logs WHERE trace_id IS NOT NULL GROUP BY trace_id"
        " ORDER BY count(*) DESC, max(time_ns) DESC LIMIT 1",
    )
    return trace_id, span_id


def _first(cursor: DuckDBPyConnection, question: str, *values: object) -> tuple[str, ...]:
    row = cursor.execute(question, list(values)).fetchone()
    if row is None or any(value is None for value in row):
        raise LookupError(f"the samples have no answer to: {question}")
    return tuple(str(value) for value in row)
