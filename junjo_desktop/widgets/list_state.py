"""What of a list outlives the window: its order, and what is chosen by name; what would be odd to find again is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QSettings

from junjo_desktop.widgets.list_filter import ListFilter, ListSort
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import TimeRange

F = TypeVar("F", bound=ListFilter)
S = TypeVar("S", bound=ListSort)


def write_sort(state: QSettings, sort: ListSort) -> None:
    """Keep the order."""
    write_json(state, "sort", [sort.by, sort.descending])


def read_sort(state: QSettings, usual: S) -> S:
    """Read the order back; anything odd is the `usual` one."""
    known = type(usual.by)
    match read_json(state, "sort"):
        case [str(by), bool(descending)] if by in list(known):
            return replace(usual, by=known(by), descending=descending)
    return usual


def write_filter(state: QSettings, chosen: ListFilter, parts: Sequence[str]) -> None:
    """Keep these parts and a relative time range."""
    kept = {part: getattr(chosen, part) for part in parts}
    write_json(state, "filter", {**kept, "time_range": {"last_ns": chosen.time_range.last_ns}})


def read_filter(state: QSettings, usual: F, texts: Sequence[str], switches: Sequence[str]) -> F:
    """Read these parts back, and the time range; anything odd is as in the `usual` one."""
    kept = read_json(state, "filter")
    if not isinstance(kept, dict):
        return usual
    found = {
        part: kept[part]
        for parts, kind in ((texts, str), (switches, bool))
        for part in parts
        if isinstance(kept.get(part), kind)
    }
    return replace(usual, **found, time_range=TimeRange.relative(kept.get("time_range")))
