"""What matches a query of that which was stored since one looked last: `tail` of the command line.

Everything received has its place in an intake journal (`arrival`), and is stored in that order. So how far one has
looked is a number for each journal, and nothing is told twice or missed, however many requests come between.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UsageError
from junjo_desktop.store.log_lookup import listed_logs
from junjo_desktop.store.lookup import listed_leads, listed_spans
from junjo_desktop.store.query_sql import Compiled, check_patterns, compiled
from junjo_desktop.store.query_subject import Subject
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.tree import Condition

SUBJECTS = (Subject.TRACES, Subject.SPANS, Subject.LOGS)

_REQUESTS_AT_ONCE = 64
_HOUR_NS = 3600 * 10**9
"""Arrivals of a journal that was set aside may have the same numbers: what was received long before is left out."""

_OF_TRACES = "trace_id IN (SELECT unnest($tail_traces::VARCHAR[]))"
_AMONG = f"{_OF_TRACES} AND received_ns >= $tail_first_ns"


@dataclass(frozen=True, slots=True)
class Looked:
    """How far one has looked: the last place of each journal, and since when (ns)."""

    journals: dict[str, int]
    since_ns: int

    def to_text(self) -> str:
        """Text to be given back; it means nothing to anybody else."""
        return base64.urlsafe_b64encode(json.dumps([self.since_ns, self.journals]).encode()).decode()

    @classmethod
    def of_text(cls, text: str) -> Looked:
        """Read what `to_text` wrote. Raises `UsageError`."""
        try:
            since_ns, journals = json.loads(base64.urlsafe_b64decode(text))
            return cls({str(journal): int(place) for journal, place in journals.items()}, int(since_ns))
        except (binascii.Error, ValueError, TypeError, AttributeError):
            raise UsageError(
                f"{text[:40]!r} says no place.", "Give back what the last answer had as `after`."
            ) from None


def tail(
    cursor: DuckDBPyConnection,
    query: str,
    subject: str = "traces",
    after: str | None = None,
) -> dict[str, Any]:
    """Return `{rows, after, more}`: what was stored since `after` and matches, in the order of arrival.

    Without `after` one begins to look: nothing is returned. A trace is a row whenever a span of it came and it matches
    now. `more` says that there is more already. Raises `QueryError`, `UsageError`.
    """
    wanted = Subject(subject)
    if wanted not in SUBJECTS:
        raise UsageError(f"There is no tail of {subject}.", "Ask for traces, spans or logs.")
    asked = parse(query, wanted)
    if asked is not None:
        check_patterns(cursor, asked)
    now = dict(cursor.execute("SELECT journal_id, position FROM intake_position").fetchall())
    if after is None:
        return {"rows": [], "after": Looked(now, time.time_ns() - _HOUR_NS).to_text(), "more": False}
    looked = Looked.of_text(after)
    reached = {
        journal: min(place, looked.journals.get(journal, 0) + _REQUESTS_AT_ONCE) for journal, place in now.items()
    }
    arrived = _Arrived(looked, reached)
    rows: list[dict[str, object]] = []
    if not arrived.is_empty:
        rows = _traces(cursor, asked, arrived) if wanted is Subject.TRACES else _rows(cursor, asked, arrived, wanted)
    return {"rows": rows, "after": Looked(reached, looked.since_ns).to_text(), "more": reached != now}


class _Arrived:
    """A condition on `spans` or `logs`: what came between two looks."""

    def __init__(self, looked: Looked, reached: dict[str, int]) -> None:
        self.parameters: dict[str, object] = {"tail_since_ns": looked.since_ns}
        ranges = []
        for number, (journal, place) in enumerate(reached.items()):
            start = looked.journals.get(journal, 0)
            if place > start:
                ranges.append(f"arrival > $tail_from_{number} AND arrival <= $tail_to_{number}")
                self.parameters |= {f"tail_from_{number}": start, f"tail_to_{number}": place}
        self.is_empty = not ranges
        self.sql = f"received_ns >= $tail_since_ns AND ({' OR '.join(ranges) or 'false'})"


def _rows(
    cursor: DuckDBPyConnection, asked: Condition | None, arrived: _Arrived, subject: Subject
) -> list[dict[str, object]]:
    table = str(subject)
    trace_ids, first_ns = _traces_of(cursor, arrived, table)
    matching = _compiled(asked, subject)
    found = cursor.execute(
        f"SELECT rowid FROM {table} WHERE {arrived.sql} AND {matching.sql} ORDER BY arrival, rowid",  # noqa: S608 - put together from constants; values are parameters
        _used({**arrived.parameters, **matching.parameters}, trace_ids, first_ns, matching),
    ).fetchall()
    numbers = [number for (number,) in found]
    if subject is Subject.LOGS:
        return [record.to_json() for record in listed_logs(cursor, numbers)]
    return [span.to_json() for span in sorted(listed_spans(cursor, numbers), key=lambda one: one.span.arrival)]


def _traces(cursor: DuckDBPyConnection, asked: Condition | None, arrived: _Arrived) -> list[dict[str, object]]:
    trace_ids, first_ns = _traces_of(cursor, arrived, "spans")
    matching = _compiled(asked, Subject.TRACES)
    leads = cursor.execute(
        f"""
        SELECT lead_start_ns, trace_id, lead_span_id, first_received_ns, last_received_ns FROM traces
        WHERE {_OF_TRACES} AND {matching.sql}
        """,  # noqa: S608 - put together from constants; values are parameters
        {"tail_traces": trace_ids, **_used(matching.parameters, trace_ids, first_ns, matching)},
    ).fetchall()
    received = {lead[1]: lead[-1] for lead in leads}
    listed = listed_leads(cursor, leads)
    return [one.to_json() for one in sorted(listed, key=lambda one: received[one.span.trace_id])]


def _compiled(asked: Condition | None, subject: Subject) -> Compiled:
    if asked is None:
        return Compiled("true", {})
    return compiled(asked, time.time_ns(), subject=subject, among=_AMONG)


def _used(
    parameters: dict[str, object], trace_ids: Sequence[str], first_ns: int, matching: Compiled
) -> dict[str, object]:
    """Add the parameters of `_AMONG` where it stands: DuckDB refuses those that are not used."""
    if "$tail_traces" not in matching.sql:
        return parameters
    return {**parameters, "tail_traces": list(trace_ids), "tail_first_ns": first_ns}


def _traces_of(cursor: DuckDBPyConnection, arrived: _Arrived, table: str) -> tuple[list[str], int]:
    """Return the traces of which something came, and when the first of all their spans did."""
    found = cursor.execute(
        f"""
        SELECT trace_id, coalesce(first_received_ns, 0) FROM
            (SELECT DISTINCT trace_id FROM {table} WHERE {arrived.sql} AND trace_id IS NOT NULL)
            LEFT JOIN traces USING (trace_id)
        """,  # noqa: S608 - put together from constants; values are parameters
        arrived.parameters,
    ).fetchall()
    return [trace_id for trace_id, _ in found], min((first_ns for _, first_ns in found), default=0)
