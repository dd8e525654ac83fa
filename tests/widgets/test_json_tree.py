"""JSON is shown lazily, unfolded where strings hold it, and any part of it can be taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.json_delegate import cut_key
from junjo_desktop.widgets.json_filter import find_matches
from junjo_desktop.widgets.json_model import JsonModel
from junjo_desktop.widgets.json_nodes import json_inside, json_text, path_text, value_text
from junjo_desktop.widgets.json_tree import JsonTree
from tests.support.qt import unnamed_controls

VALUE: dict[str, Any] = {
    "gen_ai.request.model": "gpt-4o",
    "temperature": 0.2,
    "messages": json.dumps([{"role": "user", "content": "Where is my <b>order</b>?"}]),
    "nested": {"a": {"b": [1, None, True]}},
    "many": list(range(1200)),
}


@pytest.fixture
def tree(qtbot: QtBot) -> JsonTree:
    shown = JsonTree("Attributes")
    qtbot.addWidget(shown)
    shown.resize(600, 400)
    shown.set_value(VALUE)
    shown.show()
    return shown


def at(tree: JsonTree, *keys: str) -> QModelIndex:
    """Walk to a row by what its cells say."""
    index = QModelIndex()
    for key in keys:
        rows = (tree.model.index(row, 0, index) for row in range(tree.model.rowCount(index)))
        index = next(row for row in rows if row.data() == key)
        if tree.model.canFetchMore(index):
            tree.model.fetchMore(index)
    return index


def value_at(tree: JsonTree, *keys: str) -> str:
    return str(at(tree, *keys).siblingAtColumn(1).data())


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_values_are_told_apart_by_their_form(tree: JsonTree) -> None:
    assert value_at(tree, "gen_ai.request.model") == '"gpt-4o"'
    assert value_at(tree, "temperature") == "0.2"
    assert value_at(tree, "nested", "a", "b", "1") == "null"
    assert value_at(tree, "nested", "a", "b", "2") == "true"
    assert value_at(tree, "nested") == "{ 1 key }"


def test_a_string_that_holds_json_unfolds_in_place(tree: JsonTree) -> None:
    assert value_at(tree, "messages") == "[ 1 item ]"
    assert value_at(tree, "messages", "0", "role") == '"user"'


def test_copying_that_string_gives_the_string_and_as_json_its_content(tree: JsonTree) -> None:
    tree.view.setCurrentIndex(at(tree, "messages"))
    tree.copy_value()
    assert clipboard() == VALUE["messages"]
    tree.copy_subtree()
    assert json.loads(clipboard()) == json.loads(VALUE["messages"])


def test_paths_name_where_a_value_is(tree: JsonTree) -> None:
    tree.view.setCurrentIndex(at(tree, "messages", "0", "content"))
    tree.copy_path()
    assert clipboard() == "$.messages[0].content"
    assert path_text(("gen_ai.request.model", 3, "it's")) == "$['gen_ai.request.model'][3]['it\\'s']"


def test_long_lists_are_made_in_pieces(tree: JsonTree) -> None:
    many = at(tree, "many")
    assert tree.model.rowCount(many) == 500
    tree.model.fetchMore(many)
    tree.model.fetchMore(many)
    assert tree.model.rowCount(many) == 1200
    assert not tree.model.canFetchMore(many)


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = JsonModel()
    model.show({"a": [1, {"b": "c"}], "s": '{"x": [1]}', "e": {}})
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt has no annotations here


def test_a_filter_keeps_matches_and_what_leads_to_them(qtbot: QtBot, tree: JsonTree) -> None:
    tree.filter.setText("ORDER")
    qtbot.waitUntil(lambda: tree.model.rowCount() == 1)
    assert value_at(tree, "messages", "0", "content") == '"Where is my <b>order</b>?"'
    assert tree.view.isExpanded(at(tree, "messages", "0"))

    tree.view.setCurrentIndex(at(tree, "messages", "0", "content"))
    tree.copy_path()
    assert clipboard() == "$.messages[0].content"
    tree.filter.clear()
    assert tree.model.rowCount() == len(VALUE)


def test_below_a_matching_key_everything_stays(qtbot: QtBot, tree: JsonTree) -> None:
    tree.filter.setText("nested")
    qtbot.waitUntil(lambda: tree.model.rowCount() == 1)
    assert value_at(tree, "nested", "a", "b", "0") == "1"


def test_the_filter_gives_up_on_endless_values_and_says_so() -> None:
    assert find_matches(list(range(100_000)), "99999").cut_short


def test_markup_and_control_characters_are_shown_as_they_are(tree: JsonTree) -> None:
    tree.set_value({"a\nb": "<b>x</b>\x1b[31m\u202e"})
    assert tree.model.index(0, 0).data() == "a⏎b"
    assert tree.model.index(0, 1).data() == '"<b>x</b>␛[31m"'


def test_a_plain_value_is_one_row(tree: JsonTree) -> None:
    tree.set_value("just text")
    assert tree.model.rowCount() == 1
    assert tree.model.index(0, 1).data() == '"just text"'


@pytest.mark.parametrize("text", ["", "{", "{}x", "plain", "[1,", '"text"', "12", "{" * 100_000 + "}"])
def test_what_is_not_json_stays_text(text: str) -> None:
    assert json_inside(text) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_can_be_shown_and_copied(value: Any) -> None:
    model = JsonModel()
    model.show(value)
    for row in range(model.rowCount()):
        assert isinstance(model.index(row, 1).data(), str)
    assert isinstance(value_text(value), str)
    json_text(value).encode("utf-8")


def test_it_can_be_used_without_sight_or_mouse(tree: JsonTree) -> None:
    assert unnamed_controls(tree) == []


def test_a_long_key_shows_its_end_and_where_it_belongs() -> None:
    key = cut_key("junjo.workflow.execution_graph_snapshot", 24)
    assert key == "junjo.…on_graph_snapshot"
    assert len(key) == 24
    assert cut_key("short", 24) == "short"


def test_a_key_of_spaces_can_be_seen(qtbot: QtBot) -> None:
    tree = JsonTree("Attributes")
    qtbot.addWidget(tree)
    tree.set_value({" ": 1, "": 2})
    assert [tree.model.index(row, 0).data() for row in range(2)] == ['" "', '""']


def test_a_search_without_a_match_says_so(qtbot: QtBot) -> None:
    tree = JsonTree("Attributes")
    qtbot.addWidget(tree)
    tree.set_value({"a": 1})
    tree.filter.setText("nothing")
    qtbot.waitUntil(lambda: tree.note == "Nothing matches.")
    tree.filter.setText("")
    qtbot.waitUntil(lambda: tree.note == "")
