"""The model shows its tree, and grows into any other without a reset."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.model import SpanModel
from junjo_desktop.features.trace.tree import Mark, SpanRow, SpanTree, build_tree
from tests.features.trace.test_tree import outline, row

SECOND = 1_000_000_000
IDS = st.sampled_from("abcdefghij")
ROWS = st.lists(
    st.builds(row, IDS, st.none() | IDS | st.just("gone"), st.integers(SECOND, 2 * SECOND)),
    max_size=12,
    unique_by=lambda span: span.span_id,
)


def shown(model: SpanModel) -> list[str]:
    def walk(parent: QModelIndex, depth: int) -> Iterator[str]:
        for number in range(model.rowCount(parent)):
            index = model.index(number, 0, parent)
            assert model.parent(index) == parent
            yield "." * depth + model.span_at(index).span_id
            yield from walk(index, depth + 1)

    return list(walk(QModelIndex(), 0))


def model_of(*rows: SpanRow) -> SpanModel:
    model = SpanModel()
    model.set_tree(build_tree(rows))
    return model


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester) -> None:
    model = model_of(row("a"), row("b", "a"), row("c", "b"), row("orphan", "gone"))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped


@pytest.mark.usefixtures("qapp")
@settings(max_examples=150, deadline=None)
@given(trees=st.lists(ROWS.map(build_tree), min_size=2, max_size=4))
def test_growing_ends_in_the_tree_that_was_given(trees: list[SpanTree]) -> None:
    model = SpanModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_tree(trees[0])
    kept = {span.span_id: QPersistentModelIndex(model.index_of(span.span_id)) for span in trees[0].spans}
    for tree in trees[1:]:
        model.grow(tree)
        assert shown(model) == outline(tree)
        here = {span.span_id for span in tree.spans}
        kept = {span_id: index for span_id, index in kept.items() if span_id in here}
        for span_id, index in kept.items():
            assert index.isValid()
            assert model.span_at(index).span_id == span_id
    assert tester.model() is model


def test_a_late_parent_takes_its_orphans_without_a_reset(qtbot: QtBot) -> None:
    first = [row("child-1", "late", 2), row("child-2", "late", 3)]
    model = model_of(*first)
    child = QPersistentModelIndex(model.index_of("child-2"))
    with qtbot.assertNotEmitted(model.modelReset):
        opened = model.grow(build_tree([*first, row("late", None, 1)]))
    assert shown(model) == ["late", ".child-1", ".child-2"]
    assert [model.span_at(index).span_id for index in opened] == ["late"]
    assert child.row() == 1
    assert model.span_at(child.parent()).span_id == "late"


def test_a_parent_whose_children_were_known_is_not_opened_again() -> None:
    rows = [row("root", None, 1), row("a", "root", 2)]
    model = model_of(*rows)
    assert model.grow(build_tree([*rows, row("b", "root", 3)])) == []


def test_marks_that_go_away_are_announced(qtbot: QtBot) -> None:
    orphan = row("orphan", "late", 2)
    model = model_of(orphan)
    with qtbot.waitSignal(model.dataChanged):
        model.grow(build_tree([orphan, row("late", None, 1)]))
    assert model.marks_at(model.index_of("orphan")) == Mark.NONE


def test_hostile_names_are_one_short_line() -> None:
    hostile = SpanRow("x", None, "shop\n<b>", "<img src=x>\r\n\x00\u202e" + "A" * 1_000_000, "llm", 1, 2, False)
    model = model_of(hostile)
    index = model.index_of("x")
    name = index.data(Qt.ItemDataRole.DisplayRole)
    assert "\n" not in name
    assert "\u202e" not in name
    assert len(name) < 500
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
