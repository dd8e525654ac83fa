"""What of the page of conversations outlives the window: its order, its filters but for texts."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.conversations.filters import ConversationFilter, Sort, SortBy
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange


def write_sort(state: QSettings, sort: Sort) -> None:
    """Keep the order."""
    write_json(state, "sort", [sort.by, sort.descending])


def read_sort(state: QSettings) -> Sort:
    """Read the order back; anything odd is the latest first."""
    match read_json(state, "sort"):
        case [str(by), bool(descending)] if by in list(SortBy):
            return Sort(SortBy(by), descending)
    return Sort()


def write_filter(state: QSettings, chosen: ConversationFilter) -> None:
    """Keep what is chosen by name and a relative time range: what would be odd to find again is left out."""
    write_json(
        state,
        "filter",
        {
            "service": chosen.service,
            "failed": chosen.failed,
            "only_named": chosen.only_named,
            "time_range": {"last_ns": chosen.time_range.last_ns},
        },
    )


def read_filter(state: QSettings) -> ConversationFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return ConversationFilter()
    failed, service = kept.get("failed"), kept.get("service")
    return ConversationFilter(
        service=service if isinstance(service, str) else None,
        failed=failed if isinstance(failed, bool) else None,
        only_named=kept.get("only_named") is True,
        time_range=TimeRange.relative(kept.get("time_range")),
    )
