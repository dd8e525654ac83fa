"""The SQL of the list of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.features.conversations.filters import ConversationFilter, Sort, SortBy
from junjo_desktop.features.conversations.listings import ConversationRow, Totals
from junjo_desktop.store.query_calls import CONVERSATION_KEY as KEY
from junjo_desktop.store.query_calls import MODEL, NAMED
from junjo_desktop.store.query_sql import matching
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject

_START = "min(start_ns) FILTER (start_ns > 0)"
_LAST = "max(start_ns)"
_END = "max(start_ns + duration_ns)"
_COUNT = "count(*) FILTER (is_counted)"
_FAILED = "count(*) FILTER (is_counted AND is_error)"
_FIRST_WORDS = "arg_min(first_words, start_ns) FILTER (first_words <> '')"
_LISTED_NAMES = 12

_SORT_KEYS = {
    SortBy.LAST: _LAST,
    SortBy.STARTED: _START,
    SortBy.FIRST_WORDS: f"lower({_FIRST_WORDS})",
    SortBy.SERVICE: "min(lower(service_name))",
    SortBy.MODEL: f"min(lower({MODEL}))",
    SortBy.CALLS: _COUNT,
    SortBy.TOKENS: "sum(coalesce(input_tokens + output_tokens, input_tokens, output_tokens)) FILTER (is_counted)",
    SortBy.COST: "sum(cost) FILTER (is_counted)",
    SortBy.FAILURES: _FAILED,
    SortBy.DURATION: f"{_END} - {_START}",
    SortBy.ID: KEY,
}


def call_count(cursor: DuckDBPyConnection) -> int:
    """Return how many calls are known; it reads no row."""
    [(count,)] = cursor.execute("SELECT count(*) FROM calls").fetchall()
    return int(count)


def keys(
    cursor: DuckDBPyConnection, chosen: ConversationFilter, sort: Sort, now_ns: int, limit: int | None = None
) -> list[str]:
    """Return the keys of the conversations that pass `chosen`, in order. Raises `QueryError`."""
    where, having, parameters = _conditions(cursor, chosen, now_ns)
    direction = "DESC" if sort.descending else "ASC"
    query = f"""
        SELECT key FROM (SELECT {KEY} AS key, * FROM calls) WHERE {where} GROUP BY key HAVING {having}
        ORDER BY {_SORT_KEYS[sort.by].replace(KEY, "key")} {direction} NULLS LAST, {_LAST} DESC, key
    """  # noqa: S608 - constants; values are parameters
    cursor.execute(query if limit is None else f"{query} LIMIT {limit:d}", parameters)
    return [key for (key,) in cursor.fetchall()]


def _conditions(cursor: DuckDBPyConnection, chosen: ConversationFilter, now_ns: int) -> tuple[str, str, dict[str, Any]]:
    """Return what holds for calls, and for conversations; sums are of all calls of a conversation, found or not."""
    since_ns, until_ns = chosen.time_range.bounds(now_ns)
    of_call: tuple[tuple[str, Any, str], ...] = (
        ("service", chosen.service, "service_name = $service"),
        ("since_ns", since_ns, "start_ns >= $since_ns"),
        ("until_ns", until_ns, "start_ns <= $until_ns"),
    )
    clauses = [clause for _, value, clause in of_call if value is not None]
    parameters = {part: value for part, value, _ in of_call if value is not None}
    query = parse(chosen.text, Subject.CALLS)
    if query is not None:
        found = matching(cursor, query, now_ns, subject=Subject.CALLS)
        clauses.append(found.sql)
        parameters |= found.parameters
    where = [f"key IN (SELECT {KEY} FROM calls WHERE {' AND '.join(clauses)})"] if clauses else []  # noqa: S608 - constants; values are parameters
    if chosen.only_named:
        where.append("nullif(conversation_id, '') IS NOT NULL")
    having, more = _of_conversations(chosen)
    return " AND ".join(where) or "true", having, parameters | more


def _of_conversations(chosen: ConversationFilter) -> tuple[str, dict[str, Any]]:
    candidates: tuple[tuple[str, Any, str], ...] = (
        ("failed", chosen.failed, f"({_FAILED} > 0) = $failed"),
        ("min_duration_ns", chosen.min_duration_ns, f"{_END} - {_START} >= $min_duration_ns"),
        ("max_duration_ns", chosen.max_duration_ns, f"{_END} - {_START} <= $max_duration_ns"),
    )
    clauses = [clause for _, value, clause in candidates if value is not None]
    return " AND ".join(clauses) or "true", {part: value for part, value, _ in candidates if value is not None}


def rows(cursor: DuckDBPyConnection, wanted: Sequence[str]) -> dict[str, ConversationRow]:
    """Return rows by key, in this order; what is no longer known is left out."""
    if not wanted:
        return {}
    found = cursor.execute(
        f"""
        SELECT key, coalesce({_FIRST_WORDS}, ''), list(DISTINCT service_name)[:{_LISTED_NAMES}],
            list(DISTINCT {MODEL})[:{_LISTED_NAMES}], count(DISTINCT trace_id), {_COUNT}, {_FAILED},
            count(*) FILTER (is_counted AND input_tokens IS NULL AND output_tokens IS NULL),
            count(*) FILTER (is_counted AND cost IS NULL),
            sum(input_tokens) FILTER (is_counted)::BIGINT, sum(output_tokens) FILTER (is_counted)::BIGINT,
            sum(cache_read_tokens) FILTER (is_counted)::BIGINT, sum(cache_write_tokens) FILTER (is_counted)::BIGINT,
            sum(reasoning_tokens) FILTER (is_counted)::BIGINT, sum(cost) FILTER (is_counted),
            coalesce({_START}, 0), {_LAST}, {_END}
        FROM (SELECT {KEY} AS key, * FROM calls) WHERE key IN (SELECT unnest($keys::VARCHAR[])) GROUP BY key
        """,  # noqa: S608 - only constants of this module
        {"keys": list(wanted)},
    ).fetchall()
    by_key = {
        key: ConversationRow(key, words, _names(services), _names(models), *rest)
        for key, words, services, models, *rest in found
    }
    return {key: by_key[key] for key in wanted if key in by_key}


def _names(values: Sequence[str | None] | None) -> tuple[str, ...]:
    return tuple(sorted(value for value in values or () if value))


def totals(cursor: DuckDBPyConnection, listed: Sequence[str]) -> Totals:
    """Return the services of all conversations, and of what kinds the listed ones are."""
    services = cursor.execute(
        f"SELECT service_name, count(DISTINCT {KEY}) FROM calls GROUP BY 1 ORDER BY lower(service_name)"  # noqa: S608 - only constants of this module
    ).fetchall()
    named = sum(key.startswith(NAMED) for key in listed)
    return Totals(dict(services), named, len(listed) - named)
