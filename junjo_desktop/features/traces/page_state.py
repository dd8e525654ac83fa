"""What of the Traces page outlives the window: its order and its filters, but for the text."""

from __future__ import annotations

import json
from dataclasses import asdict

from PySide6.QtCore import QSettings

from junjo_desktop.features.traces.filters import Sort, SortBy, TimeRange, TraceFilter


def write_sort(state: QSettings, sort: Sort) -> None:
    """Keep the order."""
    state.setValue("sort", json.dumps([sort.by, sort.descending]))


def read_sort(state: QSettings) -> Sort:
    """Read the order back; anything odd is newest first."""
    match _read(state, "sort"):
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
    state.setValue("filter", json.dumps(asdict(kept)))


def read_filter(state: QSettings) -> TraceFilter:
    """Read the filters back; anything odd is left out."""
    kept = _read(state, "filter")
    if not isinstance(kept, dict):
        return TraceFilter()
    service, time_range = kept.get("service"), kept.get("time_range")
    last_ns = time_range.get("last_ns") if isinstance(time_range, dict) else None
    return TraceFilter(
        service=service if isinstance(service, str) else None,
        errors_only=kept.get("errors_only") is True,
        has_llm=kept.get("has_llm") is True,
        starred_only=kept.get("starred_only") is True,
        time_range=TimeRange(last_ns=last_ns if isinstance(last_ns, int) and last_ns > 0 else None),
    )


def _read(state: QSettings, key: str) -> object:
    try:
        found: object = json.loads(str(state.value(key, "null")))
    except ValueError:
        return None
    return found
