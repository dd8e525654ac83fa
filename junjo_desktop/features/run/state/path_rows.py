"""The history of pinned paths as rows of text, made off the GUI thread. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from junjo_desktop.telemetry.junjo.state import ABSENT, UNKNOWN_STATE, Certainty, PathChange, StoreHistory
from junjo_desktop.widgets.state_changes.short_text import short_text

_ROWS = 200


@dataclass(frozen=True, slots=True)
class PathRow:
    """One step of a path. `before` is "" where it is what the row above left."""

    position: int
    sequence: int
    before: str
    after: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class PathSection:
    """One path: its rows, and a sentence about those that are left out, or why there are none."""

    pointer: str
    rows: tuple[PathRow, ...]
    count: int
    note: str


def path_sections(history: StoreHistory, pointers: Sequence[str], position: int | None) -> tuple[PathSection, ...]:
    """Return a section for each path; of a long history the part around `position`."""
    return tuple(_section(history, pointer, position) for pointer in pointers)


def _section(history: StoreHistory, pointer: str, position: int | None) -> PathSection:
    changes = history.path_history(pointer)
    first = _first_shown(changes, position)
    shown = changes[first : first + _ROWS]
    rows: list[PathRow] = []
    left_by = ""
    for change in shown:
        before, after = (_text(value) for value in change.values())
        if change.certainty is Certainty.UNKNOWN:
            before = ""  # nobody knows it; the row says so
        sequence = history.transitions[change.position].sequence
        rows.append(PathRow(change.position, sequence, "" if before == left_by else before, after, change.certainty))
        left_by = after
    return PathSection(pointer, tuple(rows), len(changes), _note(changes, shown))


def _first_shown(changes: Sequence[PathChange], position: int | None) -> int:
    if len(changes) <= _ROWS or position is None:
        return 0
    reached = sum(change.position < position for change in changes)
    return max(0, min(reached - _ROWS // 2, len(changes) - _ROWS))


def _note(changes: Sequence[PathChange], shown: Sequence[PathChange]) -> str:
    if not changes:
        return "No update of this store changed it."
    if len(shown) < len(changes):
        return f"{len(shown):,} of {len(changes):,} changes, around the selected step."
    return ""


def _text(value: Any) -> str:
    if value is ABSENT:
        return "(absent)"
    return "(unknown)" if value is UNKNOWN_STATE else short_text(value)
