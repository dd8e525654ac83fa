"""An update in one line: short whatever the patch is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.cli.patch_text import update_text

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=9), inner, max_size=6),
    max_leaves=12,
)


def text_of(patch: object, mode: str = "full") -> str:
    return update_text({"patch": patch, "patch_mode": mode})


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        ([], "nothing changed"),
        ({}, "nothing changed"),
        ([{"op": "replace", "path": "/status", "value": "done"}], '~ /status "done"'),
        ([{"op": "add", "path": "/items/-", "value": {"a": 1}}], '+ /items/- {"a": 1}'),
        ([{"op": "remove", "path": "/draft"}], "- /draft"),
        ([{"op": "move", "from": "/pending/0", "path": "/done/0"}], "/pending/0 → /done/0"),
        ([{"op": "replace", "path": "", "value": None}], "~ the whole state null"),
        ([{"op": "replace", "path": "/big", "value": list(range(99))}], "~ /big [99 items]"),
        ([{"op": "replace", "path": "/big", "value": {"one": {"two": 3}}}], "~ /big {1 key}"),
        ([{"op": "replace", "path": "/n", "value": n} for n in range(9)], "~ /n 0, ~ /n 1, ~ /n 2, ~ /n 3, 5 more"),
        ("no patch", '(no JSON patch: "no patch")'),
        ([7], "7"),
    ],
)
def test_what_is_said_of_a_patch(patch: object, text: str) -> None:
    assert text_of(patch) == text


def test_a_patch_that_was_not_sent_says_so() -> None:
    assert text_of(None, "redacted") == "(patch redacted)"
    assert text_of(None) == "(patch cannot be read)"


@given(patch=_json)
def test_any_json_is_a_short_line(patch: Any) -> None:
    assert 0 < len(text_of(patch)) < 1_200


@given(operations=st.lists(st.dictionaries(st.sampled_from(["op", "path", "from", "value"]), _json), max_size=6))
def test_any_operations_are_a_short_line(operations: Any) -> None:
    assert 0 < len(text_of(operations)) < 1_200
