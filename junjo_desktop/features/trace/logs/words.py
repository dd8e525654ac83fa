"""What the lens Logs says. Qt-free."""

from __future__ import annotations

from junjo_desktop.store.trace_logs import LogCounts
from junjo_desktop.widgets.figures import counted

STILL_READING = "Reading the log records …"
NOTHING_MATCHES = "No log record of this trace matches."
NO_RECORDS = (
    "No log records of this trace are stored. A program that exports its logs over OTLP while a span is open "
    "sends them with the trace's id, and they stand here in the order of time."
)


def unplaced_words(counts: LogCounts) -> str:
    """Say of how many records no span can be shown; empty when each has its span."""
    without, missing = counts.without_span, counts.span_missing
    said = []
    if without:
        said.append(f"{counted(without, 'record')} {'names' if without == 1 else 'name'} no span")
    if missing:
        said.append(f"{counted(missing, 'record')} {'is' if missing == 1 else 'are'} of spans that have not arrived")
    return " · ".join(said)
