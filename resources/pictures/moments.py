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


def longest_trace(cursor: DuckDBPyConnection, name: str) -> tuple[str, str]:
    """Return the trace with most spans of those of a name, and its root."""
    trace_id, root = _first(
        cursor,
        "SELECT trace_id, root_span_id FROM traces WHERE name = ? AND root_span_id IS NOT NULL"
        " ORDER BY span_count DESC, duration_ns DESC LIMIT 1",
        name,
    )
    return trace_id, root


def span_in(cursor: DuckDBPyConnection, trace_id: str, name: str) -> str:
    """Return the first span of a name in a trace."""
    (span_id,) = _first(
        cursor, "SELECT span_id FROM spans WHERE trace_id = ? AND name = ? ORDER BY start_ns LIMIT 1", trace_id, name
    )
    return span_id


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
    """Return trace and span of the slowest but one of the spans of a name."""
    trace_id, span_id = _first(
        cursor,
        "SELECT trace_id, span_id FROM spans WHERE service_name = ? AND name = ? ORDER BY duration_ns DESC"
        " LIMIT 1 OFFSET 1",
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
