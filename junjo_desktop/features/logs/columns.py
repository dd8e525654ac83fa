"""The columns of the list of log records."""

from __future__ import annotations

from collections.abc import Callable

from junjo_desktop.features.logs.filters import SortBy
from junjo_desktop.features.logs.listings import LogRow
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.telemetry.severity import Severity
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
            term=_severity_term,
        ),
        Column(
            SortBy.SERVICE,
            "Service",
            lambda row: row.service_name,
            130,
            look="dim",
            term=_term("service", lambda row: row.service_name),
        ),
        Column(SortBy.BODY, "Body", body_text, 440, tooltip=_body_words, term=_body_term),
        Column(
            SortBy.SCOPE,
            "Logger",
            lambda row: row.scope_name,
            140,
            look="dim",
            term=_term("scope", lambda row: row.scope_name),
        ),
        Column(
            SortBy.EVENT,
            "Event",
            lambda row: row.event_name,
            130,
            look="dim",
            term=_term("event", lambda row: row.event_name),
        ),
        Column(
            SortBy.TRACE_ID,
            "Trace",
            _trace_text,
            86,
            look="mono",
            tooltip=lambda row: row.trace_id or "It was written outside of any trace",
            copy=lambda row: row.trace_id or "",
            term=_term("trace_id", lambda row: row.trace_id),
        ),
        Column(
            SortBy.SPAN_ID,
            "Span id",
            lambda row: row.span_id or "",
            140,
            look="mono",
            hidden=True,
            term=_term("span_id", lambda row: row.span_id),
        ),
        moment_column(SortBy.RECEIVED, "Received", lambda row: row.received_ns, hidden=True),
        open_column(),
    )


def _term(field: str, value: Callable[[LogRow], str | None]) -> Callable[[LogRow], str]:
    """Return what makes the condition that a field has the value of a row; "" where the row has none."""

    def term(row: LogRow) -> str:
        return term_for(field, found) if (found := value(row)) else ""

    return term


def _severity_term(row: LogRow) -> str:
    return "" if row.severity is Severity.UNKNOWN else term_for("severity", row.severity.word)


def _body_term(row: LogRow) -> str:
    # Only where the row holds the whole body, and that says something: a beginning is no body.
    is_whole = row.body_characters == len(row.body_start)
    return term_for("body", row.body_start) if row.body_start.strip() and is_whole else ""


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
