"""What of the Spans page outlives the window: its order, its filters but for texts, and which strip is shown."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.spans.filters import Sort, SortBy, SpanFilter
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


def write_filter(state: QSettings, chosen: SpanFilter) -> None:
    """Keep what is chosen by name and a relative time range: what would be odd to find again is left out."""
    write_json(
        state,
        "filter",
        {
            "service": chosen.service,
            "name": chosen.name,
            "span_type": chosen.span_type,
            "failed": chosen.failed,
            "time_range": {"last_ns": chosen.time_range.last_ns},
        },
    )


def read_filter(state: QSettings) -> SpanFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return SpanFilter()
    texts = {part: kept[part] for part in ("service", "name", "span_type") if isinstance(kept.get(part), str)}
    failed = kept.get("failed")
    return SpanFilter(
        **texts,
        failed=failed if isinstance(failed, bool) else None,
        time_range=TimeRange.relative(kept.get("time_range")),
    )
