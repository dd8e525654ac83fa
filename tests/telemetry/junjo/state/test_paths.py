"""The history of one path."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.state import ABSENT, UNKNOWN_STATE, Certainty, StoreHistory, reconstruct
from junjo_desktop.telemetry.junjo.state.pointer import pointer_text, pointer_tokens, value_at
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from tests.telemetry.junjo.state.true_stores import TrueStore, full, record, true_stores, update


def told(history: StoreHistory, pointer: str) -> list[tuple[int, Any, Any]]:
    return [(change.position, change.before, change.after) for change in history.path_history(pointer)]


_POINTERS = st.lists(st.sampled_from(["a", "b", "c", "d", "0", "1", "2", "a/b", "~", ""]), max_size=3)


@given(true_stores(), _POINTERS)
def test_a_path_has_exactly_the_steps_at_which_its_value_differs(store: TrueStore, path: list[str]) -> None:
    tokens = tuple(path)
    values = [value_at(state, tokens) for state in store.states]
    expected = [
        (position, before, after)
        for position, (before, after) in enumerate(pairwise(values))
        if not is_same(before, after)
    ]
    history = reconstruct(store.whole())
    pointer = pointer_text(path)
    assert told(history, pointer) == expected
    assert all(change.certainty is Certainty.EXACT for change in history.path_history(pointer))
    assert history.steps_changing(pointer) == tuple(position for position, _, _ in expected)


def test_an_item_of_an_array_changes_when_a_parent_is_replaced_or_the_array_shifts() -> None:
    states = [
        {"items": ["a", "b", "c"]},
        {"items": ["0", "a", "b", "c"]},
        {"items": ["0", "a", "b", "c"], "other": 1},
        {"items": None, "other": 1},
        {"items": [1, 2, 3, 4], "other": 1},
    ]
    history = reconstruct(TrueStore(states, ["node"] * 4, is_numbered=True).whole())
    assert history.steps_changing("/items/3") == (0, 2, 3)
    first = history.path_history("/items/3")[0]
    assert (first.before, first.after, first.certainty) == (ABSENT, "c", Certainty.EXACT)


def test_without_a_state_the_patches_tell_what_they_wrote() -> None:
    events = [
        update([{"op": "replace", "path": "/a", "value": {"b": 1}}], 1),
        update([{"op": "add", "path": "/list/0", "value": 5}], 2),
        update([{"op": "remove", "path": "/a/b"}], 3),
    ]
    history = reconstruct(record(events, owner_span_id=None))
    assert told(history, "/a/b") == [(0, UNKNOWN_STATE, 1), (2, UNKNOWN_STATE, ABSENT)]
    assert told(history, "/list/3") == [(1, UNKNOWN_STATE, UNKNOWN_STATE)]
    assert all(change.certainty is Certainty.UNKNOWN for change in history.path_history("/a/b"))
    assert history.steps_changing("/other") == ()


def test_after_a_gap_a_path_is_inferred() -> None:
    store = TrueStore([{"a": number} for number in range(5)], ["node"] * 4, is_numbered=True)
    events = [event for event in store.events if event.sequence != 2]
    history = reconstruct(replace(store.whole(), events=tuple(events)))
    assert [change.certainty for change in history.path_history("/a")] == [
        Certainty.EXACT,
        Certainty.INFERRED,
        Certainty.INFERRED,
    ]


def test_a_text_that_is_no_pointer_has_no_history() -> None:
    history = reconstruct(TrueStore([{"a": 0}, {"a": 1}], ["node"], is_numbered=True).whole())
    assert history.path_history("a") == ()
    assert history.path_history("/~2") == ()
    assert history.steps_changing("") == (0,)


@given(st.lists(st.text(max_size=4), max_size=4))
def test_pointers_survive_being_written_and_read(path: list[str]) -> None:
    assert pointer_tokens(pointer_text(path)) == tuple(path)


def test_an_item_changes_when_the_one_before_it_is_taken_out() -> None:
    patch = [{"op": "remove", "path": "/items/2"}]
    history = reconstruct(record([update(patch, 1, 0)], full({"items": ["a", "b", "c", "d", "e"]})))
    assert told(history, "/items/3") == [(0, "d", "e")]
    assert told(history, "/items/1") == []
