"""The columns of the list of restarts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from junjo_desktop.features.services.process_rows import ProcessSortBy
from junjo_desktop.features.services.words import share_text
from junjo_desktop.store.service_identity import Sign
from junjo_desktop.store.service_processes import Process
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cells import tag_cell
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import count_text, counted, duration_text, iso_text, moment_text
from junjo_desktop.widgets.list_columns import count_column, failure_column, moment_column
from junjo_desktop.widgets.row_source import Column

_REVISION_CHARS = 8


def process_columns() -> tuple[Column[Process], ...]:
    """Return the columns in their first order."""
    return (
        moment_column(ProcessSortBy.STARTED, "First span", lambda row: row.first_ns, 158),
        Column(ProcessSortBy.SERVICE, "Service", lambda row: row.service_name, 150, look="strong"),
        Column(
            ProcessSortBy.VERSION,
            "Version",
            version_text,
            112,
            paint=tag_cell(_version_tag),
            tooltip=_version_words,
        ),
        Column("seen", "Process", seen_text, 190, look="dim", sortable=False, tooltip=seen_words),
        Column("ran", "Ran", _ran, 92, align="right", sortable=False, tooltip=_ran_words),
        count_column(ProcessSortBy.REQUESTS, "Requests", lambda row: row.figures.requests, 80, REQUESTS),
        failure_column(
            ProcessSortBy.ERRORS, "Failed", lambda row: row.figures.failed_requests, 66, "Requests that failed"
        ),
        Column(ProcessSortBy.ERROR_RATE, "Error rate", _error_rate, 84, align="right", descending_first=True),
        _duration(ProcessSortBy.P50, "p50", lambda row: row.figures.p50_ns),
        _duration(ProcessSortBy.P95, "p95", lambda row: row.figures.p95_ns),
        count_column(ProcessSortBy.SPANS, "Spans", lambda row: row.figures.spans, 72),
        count_column(ProcessSortBy.TRACES, "Traces", lambda row: row.figures.traces, 72),
        count_column(ProcessSortBy.TOKENS, "Tokens", lambda row: row.figures.tokens, 84, "Input and output, as told"),
    )


REQUESTS = "Spans without a parent, and those that serve a call"


def version_text(process: Process) -> str:
    """Return the version, else the beginning of the revision; empty when neither is told."""
    return process.identity.version or process.identity.revision[:_REVISION_CHARS]


def seen_text(process: Process) -> str:
    """Return which process it is, or by what else its start was seen."""
    if process.sign is Sign.PAUSE:
        return (
            "the first in this time"
            if process.pause_ns is None
            else f"after a pause of {duration_text(process.pause_ns)}"
        )
    if process.sign is Sign.RESOURCE:
        return "another version" if process.new_version else "another description of itself"
    return process.identity.words or process.sign.value


def seen_words(process: Process) -> str:
    """Return the same in sentences."""
    if process.sign is Sign.PROCESS:
        words = f"Its resource names another process: {process.identity.words}"
    elif process.sign is Sign.RESOURCE:
        words = "Its resource does not say which process it is, and is another than before"
    else:
        words = (
            "Taken for another run because of the pause before it: its resource does not say which process it is.\n"
            "Set service.instance.id to a random text at each start, and restarts are seen for certain"
        )
    if process.pause_ns is not None and process.pause_ns < 0:
        words += "\nIt began while the one before still sent"
    return words


def short_name(process: Process) -> str:
    """Return what a process is called in a sentence: when it began, and its version."""
    version = version_text(process)
    clock = moment_text(process.first_ns).partition(".")[0]
    return f"{clock} · {one_line(version, 40)}" if version else clock


def _version_tag(process: Process) -> tuple[str, Role]:
    return version_text(process), "info" if process.new_version and process.pause_ns is not None else "dim"


def _version_words(process: Process) -> str:
    identity = process.identity
    lines = [
        f"service.version {identity.version}" if identity.version else "",
        f"Revision {identity.revision}" if identity.revision else "",
        "Another than the run before" if process.new_version and process.pause_ns is not None else "",
    ]
    return "\n".join(line for line in lines if line) or "It does not tell its version"


def _ran(process: Process) -> str:
    return duration_text(max(0, process.end_ns - process.first_ns))


def _ran_words(process: Process) -> str:
    return f"From its first span to the end of its last\n{iso_text(process.first_ns)}\n{iso_text(process.end_ns)}"


def _error_rate(process: Process) -> str:
    figures = process.figures
    if not figures.requests:
        return ""
    return share_text(figures.failed_requests / figures.requests, figures.failed_requests)


def _duration(key: ProcessSortBy, title: str, ns: Callable[[Process], int | None]) -> Column[Process]:
    return Column(
        key,
        title,
        partial(_duration_text, ns),
        78,
        align="right",
        descending_first=True,
        tooltip=partial(_duration_words, ns),
        title_tooltip=f"Of its requests: {REQUESTS.lower()}",
    )


def _duration_text(ns: Callable[[Process], int | None], process: Process) -> str:
    found = ns(process)
    return "" if found is None else duration_text(found)


def _duration_words(ns: Callable[[Process], int | None], process: Process) -> str:
    found = ns(process)
    if found is None:
        return "No request told a credible end"
    return f"{count_text(found)} ns, of {counted(process.figures.requests, 'request')}"
