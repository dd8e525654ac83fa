"""A place in a list is written to the window's state and read back, or ignored."""

from __future__ import annotations

import json

import pytest

from junjo_desktop.widgets.kept_place import KeptPlace

PLACE = KeptPlace("b", ("a", "b"), "a", 3, 78)


def test_a_place_outlives_the_window() -> None:
    assert KeptPlace.restored(json.loads(json.dumps(PLACE.saved()))) == PLACE


def test_a_place_by_ids_that_are_no_texts_is_not_kept() -> None:
    assert KeptPlace(1, (1,), 0, 0, 0).saved() is None


@pytest.mark.parametrize(
    "saved",
    [None, 3, [], ["a"], [1, [], None, 0, 0], ["a", [7], "a", 0, 0], ["a", "a", "a", "b", 0], [None, [], "a", 0, 0]],
    ids=str,
)
def test_the_top_and_anything_odd_is_no_place(saved: object) -> None:
    assert KeptPlace.restored(saved) is None
