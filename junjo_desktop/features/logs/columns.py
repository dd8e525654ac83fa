"""The columns of the list of log records."""

from __future__ import annotations

from junjo_desktop.features.logs.filters import SortBy
from junjo_desktop.features.logs.listings import LogRow
from junjo_desktop.widgets.cells import state_cell
from junjo_desktop.widgets.figures import iso_text, moment_text
from junjo_desktop.widgets.list_columns import moment_column, open_column
from junjo_desktop.widgets.log_record.severity_cell import severity_state
from junjo_desktop.widgets.log_record.words import first_line, severity_words
from junjo_desktop.widgets.row_source import Column

NO_TRACE = "no trace"
NO_TIME = "no time"
EMPTY = "(empty)"
_ID_CHARACTERS = 8


def log_columns() -> tuple[Column[LogRow], ...]:
    """Return the columns in their first order."""
    return (
        Column(SortBy.TIME, "Time", _time, 166, descending_first=True, tooltip=_time_words, copy=_copied_time),
        Column(
            SortBy.SEVERITY,
            "Severity",
            lambda row: severity_words(row.severity_number, row.severity_text),
            92,
            descending_first=True,
            paint=state_cell(lambda row: severity_state(row.severity)),
        ),
        Column(SortBy.SERVICE, "Service", lambda row: row.service_name, 130, look="dim"),
        Column(SortBy.BODY, "Body", body_text, 440, tooltip=_body_words),
        Column(SortBy.SCOPE, "Logger", lambda row: row.scope_name, 140, look="dim"),
        Column(SortBy.EVENT, "Event", lambda row: row.event_name, 130, look="dim"),
        Column(
            SortBy.TRACE_ID,
            "Trace",
            _trace_text,
            86,
            look="mono",
            tooltip=lambda row: row.trace_id or "It was written outside of any trace",
            copy=lambda row: row.trace_id or "",
        ),
        Column(SortBy.SPAN_ID, "Span id", lambda row: row.span_id or "", 140, look="mono", hidden=True),
        moment_column(SortBy.RECEIVED, "Received", lambda row: row.received_ns, hidden=True),
        open_column(),
    )


def body_text(row: LogRow) -> str:
    """Return the first line in which something stands, else the event's name."""
    return first_line(row.body_start) or row.event_name or EMPTY


def _time(row: LogRow) -> str:
    return moment_text(row.time_ns) if row.time_ns else NO_TIME


def _copied_time(row: LogRow) -> str:
    return iso_text(row.time_ns) if row.time_ns else NO_TIME


def _time_words(row: LogRow) -> str:
    if not row.time_ns:
        return "The sender told no time"
    observed = "\nWhen it was observed: the sender did not tell when it happened" if row.is_observed else ""
    return f"{iso_text(row.time_ns)}{observed}"


def _body_words(row: LogRow) -> str:
    return row.body_start + ("…" if row.body_characters > len(row.body_start) else "") or EMPTY


def _trace_text(row: LogRow) -> str:
    return NO_TRACE if row.trace_id is None else row.trace_id[:_ID_CHARACTERS]
