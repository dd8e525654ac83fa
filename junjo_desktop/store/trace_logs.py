"""The log records of one trace: which there are in the order of time, as lines, as marks by span, and whole.

They are found by their trace id alone, and not by when the trace's spans were received: records are often sent while
their span still runs, long before the first span of the trace, and by programs that send no spans at all. Looking
through the ids of a million records takes 4 ms.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from duckdb import DuckDBPyConnection

from junjo_desktop.store.keyset import trace_id_of
from junjo_desktop.telemetry.columns import LOG_COLUMNS, RESOURCE_COLUMNS, SCOPE_COLUMNS
from junjo_desktop.telemetry.log_record import LogRecord
from junjo_desktop.telemetry.severity import LAST_NUMBER, Severity, severity_of, texts_at_least

LINE_CHARACTERS = 400
_MARK_CHARACTERS = 120
"""So much of a body comes with a `LogLine`."""
MARKS_PER_SPAN = 200
RECORDS_PER_SPAN = 500
"""So many are read whole at once; who wants all of a span's asks for lines."""

# A sender that does not know when something happened writes 0, and knows at least when it saw it.
_MOMENT = "CASE WHEN time_ns > 0 THEN time_ns ELSE observed_ns END"
# Records without any time come last.
_ORDER = f"{_MOMENT} = 0, {_MOMENT}, received_ns, rowid"


def _at_least(number: str, texts: str) -> str:
    """Return the condition that a record is as severe as `severity_of` would say; both are names of parameters."""
    return f"""CASE WHEN severity_number BETWEEN 1 AND {LAST_NUMBER} THEN severity_number >= ${number}
        ELSE rtrim(upper(trim(severity_text)), '0123456789') IN (SELECT unnest(${texts}::VARCHAR[])) END"""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which records of a trace: all, unless something is said."""

    least: Severity = Severity.UNKNOWN
    """This severe or more; `UNKNOWN`: all."""
    text: str = ""
    """Stands in the body, the event's name, the severity's text or the attributes; case does not matter."""
    span_id: str | None = None


@dataclass(frozen=True, slots=True)
class FoundLogs:
    """Records in the order of time, by where they lie; `severe` has a 1 for each that is an error or worse."""

    row_ids: array[int]
    severe: bytes


@dataclass(frozen=True, slots=True)
class LogCounts:
    """How many records a trace has, and of how many no span can be shown."""

    total: int = 0
    without_span: int = 0
    """They name no span."""
    span_missing: int = 0
    """The span that they name is not stored (yet)."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a list shows of a log record. `row_id` says where it lies: until the file is rewritten, it stays there."""

    row_id: int
    span_id: str | None
    span_name: str | None
    """None where it names no span, or one that is not stored (yet)."""
    service_name: str
    time_ns: int
    """When it happened, else when it was observed, in nanoseconds since the epoch; 0 when the sender told neither."""
    severity_number: int
    severity_text: str
    event_name: str
    body_start: str
    """The first `LINE_CHARACTERS` of the body as people read it."""
    body_characters: int

    @property
    def severity(self) -> Severity:
        """How severe it is."""
        return severity_of(self.severity_number, self.severity_text)


@dataclass(frozen=True, slots=True)
class LogMark:
    """Where a log record stands on its span's bar; times as in `LogLine`."""

    time_ns: int
    severity: Severity
    words: str = field(default="", compare=False)
    """The beginning of its body, or the name of its event."""


def find_logs(cursor: DuckDBPyConnection, trace_id: str, wanted: LogFilter | None = None) -> FoundLogs:
    """Return which log records of a trace there are."""
    condition, values = _matching(wanted or LogFilter())
    found = cursor.execute(
        f"""
        SELECT rowid, {_at_least("severe", "severe_texts")} FROM logs
        WHERE trace_id = $trace_id AND {condition} ORDER BY {_ORDER}
        """,  # noqa: S608 - only constants of this module; values are parameters
        {
            "trace_id": trace_id_of(trace_id),
            "severe": int(Severity.ERROR),
            "severe_texts": list(texts_at_least(Severity.ERROR)),
            **values,
        },
    ).fetchall()
    return FoundLogs(array("q", (row_id for row_id, _ in found)), bytes(severe for _, severe in found))


def _matching(wanted: LogFilter) -> tuple[str, dict[str, object]]:
    conditions, values = ["true"], dict[str, object]()
    if wanted.least is not Severity.UNKNOWN:
        conditions.append(_at_least("least", "least_texts"))
        values |= {"least": int(wanted.least), "least_texts": list(texts_at_least(wanted.least))}
    if wanted.text:
        # Attributes, and bodies that are not texts, are JSON: what was typed is looked for as JSON writes it, too.
        conditions.append(
            """(contains(lower(body_text), $text) OR contains(lower(body_text), $text_json)
            OR contains(lower(event_name), $text) OR contains(lower(severity_text), $text)
            OR contains(lower(attributes), $text_json))"""
        )
        text = wanted.text.lower()
        values |= {"text": text, "text_json": json.dumps(text, ensure_ascii=False)[1:-1]}
    if wanted.span_id is not None:
        conditions.append("span_id = $span_id")
        values["span_id"] = wanted.span_id
    return " AND ".join(conditions), values


def count_logs_with(cursor: DuckDBPyConnection, trace_id: str, texts: Sequence[str]) -> int:
    """Return how many log records of a trace have one of these texts; see `LogFilter.text`."""
    found: set[int] = set()
    for text in texts:
        found.update(find_logs(cursor, trace_id, LogFilter(text=text)).row_ids)
    return len(found)


def log_count(cursor: DuckDBPyConnection, trace_id: str) -> int:
    """Return how many log records a trace has."""
    found = cursor.execute("SELECT count(*) FROM logs WHERE trace_id = ?", [trace_id_of(trace_id)]).fetchone()
    return 0 if found is None else int(found[0])


def count_logs(cursor: DuckDBPyConnection, trace_id: str) -> LogCounts:
    """Count the log records of a trace."""
    found = cursor.execute(
        "SELECT coalesce(span_id, ''), count(*) FROM logs WHERE trace_id = ? GROUP BY ALL", [trace_id_of(trace_id)]
    ).fetchall()
    by_span = dict(found)
    total, without_span = sum(by_span.values()), by_span.pop("", 0)
    stored = _span_names(cursor, trace_id, list(by_span))
    missing = sum(count for span_id, count in by_span.items() if span_id not in stored)
    return LogCounts(total, without_span, missing)


def read_log_lines(cursor: DuckDBPyConnection, trace_id: str, row_ids: Sequence[int]) -> Mapping[int, LogLine]:
    """Return lines by where they lie; those that are no longer there are left out."""
    rows = cursor.execute(
        f"""
        SELECT rowid, span_id, service_name, {_MOMENT}, severity_number, severity_text, event_name,
            left(body_text, {LINE_CHARACTERS}), length(body_text)
        FROM logs WHERE rowid IN (SELECT unnest(?::BIGINT[])) AND trace_id = ?
        """,  # noqa: S608 - only constants of this module
        [list(row_ids), trace_id_of(trace_id)],
    ).fetchall()
    names = _span_names(cursor, trace_id, list({row[1] for row in rows if row[1] is not None}))
    return {row[0]: LogLine(row[0], row[1], names.get(row[1]), *row[2:]) for row in rows}


def _span_names(cursor: DuckDBPyConnection, trace_id: str, span_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of those of these spans that are stored."""
    received = cursor.execute(
        "SELECT first_received_ns, last_received_ns FROM traces WHERE trace_id = ?", [trace_id_of(trace_id)]
    ).fetchone()
    if received is None or not span_ids:
        return {}
    found = cursor.execute(
        """
        SELECT span_id, name FROM spans
        WHERE trace_id = ? AND received_ns BETWEEN ? AND ? AND span_id IN (SELECT unnest(?::VARCHAR[]))
        """,
        [trace_id_of(trace_id), *received, list(span_ids)],
    ).fetchall()
    return dict(found)


def find_log_marks(
    cursor: DuckDBPyConnection, trace_id: str, span_ids: Sequence[str] | None = None
) -> Mapping[str, tuple[LogMark, ...]]:
    """Return, by span id, where log records stand; of each span the most severe `MARKS_PER_SPAN`, in order of time.

    Of all spans, or only of these.
    """
    wanted = "" if span_ids is None else "AND span_id IN (SELECT unnest(?::VARCHAR[]))"
    found = cursor.execute(
        f"""
        SELECT span_id, {_MOMENT} AS moment, severity_number, severity_text,
            left(coalesce(nullif(body_text, ''), event_name), {_MARK_CHARACTERS})
        FROM logs WHERE trace_id = ? AND span_id IS NOT NULL AND {_MOMENT} > 0 {wanted}
        QUALIFY row_number() OVER (PARTITION BY span_id ORDER BY severity_number DESC, {_ORDER}) <= {MARKS_PER_SPAN}
        ORDER BY span_id, moment
        """,  # noqa: S608 - only constants of this module
        [trace_id_of(trace_id)] if span_ids is None else [trace_id_of(trace_id), list(span_ids)],
    ).fetchall()
    marks: dict[str, list[LogMark]] = {}
    for span_id, moment, number, text, words in found:
        marks.setdefault(span_id, []).append(LogMark(moment, severity_of(number, text), words))
    return {span_id: tuple(of_span) for span_id, of_span in marks.items()}


def read_trace_logs(
    cursor: DuckDBPyConnection, trace_id: str, span_ids: Sequence[str] | None = None, limit: int | None = None
) -> tuple[LogRecord, ...]:
    """Return log records of a trace whole, in the order of time: all, or those of these spans, `limit` at most."""
    wanted = "" if span_ids is None else "AND span_id IN (SELECT unnest(?::VARCHAR[]))"
    values: list[object] = [trace_id_of(trace_id)]
    if span_ids is not None:
        values.append(list(span_ids))
    if limit is not None:
        values.append(limit)
    rows = cursor.execute(
        f"SELECT rowid FROM logs WHERE trace_id = ? {wanted} ORDER BY {_ORDER} {'' if limit is None else 'LIMIT ?'}",  # noqa: S608 - only constants of this module
        values,
    ).fetchall()
    return _whole(cursor, [row_id for (row_id,) in rows])


def read_span_logs(cursor: DuckDBPyConnection, trace_id: str, span_id: str) -> tuple[tuple[LogRecord, ...], int]:
    """Return the first `RECORDS_PER_SPAN` log records of a span whole, and how many it has."""
    row_ids = find_logs(cursor, trace_id, LogFilter(span_id=span_id)).row_ids
    return _whole(cursor, row_ids[:RECORDS_PER_SPAN]), len(row_ids)


def read_log_record(cursor: DuckDBPyConnection, trace_id: str, row_id: int) -> LogRecord | None:
    """Return the record that lies at a row whole; None when none of this trace does (any more)."""
    found = _whole(cursor, [row_id])
    return next((record for record in found if record.trace_id == trace_id), None)


def _whole(cursor: DuckDBPyConnection, row_ids: Sequence[int]) -> tuple[LogRecord, ...]:
    if not row_ids:
        return ()
    columns = (
        *(f"l.{column}" for column in LOG_COLUMNS),
        *(f"r.{column}" for column in RESOURCE_COLUMNS),
        *(f"o.{column}" for column in SCOPE_COLUMNS),
    )
    rows = cursor.execute(
        f"""
        SELECT {", ".join(columns)}, l.rowid
        FROM (SELECT *, rowid FROM logs WHERE rowid IN (SELECT unnest(?::BIGINT[]))) l
        JOIN resources r USING (resource_id) JOIN scopes o USING (scope_id)
        """,  # noqa: S608 - column names of the schema
        [list(row_ids)],
    ).fetchall()
    by_row = {row[-1]: LogRecord.from_row(row[:-1]) for row in rows}
    return tuple(by_row[row_id] for row_id in row_ids if row_id in by_row)
