"""JSON Patches on documents that share structure."""

from __future__ import annotations

import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode
from junjo_desktop.telemetry.junjo.state.certainty import ABSENT
from junjo_desktop.telemetry.junjo.state.patch import Ownership, Patch, PatchError, applied, read_patch
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.state.undoing import undone
from tests.telemetry.junjo.state.true_stores import documents, full


def patch_of(*operations: dict[str, Any]) -> Patch:
    return read_patch(full(list(operations)))


_tokens = st.lists(st.sampled_from(["a", "b", "0", "1", "-"]), max_size=3).map(
    lambda tokens: "".join(f"/{token}" for token in tokens)
)
_operations = st.lists(
    st.one_of(
        st.fixed_dictionaries({"op": st.sampled_from(["add", "replace", "test"]), "path": _tokens, "value": documents}),
        st.fixed_dictionaries({"op": st.just("remove"), "path": _tokens}),
        st.fixed_dictionaries({"op": st.sampled_from(["move", "copy"]), "path": _tokens, "from": _tokens}),
    ),
    min_size=1,
    max_size=6,
)


@given(documents, _operations)
def test_any_patch_does_what_jsonpatch_does_and_leaves_the_document_alone(
    document: Any, operations: list[dict[str, Any]]
) -> None:
    written, patch = json.dumps(document), read_patch(full(operations))
    try:
        expected = jsonpatch.apply_patch(document, operations)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError):
        expected = ABSENT
    try:
        result = applied(document, patch)
    except PatchError:
        result = ABSENT
    assert is_same(result, expected)
    assert json.dumps(document) == written


@given(documents, documents, st.booleans())
def test_a_patch_undone_and_done_again_gives_the_same(before: Any, after: Any, knows_before: bool) -> None:
    patch = read_patch(full(jsonpatch.make_patch(before, after).patch))
    if any(operation.is_whole for operation in patch.operations):
        return
    earlier = undone(after, patch, before if knows_before else ABSENT, Ownership())
    assert is_same(applied(earlier, patch), after)


def test_a_value_in_two_places_is_changed_in_one() -> None:
    mine = Ownership()
    document = applied({"a": {"n": 0}}, patch_of({"op": "replace", "path": "/a/n", "value": 1}), mine)
    document = applied(document, patch_of({"op": "copy", "from": "/a", "path": "/b"}), mine)
    document = applied(document, patch_of({"op": "replace", "path": "/a/n", "value": 2}), mine)
    assert document == {"a": {"n": 2}, "b": {"n": 1}}


def test_moving_within_an_array_leaves_its_neighbours_shared_and_whole() -> None:
    document = {"a": [{"n": 0}, {"n": 1}]}
    result = applied(
        document,
        patch_of({"op": "move", "from": "/a/0", "path": "/first"}, {"op": "add", "path": "/a/0/seen", "value": True}),
    )
    assert result == {"a": [{"n": 1, "seen": True}], "first": {"n": 0}}
    assert document == {"a": [{"n": 0}, {"n": 1}]}


@pytest.mark.parametrize("text", ["{}", "[]"])
def test_an_empty_patch_changes_nothing(text: str) -> None:
    document = {"a": 1}
    assert applied(document, read_patch(Payload(PayloadMode.FULL, text))) is document


def test_a_move_is_undone_exactly() -> None:
    before = {"pending": ["c1", "c2"], "done": [], "first": {"n": 1}}
    patch = patch_of(
        {"op": "move", "from": "/pending/0", "path": "/done/0"}, {"op": "move", "from": "/first", "path": "/second"}
    )
    after = applied(before, patch)
    assert after == {"pending": ["c2"], "done": ["c1"], "second": {"n": 1}}
    assert undone(after, patch, ABSENT, Ownership()) == before
