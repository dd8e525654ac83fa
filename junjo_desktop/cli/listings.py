"""Lists of spans, runs and log records as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from junjo_desktop.cli.table import Column, table
from junjo_desktop.widgets.figures import count_text, duration_text, moment_text

Row = dict[str, Any]
Cell = Callable[[Row], str]


def _started(row: Row) -> str:
    return moment_text(int(row["start_time_unix_nano"]))


def _duration(row: Row) -> str:
    return duration_text(row["duration_ns"])


def _run_started(row: Row) -> str:
    return _started(row) if row["start_time_unix_nano"] else ""


def _run_duration(row: Row) -> str:
    return "" if row["duration_ns"] is None else duration_text(row["duration_ns"])


def _logged(row: Row) -> str:
    moment = int(row["time_unix_nano"]) or int(row["observed_time_unix_nano"])
    return moment_text(moment) if moment else ""


def _said(row: Row) -> str:
    """The first line in which something stands, else the name of the event."""
    lines = (line.strip() for line in str(row["body_text"]).splitlines())
    return next(filter(None, lines), "") or str(row["event_name"])


def _field(name: str) -> Cell:
    return lambda row: str(row[name] or "")


def status(row: Row) -> str:
    """Return "error", "ok", or nothing when the sender did not say."""
    if row["is_error"]:
        return "error"
    return "ok" if row["status_code"] == "1" else ""


def _trace_name(row: Row) -> str:
    return f"{row['name']} (root missing)" if row["root_missing"] else str(row["name"])


def _figure(name: str) -> Cell:
    def cell(row: Row) -> str:
        figure = row["trace"][name]
        return count_text(figure) if figure else ""

    return cell


# What a narrow terminal shows last of all: when, and then how long.
_STARTED = (Column("STARTED", spare=1), _started)
_DURATION = (Column("DURATION", right=True, spare=2), _duration)
_SERVICE = (Column("SERVICE", flexible=True, spare=4), _field("service_name"))
_NAME = (Column("NAME", flexible=True), _field("name"))
_TYPE = (Column("TYPE", spare=5), _field("span_type"))
_STATUS = (Column("STATUS", spare=3), status)
_TRACE_ID = (Column("TRACE ID"), _field("trace_id"))
_SPAN_ID = (Column("SPAN ID"), _field("span_id"))


def _count(name: str) -> Cell:
    return lambda row: count_text(row[name]) if row[name] else ""


_LISTS: dict[str, tuple[tuple[Column, Cell], ...]] = {
    "services": (
        (Column("SERVICE", flexible=True), _field("service_name")),
        (Column("SPANS", right=True), _count("span_count")),
        (Column("ERRORS", right=True, spare=1), _count("error_count")),
        (Column("LOGS", right=True, spare=2), _count("log_count")),
        (Column("METRICS", right=True, spare=3), _count("metric_count")),
        (Column("LAST RECEIVED"), lambda row: moment_text(row["last_received_ns"])),
    ),
    "spans": (_STARTED, _DURATION, _TYPE, _NAME, _STATUS, _TRACE_ID, _SPAN_ID),
    "traces": (
        _STARTED,
        (Column("DURATION", right=True, spare=2), lambda row: duration_text(row["trace"]["duration_ns"])),
        _SERVICE,
        (Column("NAME", flexible=True), _trace_name),
        (Column("SPANS", right=True, spare=5), _figure("span_count")),
        (Column("ERRORS", right=True, spare=3), _figure("error_count")),
        (Column("LLM", right=True, spare=6), _figure("llm_count")),
        _TRACE_ID,
    ),
    "logs": (
        (Column("TIME", spare=1), _logged),
        (Column("SEVERITY"), _field("severity")),
        (Column("SERVICE", flexible=True, spare=4), _field("service_name")),
        (Column("BODY", flexible=True), _said),
        (Column("TRACE ID", spare=2), _field("trace_id")),
        (Column("SPAN ID", spare=3), _field("span_id")),
    ),
    "runs": (
        (Column("STARTED", spare=1), _run_started),
        (Column("DURATION", right=True, spare=2), _run_duration),
        (Column("TYPE", spare=5), _field("type")),
        _NAME,
        (Column("OUTCOME"), _field("outcome")),
        _SERVICE,
        _TRACE_ID,
        (Column("SPAN ID"), _field("owner_span_id")),
    ),
    "workflows": (_STARTED, _DURATION, _SERVICE, _NAME, _STATUS, _TRACE_ID, _SPAN_ID),
}

_LISTS["find"] = _LISTS["traces"]


def listing(name: str, rows: Sequence[Row], width: int | None) -> list[str]:
    """Return the lines of the list that the query `name` gave, in its order."""
    columns = _LISTS[name]
    return table([head for head, _ in columns], ([cell(row) for _, cell in columns] for row in rows), width)
