"""What of the lists of runs outlives the window: orders, filters but for texts, runs or groups."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSettings

from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.features.runs.group_order import GroupSort, GroupSortBy
from junjo_desktop.store.run_filters import RunOutcome, RunSort, RunSortBy
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange

_TEXTS = ("service", "name", "version", "termination_reason", "correlation_id")


def write_sorts(state: QSettings, runs: RunSort, groups: GroupSort) -> None:
    """Keep both orders."""
    write_json(state, "sort", [runs.by, runs.descending])
    write_json(state, "group_sort", [groups.by, groups.descending])


def read_run_sort(state: QSettings) -> RunSort:
    """Read the order of runs back; anything odd is newest first."""
    match read_json(state, "sort"):
        case [str(by), bool(descending)] if by in list(RunSortBy):
            return RunSort(RunSortBy(by), descending)
    return RunSort()


def read_group_sort(state: QSettings) -> GroupSort:
    """Read the order of groups back; anything odd is those of the newest run first."""
    match read_json(state, "group_sort"):
        case [str(by), bool(descending)] if by in list(GroupSortBy):
            return GroupSort(GroupSortBy(by), descending)
    return GroupSort()


def write_filter(state: QSettings, chosen: RunsFilter) -> None:
    """Keep what is chosen by name and a relative time range: what would be odd to find again is left out."""
    kept: dict[str, Any] = {part: getattr(chosen, part) for part in _TEXTS}
    kept["with_subflows"] = chosen.with_subflows
    kept["outcomes"] = sorted(chosen.outcomes)
    kept["time_range"] = {"last_ns": chosen.time_range.last_ns}
    write_json(state, "filter", kept)


def read_filter(state: QSettings) -> RunsFilter:
    """Read the filters back; anything odd is left out."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return RunsFilter()
    texts = {part: kept[part] for part in _TEXTS if isinstance(kept.get(part), str)}
    outcomes = kept.get("outcomes")
    return RunsFilter(
        **texts,
        with_subflows=kept.get("with_subflows") is True,
        outcomes=frozenset(
            outcome for outcome in RunOutcome if isinstance(outcomes, list) and outcome.value in outcomes
        ),
        time_range=TimeRange.relative(kept.get("time_range")),
    )
