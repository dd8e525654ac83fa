"""What of the Logs page outlives the window: its filters but for texts and ids."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.logs.filters import LogFilter
from junjo_desktop.telemetry.severity import Severity
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange


def write_filter(state: QSettings, chosen: LogFilter) -> None:
    """Keep service, severity and a relative time range: what would be odd to find again is left out."""
    kept = {
        "service": chosen.service,
        "least": chosen.least.word,
        "time_range": {"last_ns": chosen.time_range.last_ns},
    }
    write_json(state, "filter", kept)


def read_filter(state: QSettings) -> LogFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return LogFilter()
    service = kept.get("service")
    least = next((severity for severity in Severity if severity.word == kept.get("least")), Severity.UNKNOWN)
    return LogFilter(
        service=service if isinstance(service, str) else None,
        least=least,
        time_range=TimeRange.relative(kept.get("time_range")),
    )
