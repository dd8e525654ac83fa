"""The calls of models as the command line asks for them: a list, one call whole, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UsageError
from junjo_desktop.store.call_rows import unread_count
from junjo_desktop.store.keyset import Key, checked_limit, page_of, trace_id_of
from junjo_desktop.store.lookup import DEFAULT_LIMIT
from junjo_desktop.store.lookup import span as stored_span
from junjo_desktop.store.trace_logs import read_span_logs
from junjo_desktop.telemetry.llm.call_json import call_json
from junjo_desktop.telemetry.llm.reading import read_call

_LISTED = (
    *("start_ns", "trace_id", "span_id", "service_name", "operation", "provider", "request_model", "response_model"),
    *("duration_ns", "time_to_first_token_ns", "finish_reason", "is_error", "error_type", "conversation_id"),
    *("agent_name", "workflow_name", "node_name", "first_words", "cost", "cost_origin", "priced_as", "is_counted"),
)
_USAGE = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")

GROUPS = {
    "model": "coalesce(response_model, request_model, '')",
    "provider": "coalesce(provider, '')",
    "service": "service_name",
    "workflow": "coalesce(workflow_name, '')",
    "node": "coalesce(node_name, '')",
    "conversation": "coalesce(conversation_id, '')",
    "day": "strftime(make_timestamptz(start_ns // 1000), '%Y-%m-%d')",
}
"""What usage can be told by; '' is what has none. Days are those of the local time zone."""


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call in a list, as JSON."""

    row: dict[str, Any]
    cursor: str

    def to_json(self) -> dict[str, Any]:
        """The call, with its cursor."""
        return {**self.row, "cursor": self.cursor}


def calls(
    cursor: DuckDBPyConnection,
    service: str | None = None,
    model: str | None = None,
    provider: str | None = None,
    trace_id: str | None = None,
    failed: bool = False,
    since_ns: int | None = None,
    until_ns: int | None = None,
    limit: int = DEFAULT_LIMIT,
    before: str | None = None,
) -> list[ListedCall]:
    """Return calls, newest first. A model is any part of its name, in small or capital letters. Raises `UsageError`."""
    where, values = _condition(service, model, provider, trace_id, failed, since_ns, until_ns)
    page, page_values = page_of(before)
    found = cursor.execute(
        f"""
        SELECT {", ".join((*_LISTED, *_USAGE))} FROM calls WHERE {where} AND {page}
        ORDER BY start_ns DESC, trace_id DESC, span_id DESC LIMIT ?
        """,  # noqa: S608 - our own names; values are parameters
        [*values, *page_values, checked_limit(limit)],
    ).fetchall()
    return [_listed(row) for row in found]


def listed_calls(cursor: DuckDBPyConnection, numbers: Sequence[int]) -> list[ListedCall]:
    """Return the calls in these rows, in this order."""
    found = cursor.execute(
        f"""
        SELECT rowid, {", ".join((*_LISTED, *_USAGE))} FROM calls WHERE rowid IN (SELECT unnest(?::BIGINT[]))
        """,  # noqa: S608 - our own names
        [list(numbers)],
    ).fetchall()
    by_number = {number: _listed(tuple(values)) for number, *values in found}
    return [by_number[number] for number in numbers if number in by_number]


def usage(
    cursor: DuckDBPyConnection,
    by: str = "model",
    service: str | None = None,
    since_ns: int | None = None,
    until_ns: int | None = None,
) -> list[dict[str, Any]]:
    """Return what calls add up to, the most of cost and tokens first; each call enters once. Raises `UsageError`.

    A sum is null where no call told anything of it.
    """
    if by not in GROUPS:
        raise UsageError(f"Usage cannot be told by {by}.", f"Choose one of {', '.join(GROUPS)}.")
    where, values = _condition(service, None, None, None, False, since_ns, until_ns)
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in _USAGE)
    query = f"""
        SELECT {GROUPS[by]} AS "{by}", count(*) AS calls, count(*) FILTER (is_error) AS failed,
            count(*) FILTER (input_tokens IS NULL AND output_tokens IS NULL) AS without_usage,
            count(*) FILTER (cost IS NULL) AS unpriced, {sums}, sum(cost) AS cost
        FROM calls WHERE is_counted AND {where} GROUP BY 1
        ORDER BY {"1" if by == "day" else "sum(calls.cost) DESC NULLS LAST, sum(calls.input_tokens) DESC NULLS LAST, 1"}
    """  # noqa: S608 - our own names; values are parameters
    found = cursor.execute(query, values).fetchall()
    names = [name for name, *_ in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found]


def call(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> dict[str, Any] | None:
    """Return one call, whole; None where the span is not stored, or tells of no call. Raises `UsageError`."""
    span = stored_span(cursor, trace_id, span_id)
    found = None if span is None else read_call(span, read_span_logs(cursor, span.trace_id, span.span_id)[0])
    if found is None:
        return None
    counts = cursor.execute(
        "SELECT cost, cost_origin, priced_as, table_version, is_counted FROM calls WHERE trace_id = ? AND span_id = ?",
        [found.trace_id, found.span_id],
    ).fetchone()
    names = ("cost", "cost_origin", "priced_as", "price_table", "counted")
    return {**call_json(found), **dict(zip(names, counts or (None,) * len(names), strict=True))}


def call_answer(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> dict[str, Any]:
    """Return `{call}`; null where there is none."""
    return {"call": call(cursor, trace_id, span_id)}


def usage_answer(cursor: DuckDBPyConnection, **params: Any) -> dict[str, Any]:
    """Return `{rows}` and how far calls are read."""
    return {"rows": usage(cursor, **params), **reading_state(cursor)}


def reading_state(cursor: DuckDBPyConnection) -> dict[str, int]:
    """Return how many calls are stored, and of how many traces they are not read yet."""
    [(stored,)] = cursor.execute("SELECT count(*) FROM calls").fetchall()
    return {"stored": stored, "unread_traces": unread_count(cursor)}


def _condition(
    service: str | None,
    model: str | None,
    provider: str | None,
    trace_id: str | None,
    failed: bool,
    since_ns: int | None,
    until_ns: int | None,
) -> tuple[str, list[Any]]:
    candidates: tuple[tuple[Any, str], ...] = (
        (service, "service_name = ?"),
        (model, "contains(lower(concat_ws(' ', request_model, response_model)), lower(?))"),
        (provider, "provider = ?"),
        (None if trace_id is None else trace_id_of(trace_id), "trace_id = ?"),
        (since_ns, "start_ns >= ?"),
        (until_ns, "start_ns <= ?"),
    )
    clauses = [clause for value, clause in candidates if value is not None]
    if failed:
        clauses.append("is_error")
    return " AND ".join(clauses) or "true", [value for value, _ in candidates if value is not None]


def _listed(values: tuple[Any, ...]) -> ListedCall:
    row = dict(zip((*_LISTED, *_USAGE), values, strict=True))
    tokens = {name: row.pop(name) for name in _USAGE}
    start_ns, counts = row.pop("start_ns"), row.pop("is_counted")
    known = any(value is not None for value in tokens.values())
    listed = {"start_time_unix_nano": str(start_ns), **row, "usage": tokens if known else None, "counted": counts}
    return ListedCall(listed, Key(start_ns, row["trace_id"], row["span_id"]).text())
