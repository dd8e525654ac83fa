"""All that is shown of one step, made off the GUI thread. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadError
from junjo_desktop.telemetry.junjo.state import Certainty, Changes, StateValue, StoreHistory, changes_between
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.widgets.json_nodes import json_text
from junjo_desktop.widgets.state_changes.diff_rows import DiffRow, diff_rows, longest_of

_UNSURE = (Certainty.UNKNOWN, Certainty.INFERRED, Certainty.EXACT)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to be shown, and how many characters the longest has."""

    lines: tuple[DiffRow | str, ...]
    longest: int


@dataclass(frozen=True)
class Presentation:
    """One step of a store, or both ends of it when `position` is None. `changes` is None where a state is unknown."""

    store_id: str
    store_name: str
    position: int | None
    sequence: int
    steps: int
    action: str
    summary: str
    before: StateValue
    after: StateValue
    changes: Changes | None
    rows: Lines
    patch: Lines
    patch_note: str
    is_on_screen: bool = False
    """Whether the panel shows the same states of the same step already: then nothing on screen need move."""

    @property
    def comparison(self) -> StateValue:
        """The less sure of both states: what a comparison of them is worth."""
        return min(self.before, self.after, key=lambda state: _UNSURE.index(state.certainty))


def present(history: StoreHistory, position: int | None, on_screen: Presentation | None = None) -> Presentation:
    """Return what is to be shown. Takes as long as the states are large."""
    made = _presented(history, position)
    return replace(made, is_on_screen=on_screen is not None and _shows_same(made, on_screen))


def _shows_same(one: Presentation, other: Presentation) -> bool:
    return (
        (one.store_id, one.position, one.patch.lines) == (other.store_id, other.position, other.patch.lines)
        and is_same(one.before.value, other.before.value)
        and is_same(one.after.value, other.after.value)
    )


def _presented(history: StoreHistory, position: int | None) -> Presentation:
    if position is not None and position >= len(history.transitions):
        position = None
    if position is None:
        before, after, sequence, action = history.start, history.end, 0, ""
        patch = lines_of(())
        note = "Select a state update to see its patch." if history.transitions else "No update of this store arrived."
    else:
        step = history.transitions[position]
        before, after = history.state_before(position), history.state_after(position)
        sequence, action = step.sequence, step.event.action
        patch, note = _patch(step.event.patch)
    changes = changes_between(before.value, after.value) if before.is_known and after.is_known else None
    return Presentation(
        store_id=history.record.store_id,
        store_name=history.record.name,
        position=position,
        sequence=sequence,
        steps=_count(history),
        action=action,
        summary=history.summary,
        before=before,
        after=after,
        changes=changes,
        rows=lines_of(() if changes is None else diff_rows(changes)),
        patch=patch,
        patch_note=note,
    )


def text_lines(value: Any) -> Lines:
    """Return a JSON value as indented text."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:
        # Numbers beyond 64 bits, and values nested deeper than it goes.
        text = _by_python(value)
    return lines_of(tuple(text.split("\n")))


def lines_of(lines: tuple[DiffRow | str, ...]) -> Lines:
    """Return lines with the length of the longest."""
    return Lines(lines, longest_of(lines))


def _by_python(value: Any) -> str:
    try:
        return json_text(value)
    except RecursionError:
        return "Too deeply nested to be shown as text."


def _count(history: StoreHistory) -> int:
    """How many updates were made, as far as is known."""
    last = history.transitions[-1].sequence if history.transitions else 0
    return max(last, history.record.transition_count or 0)


def _patch(payload: Payload) -> tuple[Lines, str]:
    try:
        value = payload.value
    except PayloadError as error:
        return lines_of(tuple(payload.text.split("\n")) if payload.text else ()), str(error)
    is_empty = value in ({}, [])
    return lines_of(()) if is_empty else text_lines(value), "This update changed nothing." if is_empty else ""
