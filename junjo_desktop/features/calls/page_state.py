"""What of the page of calls outlives the window: its order, its filters but for texts."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.calls.filters import CallFilter, Sort, SortBy
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange

_TEXTS = ("service", "model", "provider")


def write_sort(state: QSettings, sort: Sort) -> None:
    """Keep the order."""
    write_json(state, "sort", [sort.by, sort.descending])


def read_sort(state: QSettings) -> Sort:
    """Read the order back; anything odd is newest first."""
    match read_json(state, "sort"):
        case [str(by), bool(descending)] if by in list(SortBy):
            return Sort(SortBy(by), descending)
    return Sort()


def write_filter(state: QSettings, chosen: CallFilter) -> None:
    """Keep what is chosen by name and a relative time range: what would be odd to find again is left out."""
    write_json(
        state,
        "filter",
        {
            **{part: getattr(chosen, part) for part in _TEXTS},
            "failed": chosen.failed,
            "only_counted": chosen.only_counted,
            "time_range": {"last_ns": chosen.time_range.last_ns},
        },
    )


def read_filter(state: QSettings) -> CallFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return CallFilter()
    failed = kept.get("failed")
    return CallFilter(
        **{part: kept[part] for part in _TEXTS if isinstance(kept.get(part), str)},
        failed=failed if isinstance(failed, bool) else None,
        only_counted=kept.get("only_counted") is True,
        time_range=TimeRange.relative(kept.get("time_range")),
    )
