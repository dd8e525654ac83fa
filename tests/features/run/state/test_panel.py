"""What the state panel shows of a run, and how it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTreeView
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.state.panel import StatePanel
from junjo_desktop.telemetry.junjo.state import StoreHistory
from tests.features.run.state.shown_panel import FIRST, FOURTH, Work, answer_store, histories, run_of
from tests.support.hands import button, nameless, rich_labels, texts
from tests.support.qt import Role, find, grab_themes, press, unnamed_controls
from tests.telemetry.junjo.state.true_stores import MISSING, TrueStore

Show = Callable[[Mapping[str, StoreHistory]], None]


@pytest.fixture
def show(qtbot: QtBot, panel: StatePanel) -> Show:
    """Shows a run with these stores, and waits until its state is there."""

    def run(stores: Mapping[str, StoreHistory]) -> None:
        panel.show_run(run_of(stores), stores)
        settle(qtbot, panel)

    return run


def settle(qtbot: QtBot, panel: StatePanel) -> None:
    qtbot.waitUntil(lambda: not panel.is_busy)


def go_to(qtbot: QtBot, panel: StatePanel, selection: RunSelection, position: int) -> None:
    selection.select_step("store", position)
    settle(qtbot, panel)


def tree_lines(tree: QTreeView) -> list[str]:
    """Every row that is unfolded, its columns parted by a bar."""
    lines = []
    index = tree.model().index(0, 0)
    while index.isValid():
        lines.append(" | ".join(str(index.siblingAtColumn(column).data()) for column in range(2)))
        index = tree.indexBelow(index)
    return lines


def entries(menu: QMenu) -> dict[str, Callable[[], None]]:
    return {action.text(): action.trigger for action in menu.actions() if action.text()}


def test_without_an_update_both_ends_of_the_store_are_shown(panel: StatePanel, show: Show) -> None:
    show(histories(answer_store()))
    assert panel.place.words.text() == "AnswerStore · start and end"
    assert [panel.tabs.tabText(tab) for tab in range(5)] == ["Start", "End", "Patch", "Changes 4", "Side by side"]
    panel.set_tab("before")
    assert panel.before.tree.value == FIRST
    assert panel.certainty.tag.text == "exact"
    assert panel.certainty.reason.text() == "All 4 updates exact."
    panel.set_tab("after")
    assert panel.after.tree.value == FOURTH
    panel.set_tab("patch")
    assert "Select a state update" in texts(panel)


def test_changes_have_signs_and_say_what_stayed(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    go_to(qtbot, panel, selection, 3)
    assert panel.place.words.text() == "AnswerStore · step 4 of 4"
    assert panel.tabs.tabText(3) == "Changes 3"
    assert tree_lines(panel.changes) == [
        "answer | ",
        '~ draft | "On its way." → "Order 1042⏎is with DHL."',
        "~ iteration | 1 → 2",
        '− pending | "get_order"',
        "… | 2 more, unchanged",
        "… | 1 more, unchanged",
    ]


def test_side_by_side_lines_stand_beside_each_other_and_equal_parts_unfold(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    panel.set_tab("diff")
    go_to(qtbot, panel, selection, 3)
    lines = panel.diff.model
    shown = [(lines.sign(row, 0), lines.text(row, 0), lines.text(row, 1)) for row in range(lines.rowCount())]
    assert ("~", '    "iteration": 1', '    "iteration": 2') in shown
    assert ("−", '    "pending": "get_order"', None) in shown
    fold = next(row for row, line in enumerate(shown) if line[1] == '    "order": { 1 key }')
    assert lines.sign(fold, 0) == "▸"
    panel.diff.table.setCurrentIndex(lines.index(fold, 0))
    panel.diff.table.setFocus()
    QTest.keyClick(panel.diff.table, Qt.Key.Key_Return)
    assert lines.text(fold + 1, 0) == lines.text(fold + 1, 1) == '      "id": 7'
    panel.diff.table.selectRow(fold)
    QTest.keyClick(panel.diff.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == '      "order": { 1 key }'


def test_the_patch_is_shown_and_an_empty_one_said(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    panel.set_tab("patch")
    go_to(qtbot, panel, selection, 0)
    text = panel.patch.model.copied(range(panel.patch.model.rowCount()))
    assert '"path": "/answer/draft"' in text
    go_to(qtbot, panel, selection, 1)
    for tab in ("patch", "changes", "diff"):
        panel.set_tab(tab)
        assert "This update changed nothing." in texts(panel)


def test_a_state_is_shown_as_text_too(qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection) -> None:
    show(histories(answer_store()))
    go_to(qtbot, panel, selection, 3)
    panel.set_tab("after")
    button(panel, "Text").click()
    qtbot.waitUntil(lambda: panel.after.text.model.rowCount() > 5)
    assert panel.after.text.model.text(1, 0) == '  "answer": {'
    assert panel.after.text.isVisible()


def test_the_arrows_go_through_the_updates_of_the_store(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    press(panel, "Next update of this store")
    assert selection.step == ("store", 0)
    settle(qtbot, panel)
    assert not panel.place.back.isEnabled()
    before, after = panel.commands()
    after.run()
    assert selection.step == ("store", 1)
    before.run()
    assert selection.step == ("store", 0)
    go_to(qtbot, panel, selection, 3)
    assert not panel.place.forth.isEnabled()


def test_what_is_not_exact_says_why(qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection) -> None:
    record = answer_store()
    lossy = replace(record, events=(record.events[0], record.events[3]), dropped_events={"node": 1})
    show(histories(lossy))
    go_to(qtbot, panel, selection, 1)
    panel.set_tab("before")
    assert panel.certainty.tag.text == "inferred"
    assert panel.certainty.reason.text().startswith("2 updates before this one were dropped: the SDK keeps 128 events")
    panel.set_tab("after")
    assert panel.certainty.tag.text == "exact"
    panel.set_tab("changes")
    assert panel.certainty.tag.text == "inferred"


def test_unknown_states_and_runs_without_a_store_are_sentences(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    store = TrueStore([{"a": 0}, {"a": 1}], ["node"], is_numbered=True)
    show(histories(store.without_owner()))
    go_to(qtbot, panel, selection, 0)
    for tab in ("before", "after", "changes", "diff"):
        panel.set_tab(tab)
        assert "not known" in texts(panel) or "nothing to compare" in texts(panel)
        assert panel.certainty.tag.text == "unknown"
    panel.set_tab("patch")
    assert panel.patch.model.rowCount() > 0
    panel.show_run(run_of({}), {})
    assert panel.absent.isVisible()
    assert panel.absent.sentence == "This run keeps no state."
    panel.show_run(run_of({}, span_id=None), {})
    assert "No state has arrived" in panel.absent.sentence


def test_of_several_stores_one_can_be_chosen(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    other = replace(answer_store(store_id="other", owner_span_id="subflow"), name="OtherStore", end=MISSING)
    show(histories(other, answer_store()))
    assert panel.place.stores.currentText() == "AnswerStore"
    panel.place.stores.setCurrentIndex(0)
    panel.place.stores.activated.emit(0)
    settle(qtbot, panel)
    assert panel.shown is not None
    assert panel.shown.store_id == "other"
    assert selection.step is None


def test_a_path_is_pinned_from_the_tree_and_its_history_leads_to_steps(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    go_to(qtbot, panel, selection, 3)
    tree = panel.changes
    tree.setCurrentIndex(tree.indexBelow(tree.model().index(0, 0)))
    entries(tree.build_menu())["Pin path"]()
    qtbot.waitUntil(panel.paths.isVisible)
    assert panel.paths.pane.lines == [
        "History of /answer/draft · 2 changes · pinned",
        'step 1 null → "On its way."',
        'step 4 → "Order 1042⏎is with DHL."',
    ]
    pane = panel.paths.pane
    pane.setCurrentIndex(pane.model().index(0, 0, pane.model().index(0, 0)))
    panel.paths.pane.setFocus()
    QTest.keyClick(panel.paths.pane, Qt.Key.Key_Return)
    assert selection.step == ("store", 0)
    settle(qtbot, panel)
    QTest.keyClick(panel.paths.pane, Qt.Key.Key_Delete)
    assert not panel.paths.isVisible()


def test_the_tree_of_a_state_offers_pointers_also_within_texts_of_json(
    qtbot: QtBot, panel: StatePanel, show: Show
) -> None:
    states = [{"a/b": [{"c": 1}], "text": '{"x": [1]}'}, {"a/b": [{"c": 2}], "text": '{"x": [1]}'}]
    show(histories(TrueStore(states, ["node"], is_numbered=True).whole()))
    panel.set_tab("after")
    tree = panel.after.tree
    tree.view.expandAll()
    found = []
    index = tree.model.index(0, 0)
    while index.isValid():
        tree.view.setCurrentIndex(index)
        entries(tree.build_menu())["Copy JSON pointer"]()
        found.append(QGuiApplication.clipboard().text())
        index = tree.view.indexBelow(index)
    assert found == ["/a~1b", "/a~1b/0", "/a~1b/0/c", "/text", "/text", "/text"]
    entries(tree.build_menu())["Show history of path"]()
    qtbot.waitUntil(panel.paths.isVisible)
    assert panel.paths.pane.lines == ["History of /text · 0 changes", "No update of this store changed it."]
    panel.paths.pane.setCurrentIndex(panel.paths.pane.model().index(0, 0))
    entries(panel.paths.pane.build_menu())["Pin path"]()
    qtbot.waitUntil(lambda: "pinned" in panel.paths.pane.lines[0])


def test_pins_are_kept_for_each_workflow(qtbot: QtBot, panel: StatePanel, work: Work, tmp_path: Path) -> None:
    stores = histories(answer_store())
    panel.show_run(run_of(stores), stores)
    panel.paths.pin("/answer/draft")
    panel.set_tab("diff")
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    panel.save_state(settings)
    settle(qtbot, panel)
    again = StatePanel(RunSelection(), work)
    qtbot.addWidget(again)
    again.show()
    again.restore_state(settings)
    again.show_run(run_of(stores, name="Another"), stores)
    settle(qtbot, again)
    assert again.tab == "diff"
    assert not again.paths.isVisible()
    again.show_run(run_of(stores), stores)
    qtbot.waitUntil(again.paths.isVisible)
    assert again.paths.pane.lines[0].startswith("History of /answer/draft")


def test_a_run_that_grows_leaves_the_tree_as_it_is_unfolded(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    record = answer_store()
    growing = replace(record, events=record.events[:2], end=MISSING, is_ended=False, transition_count=None)
    show(histories(growing))
    go_to(qtbot, panel, selection, 0)
    panel.set_tab("after")
    view = panel.after.tree.view
    view.expand(panel.after.tree.model.index(0, 0))
    show(histories(record))
    assert panel.place.words.text() == "AnswerStore · step 1 of 4"
    assert view.isExpanded(panel.after.tree.model.index(0, 0))


def test_hostile_text_is_never_markup_and_every_control_has_a_name(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    hostile = "<b>bold</b>\u202e\x00" + "n" * 300
    states = [{hostile: "<img>", "long": "x" * 100_000}, {hostile: "<i>\n" * 50, "long": "y" * 100_000}]
    record = TrueStore(states, ["node"], is_numbered=True).whole()
    events = tuple(replace(event, action=hostile) for event in record.events)
    show(histories(replace(record, name=hostile, events=events), answer_store(store_id="other")))
    go_to(qtbot, panel, selection, 0)
    panel.paths.show_history("/long")
    qtbot.waitUntil(panel.paths.isVisible)
    for tab in ("before", "after", "patch", "changes", "diff"):
        panel.set_tab(tab)
        panel.grab()
        assert not rich_labels(panel)
        assert not unnamed_controls(panel)
        assert not nameless(panel)


def test_it_is_drawn_in_both_themes_and_in_little_room(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection, tmp_path: Path
) -> None:
    show(histories(answer_store()))
    go_to(qtbot, panel, selection, 3)
    panel.set_tab("diff")
    light, dark = grab_themes(panel, tmp_path, "state")
    assert light.read_bytes() != dark.read_bytes()
    panel.resize(300, 300)
    assert panel.width() == 300
    assert panel.place.isVisible()


def test_the_keyboard_reaches_tabs_views_and_paths(
    qtbot: QtBot, panel: StatePanel, show: Show, selection: RunSelection
) -> None:
    show(histories(answer_store()))
    go_to(qtbot, panel, selection, 0)
    panel.focus_view()
    assert panel.changes.hasFocus()
    QTest.keyClick(panel.changes, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert panel.isAncestorOf(panel.focusWidget() or panel)
    assert find(panel, Role.PageTabList, "Changes 1") is panel.tabs
