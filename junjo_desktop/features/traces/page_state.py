"""What of the Traces page outlives the window: its order, and its filters but for the text."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtCore import QSettings

from junjo_desktop.features.traces.filters import Sort, SortBy, TraceFilter
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange


def write_sort(state: QSettings, sort: Sort) -> None:
    """Keep the order."""
    write_json(state, "sort", [sort.by, sort.descending])


def read_sort(state: QSettings) -> Sort:
    """Read the order back; anything odd is newest first."""
    match read_json(state, "sort"):
        case [str(by), bool(descending)] if by in list(SortBy):
            return Sort(SortBy(by), descending)
    return Sort()


def write_filter(state: QSettings, chosen: TraceFilter) -> None:
    """Keep service, switches and a relative time range: what would be odd to find again is left out."""
    kept = TraceFilter(
        service=chosen.service,
        errors_only=chosen.errors_only,
        has_llm=chosen.has_llm,
        starred_only=chosen.starred_only,
        time_range=TimeRange(last_ns=chosen.time_range.last_ns),
    )
    write_json(state, "filter", asdict(kept))


def read_filter(state: QSettings) -> TraceFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return TraceFilter()
    service = kept.get("service")
    return TraceFilter(
        service=service if isinstance(service, str) else None,
        errors_only=kept.get("errors_only") is True,
        has_llm=kept.get("has_llm") is True,
        starred_only=kept.get("starred_only") is True,
        time_range=TimeRange.relative(kept.get("time_range")),
    )
