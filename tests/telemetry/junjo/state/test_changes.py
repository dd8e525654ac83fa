"""What differs between two values."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from junjo_desktop.telemetry.junjo.state import ABSENT, Change, ChangeKind, ChangeNode, changes_between
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from tests.telemetry.junjo.state.true_stores import documents


@given(documents, documents)
def test_the_changes_lead_from_one_value_to_the_other(before: Any, after: Any) -> None:
    changes = changes_between(before, after)
    assert (changes.root is None) == is_same(before, after)
    assert is_same(_changed(before, changes.root), after)
    assert changes.count == len(list(changes.leaves()))


def _changed(before: Any, node: ChangeNode | None) -> Any:
    """What the tree of changes makes of a value."""
    if node is None:
        return before
    if node.kind is not ChangeKind.WITHIN:
        return node.after
    assert node.unchanged + len(node.children) == (
        len(set(before) | set(node.after)) if isinstance(before, dict) else node.unchanged + len(node.children)
    )
    return _changed_object(before, node) if isinstance(before, dict) else _changed_array(before, node)


def _changed_object(before: dict[str, Any], node: ChangeNode) -> dict[str, Any]:
    made = dict(before)
    for child in node.children:
        if child.kind is ChangeKind.REMOVED:
            del made[str(child.key)]
        else:
            made[str(child.key)] = _changed(before.get(str(child.key)), child)
    return made


def _changed_array(before: list[Any], node: ChangeNode) -> list[Any]:
    removed = {child.key for child in node.children if child.kind is ChangeKind.REMOVED}
    made = [item for index, item in enumerate(before) if index not in removed]
    for child in node.children:
        if child.kind is ChangeKind.ADDED:
            made.insert(int(child.key), child.after)
        elif child.kind is not ChangeKind.REMOVED:
            made[int(child.key)] = _changed(made[int(child.key)], child)
    return made


def test_a_change_says_where_and_what() -> None:
    before = {"answer": {"draft": "a", "n": 1}, "items": [1, 2], "gone": None}
    after = {"answer": {"draft": "b", "n": 1}, "items": [1, 2, 3], "a/b": 0}
    assert list(changes_between(before, after).leaves()) == [
        Change(ChangeKind.CHANGED, "/answer/draft", ("answer", "draft"), "a", "b"),
        Change(ChangeKind.ADDED, "/items/2", ("items", 2), ABSENT, 3),
        Change(ChangeKind.REMOVED, "/gone", ("gone",), None, ABSENT),
        Change(ChangeKind.ADDED, "/a~1b", ("a/b",), ABSENT, 0),
    ]


def test_an_item_put_in_front_is_one_change() -> None:
    items = [{"n": number} for number in range(50)]
    assert [change.pointer for change in changes_between(items, [{"n": -1}, *items]).leaves()] == ["/0"]
    assert [change.pointer for change in changes_between(items, items[10:]).leaves()] == [f"/{n}" for n in range(10)]


def test_true_is_not_one_and_one_is_one_point_zero() -> None:
    assert changes_between({"a": True}, {"a": 1}).count == 1
    assert changes_between([1], [1.0]).count == 0


def test_very_deep_values_are_told_as_a_whole() -> None:
    before: Any = 1
    after: Any = 2
    for _ in range(900):
        before, after = [before], [after]
    assert changes_between(before, after).count == 1


def test_items_before_and_behind_what_was_put_in_keep_their_own_indexes() -> None:
    before: list[Any] = ["first", {"n": 1}, "a", "b", "c", {"n": 2}, "last"]
    after = ["new", {"n": 1}, "x", "y", "a", "b", "c", {"n": 3}, "z"]
    changes = changes_between(before, after)
    assert _changed(before, changes.root) == after
    assert {change.pointer for change in changes.leaves()} == {"/0", "/2", "/3", "/7/n", "/8"}
