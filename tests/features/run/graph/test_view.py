"""The graph view: one selection with the page, runs chosen one by one, opening in place, hands, files."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.run.graph.view import RunGraphView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.shell.shortcuts import portable
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.widgets.layered.export import image_of
from tests.features.run.graph.runs import RunMaker, graph, sample_run
from tests.features.run.graph.shown import click, current_label, key_of, place
from tests.support import hands, qt

DEEDS = ("toggle", "span", "run", "walk", "labels", "show")


def test_a_click_on_a_node_selects_its_span(view: RunGraphView, selection: RunSelection) -> None:
    click(view, place(view, "AssessDirective"))
    assert (selection.span_id, current_label(view)) == ("a1", "AssessDirective")


def test_a_click_on_a_node_that_never_ran_selects_no_other_span(view: RunGraphView, selection: RunSelection) -> None:
    selection.select_span("a1")
    click(view, place(view, "SmallTalk"))
    assert (selection.span_id, current_label(view)) == ("a1", "SmallTalk")
    assert view.strip.words.text() == "SmallTalk: not run"


def test_a_selected_span_marks_the_nearest_node_that_is_drawn_and_opens_nothing(
    view: RunGraphView, selection: RunSelection
) -> None:
    selection.select_span("llm2")
    assert current_label(view) == "AnswerSubflow"
    assert not any(one.is_open for one in view.picture.nodes.values())
    assert selection.span_id == "llm2"
    selection.select_span("run")
    assert view.current is None


def test_an_opened_subflow_follows_the_selection_to_the_run_it_is_in(
    view: RunGraphView, selection: RunSelection
) -> None:
    view.toggle(key_of(view, "AnswerSubflow"))
    for span_id, runs in (("llm1", ("q10",)), ("llm2", ("q20", "q21"))):
        selection.select_span(span_id)
        assert current_label(view) == "Search"
        assert view.current is not None
        assert view.current.runs == runs


def test_opening_a_subflow_marks_the_selected_span_inside_it(view: RunGraphView, selection: RunSelection) -> None:
    selection.select_span("llm2")
    view.toggle_current()
    assert current_label(view) == "Search"
    view.toggle(key_of(view, "AnswerSubflow"))
    assert current_label(view) == "AnswerSubflow"


def test_runs_of_a_node_are_chosen_one_by_one(view: RunGraphView, selection: RunSelection) -> None:
    click(view, place(view, "Draft"))
    assert (selection.span_id, view.strip.words.text()) == ("d2", "Draft: run 3 of 3 · 680 ms · done")
    qt.press(view, "Previous run of this node")
    assert (selection.span_id, view.strip.words.text()) == ("d1", "Draft: run 2 of 3 · 680 ms · done")
    view.previous_run()
    view.previous_run()
    assert selection.span_id == "d0"
    assert not view.strip.previous.isEnabled()
    view.next_run()
    assert selection.span_id == "d1"


def test_the_chosen_run_of_a_subflow_is_what_its_inside_shows(view: RunGraphView) -> None:
    key = key_of(view, "AnswerSubflow")
    view.toggle(key)
    view.press(key)
    view.previous_run()
    inside = {one.label: one.runs for one in view.picture.nodes.values() if one.parent == key}
    assert inside == {"Plan": ("p1",), "Search": ("q10",), "Write": ("w1",)}


def test_a_click_on_the_triangle_opens_in_place_and_leaves_the_node_where_it_was(view: RunGraphView) -> None:
    item = view.canvas.graph.node(key_of(view, "AnswerSubflow"))
    assert item is not None
    left = view.canvas.mapFromScene(item.box.topLeft()).x()
    click(view, view.canvas.mapFromScene(QPointF(item.box.right() - 14, item.box.top() + 12)))
    assert view.picture.nodes[key_of(view, "AnswerSubflow")].is_open
    opened = view.canvas.graph.node(key_of(view, "AnswerSubflow"))
    assert opened is not None
    assert abs(view.canvas.mapFromScene(opened.box.topLeft()).x() - left) <= 1


def test_the_keyboard_walks_along_edges_opens_and_zooms(view: RunGraphView, selection: RunSelection) -> None:
    canvas = view.canvas
    canvas.setFocus()
    seen = []
    for key in (Qt.Key.Key_Right,) * 6 + (Qt.Key.Key_Left,) * 3:
        QTest.keyClick(canvas, key)
        seen.append(current_label(view))
    assert seen[:6] == ["LoadContext", "AssessDirective", "AnswerSubflow", "Draft", "CheckPolicy", "Sink"]
    assert seen[6:] == ["CheckPolicy", "Draft", "AnswerSubflow"]
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert view.current is not None
    assert view.current.is_open
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert current_label(view) == "Plan"
    assert selection.span_id == "p2"
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert current_label(view) == "AnswerSubflow"


def test_the_keys_of_the_graph_are_commands(view: RunGraphView) -> None:
    keys = [portable(key) for command in view.commands() for key in command.shortcuts]
    assert {"F", "0", "+", "-", "[", "]"} <= set(keys)
    assert len(set(keys)) == len(keys)


def test_fitting_shows_the_selected_node_and_the_whole(view: RunGraphView) -> None:
    view.press(key_of(view, "Draft"))
    view.fit_current()
    close = view.canvas.zoom
    view.canvas.show_whole()
    whole = view.canvas.mapFromScene(view.canvas.graph.whole).boundingRect()
    assert view.canvas.zoom < close
    assert view.canvas.viewport().rect().contains(whole)


def test_dragging_pans_and_selects_nothing(view: RunGraphView, selection: RunSelection) -> None:
    start, canvas = place(view, "Draft"), view.canvas
    before = canvas.mapToScene(QPoint(0, 0))
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas.viewport(), left, no, start)
    for step in (10, 20, 40):
        QTest.mouseMove(canvas.viewport(), start - QPoint(step, 0))
    QTest.mouseRelease(canvas.viewport(), left, no, start - QPoint(40, 0))
    assert canvas.mapToScene(QPoint(0, 0)).x() == pytest.approx(before.x() + 40 / canvas.zoom, abs=2)
    assert selection.span_id is None


def test_zoom_place_opened_subflows_and_chosen_runs_stay_while_a_run_grows(
    view: RunGraphView, selection: RunSelection
) -> None:
    view.toggle(key_of(view, "AnswerSubflow"))
    selection.select_span("q10")
    view.canvas.zoom_in()
    view.canvas.horizontalScrollBar().setValue(view.canvas.horizontalScrollBar().value() + 37)
    before = view.canvas.zoom, view.canvas.mapToScene(QPoint(0, 0)), current_label(view)
    shown = view.layout_shown
    view.show_run(sample_run())
    assert (view.canvas.zoom, view.canvas.mapToScene(QPoint(0, 0)), current_label(view)) == before
    assert view.layout_shown is shown
    assert view.current is not None
    assert view.current.runs == ("q10",)


def test_a_run_that_grows_does_not_pull_the_user_back_to_the_selection(
    view: RunGraphView, selection: RunSelection
) -> None:
    selection.select_span("g1")
    across = view.canvas.horizontalScrollBar()
    across.setValue(across.maximum())
    view.show_run(sample_run())
    assert across.value() == across.maximum()
    assert current_label(view) == "LoadContext"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 60)), max_size=20))
def test_whatever_hands_do_the_scene_shows_the_picture(view: RunGraphView, steps: list[tuple[str, int]]) -> None:
    run = sample_run()
    for what, number in steps:
        keys = list(view.picture.nodes)
        match what:
            case "toggle":
                view.toggle(keys[number % len(keys)])
            case "span":
                view.press(keys[number % len(keys)])
            case "run":
                view.next_run() if number % 2 else view.previous_run()
            case "walk":
                view.walk(("left", "right", "up", "down")[number % 4])
            case "labels":
                view.set_edge_labels(bool(number % 2))
            case _:
                view.show_run(run)
        assert view.current is None or view.canvas.graph.marked == view.current.key
        assert set(view.layout_shown.boxes) == set(view.picture.nodes)
        for key, shown in view.picture.nodes.items():
            item = view.canvas.graph.node(key)
            assert item is not None
            assert item.node == shown


def test_another_run_begins_anew(view: RunGraphView, selection: RunSelection) -> None:
    view.toggle(key_of(view, "AnswerSubflow"))
    selection.clear()
    maker = RunMaker(name="Other")
    maker.ran(graph(("x", "y"), "x y"), {"x": [maker.step("other")]})
    other = maker.run()
    view.show_run(type(other)(**{**vars(other), "trace_id": "cd" * 16}))
    assert {one.label for one in view.picture.nodes.values()} == {"x", "y"}
    assert view.current is None
    assert view.canvas.accessibleName() == "Graph of Other"


def test_a_node_that_ran_in_the_meantime_changes_its_look_and_not_its_place(qtbot: QtBot) -> None:
    view = RunGraphView(RunSelection())
    qtbot.addWidget(view)
    drawn = graph(("x", "y"), "x y")
    for executions in ({"x": ["x1"]}, {"x": ["x1"], "y": ["y1"]}):
        maker = RunMaker()
        maker.ran(drawn, {name: [maker.step(span) for span in spans] for name, spans in executions.items()})
        view.show_run(maker.run())
    item = view.canvas.graph.node(key_of(view, "y"))
    assert item is not None
    assert item.node.state is ExecutionState.DONE


def test_a_screen_reader_hears_where_the_keys_are(view: RunGraphView) -> None:
    view.press(key_of(view, "CheckPolicy"))
    interface = QAccessible.queryAccessibleInterface(view.canvas)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Graph of HandleMessage"
    assert interface.text(QAccessible.Text.Description) == "Node CheckPolicy, failed, HTTPError · 580 ms"
    assert qt.unnamed_controls(view) == []
    assert view.canvas in list(hands.in_tab_order(view))


def test_edge_labels_can_be_switched_off(view: RunGraphView) -> None:
    view.strip.labels.click()
    assert not any(route.label for route in view.layout_shown.routes.values())
    view.strip.labels.click()
    assert any(route.label for route in view.layout_shown.routes.values())


def test_tooltips_tell_about_the_node_or_the_edge_under_the_mouse(view: RunGraphView) -> None:
    scene, layout = view.canvas.graph, view.layout_shown
    boxes = layout.boxes
    group, child, sink = (boxes[key_of(view, name)] for name in ("LoadContext", "SaveMessage", "Sink"))
    assert scene.help_at(QPointF(sink.middle_x, sink.middle_y)).startswith("Sink")
    assert scene.help_at(QPointF(child.middle_x, child.middle_y)).startswith("SaveMessage")
    assert scene.help_at(QPointF(group.middle_x, group.y + 10)).startswith("LoadContext")
    asked = next(key for key, edge in view.picture.edges.items() if edge.condition == "is question")
    assert scene.help_at(QPointF(*layout.routes[asked].start)).startswith(("Condition: is", "AssessDirective"))
    place = layout.routes[asked].label
    assert place is not None
    words = scene.help_at(QPointF(place.middle_x, place.middle_y))
    assert words.startswith("Condition: is question\nTaken once\nInferred")
    assert scene.help_at(QPointF(-500, -500)) == ""


def test_a_run_without_nodes_says_so(qtbot: QtBot) -> None:
    view = RunGraphView(RunSelection())
    qtbot.addWidget(view)
    view.show()
    view.show_run(RunMaker().run())
    assert hands.texts(view).startswith("No node of this run has arrived yet.")
    assert not image_of(view.canvas.graph).isNull()
    for direction in ("left", "right", "up", "down"):
        view.walk(direction)
    view.fit_current()
