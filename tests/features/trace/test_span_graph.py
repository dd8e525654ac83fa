"""The call graph: merged by service and name, its figures, its selection, its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.features.trace.self_time import self_times, takes_time
from junjo_desktop.features.trace.span_graph.lens import GraphLens
from junjo_desktop.features.trace.span_graph.model import MOST_EDGES, MOST_NODES, GraphForm, span_graph
from junjo_desktop.features.trace.span_graph.picture import plan_of
from junjo_desktop.features.trace.span_graph.words import hidden_words
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from tests.features.trace.lens_hands import add_repeated, run, show
from tests.features.trace.random_trees import timed, trees
from tests.features.trace.sample_trace import MODEL, MS, ORPHAN, ROOT, TOOL, add_sample, part
from tests.support.hands import rich_labels
from tests.support.otlp import span_id, trace_request
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry


class _Widths:
    def label(self, text: str) -> float:
        return 7.0 * len(text)

    header = edge = label


@settings(max_examples=60)
@given(trees())
def test_every_span_and_every_call_is_counted_once(tree: SpanTree) -> None:
    own = self_times(tree).totals()
    for form in GraphForm:
        graph = span_graph(tree, own, form)
        assert sorted(place for node in graph.nodes.values() for place in node.positions) == list(range(len(tree)))
        assert sum(edge.count for edge in graph.edges.values()) == sum(parent >= 0 for parent in tree.parents)
        assert sum(node.error_count for node in graph.nodes.values()) == sum(span.is_error for span in tree.spans)
        assert sum(node.self_ns for node in graph.nodes.values()) == graph.self_ns == sum(own)
        timed_ns = sum(span.duration_ns for span in tree.spans if takes_time(span))
        assert sum(node.total_ns for node in graph.nodes.values()) == timed_ns
        for place, key in graph.node_of.items():
            assert graph.nodes[key].name == tree.spans[place].name
        plan = plan_of(graph, _Widths())
        assert (len(plan.boxes), len(plan.links)) == (len(graph.nodes), len(graph.edges))


def test_names_are_merged_and_a_span_that_calls_its_like_is_a_loop() -> None:
    spans = [
        timed("00", None, 0, 100, name="walk"),
        timed("01", "00", 10, 60, name="walk"),
        timed("02", "01", 20, 50, name="load", error=True),
        timed("03", "00", 70, 90, name="load"),
    ]
    tree = build_tree(spans)
    graph = span_graph(tree, self_times(tree).totals(), GraphForm.NAMES)
    walk, load = graph.nodes["shop\nwalk"], graph.nodes["shop\nload"]
    assert (walk.count, walk.total_ns, walk.self_ns) == (2, 150, 50)
    assert (load.count, load.total_ns, load.error_count) == (2, 50, 1)
    assert {(edge.tail, edge.head): (edge.count, edge.error_count) for edge in graph.edges.values()} == {
        (walk.key, walk.key): (1, 0),
        (walk.key, load.key): (2, 1),
    }


@pytest.mark.parametrize("form", list(GraphForm))
def test_of_very_many_nodes_some_are_shown_and_it_is_said(form: GraphForm) -> None:
    count = MOST_NODES + 30
    spans = [timed("root", None, 0, 10 * count)]
    spans += [timed(f"{number:03}", "root", 0, number, name=f"name {number}") for number in range(count)]
    spans.append(timed("failed", "root", 0, 0, name="failed quickly", error=True))
    tree = build_tree(spans)
    graph = span_graph(tree, self_times(tree).totals(), form)
    assert (len(graph.nodes), graph.hidden) == (MOST_NODES, 32)
    assert ("shop\nfailed quickly" in graph.nodes) is (form is GraphForm.NAMES)
    expected = "32 names that took least left out" if form is GraphForm.NAMES else "The first 240 spans of 272"
    assert hidden_words(graph) == expected
    hidden = next(span.span_id for place, span in enumerate(tree.spans) if place not in graph.node_of)
    assert graph.node_around(hidden) == graph.node_around("root")


def test_of_very_many_lines_the_ones_that_took_most_or_failed_are_drawn() -> None:
    count = 30
    spans = [timed("root", None, 0, 10**6, name="root")]
    for tail in range(count):
        parent = f"p{tail}"
        spans.append(timed(parent, "root", 0, 10**5, name=f"name {tail}"))
        spans += [
            timed(f"{tail} {head}", parent, 0, 100 + head, name=f"name {head}", error=tail == 7 and head == 0)
            for head in range(count)
        ]
    tree = build_tree(spans)
    graph = span_graph(tree, self_times(tree).totals(), GraphForm.NAMES)
    assert (len(graph.edges), graph.hidden_edges) == (MOST_EDGES, count * count + count - MOST_EDGES)
    drawn = {(graph.nodes[edge.tail].name, graph.nodes[edge.head].name) for edge in graph.edges.values()}
    assert ("name 7", "name 0") in drawn
    assert ("name 8", "name 0") not in drawn
    assert hidden_words(graph) == "430 lines left out"


def look(page: TracePage, qtbot: QtBot, trace: str) -> GraphLens:
    lenses = show(page, qtbot, trace)
    lenses.show_lens(Lens.GRAPH)
    lenses.take_focus()
    qtbot.waitUntil(lambda: lenses.graph.graph is not None)
    return lenses.graph


def marked(lens: GraphLens) -> str:
    graph, key = lens.graph, lens.scene.marked
    return "" if graph is None or key is None else graph.nodes[key].name


def test_the_selection_is_one_with_the_other_lenses(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lens = look(page, qtbot, add_sample(telemetry))
    waterfall = page.view.waterfall
    assert marked(lens) == "handle_message"
    QTest.keyClick(lens.canvas, Qt.Key.Key_Right)
    assert waterfall.selected_span in (MODEL.hex(), TOOL.hex())
    waterfall.select_span(TOOL.hex())
    assert marked(lens) == "CheckPolicy"
    assert "1 failed" in lens.canvas.accessibleDescription()
    QTest.keyClick(lens.canvas, Qt.Key.Key_Left)
    assert waterfall.selected_span == ROOT.hex()
    waterfall.select_span(ORPHAN.hex())
    assert marked(lens) == "late child"
    QTest.keyClick(lens.canvas, Qt.Key.Key_Return)
    assert page.view.inspector.isAncestorOf(page.focusWidget())


def test_a_click_on_a_node_selects_it_and_its_spans_can_be_gone_through(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lens = look(page, qtbot, add_repeated(telemetry))
    item = lens.scene.node("shop\nembed")
    assert item is not None
    at: QPoint = lens.canvas.mapFromScene(item.box.center())
    QTest.mouseClick(lens.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.view.waterfall.selected_span == span_id(0x2000).hex()
    trail = page.view.lenses.trail
    assert (trail.words, trail.place, len(trail)) == ("embed", 1, 12)
    trail.next()
    assert page.view.waterfall.selected_span == span_id(0x2001).hex()
    assert marked(lens) == "embed"
    assert "×12" in lens.scene.help_at(item.box.center()) or "12 spans" in lens.scene.help_at(item.box.center())


def test_the_graph_is_saved_as_it_is_drawn_and_a_node_can_be_asked_for_its_menu(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, tmp_path: Path
) -> None:
    lens = look(page, qtbot, add_repeated(telemetry))
    for name in ("graph.svg", "graph.png"):
        lens.export.save(tmp_path / name)
    assert ">embed<" in (tmp_path / "graph.svg").read_text()
    assert QImage(str(tmp_path / "graph.png")).width() > lens.scene.layout.width
    run(page, "trace.graph_copy")
    assert not QGuiApplication.clipboard().image().isNull()
    item = lens.scene.node("shop\nembed")
    assert item is not None
    at: QPoint = lens.canvas.mapFromScene(item.box.center())
    QTest.mouseClick(lens.canvas.viewport(), Qt.MouseButton.RightButton, pos=at)
    assert marked(lens) == "embed"


def test_each_span_can_be_a_node_of_its_own(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    lens = look(page, qtbot, add_repeated(telemetry))
    assert lens.graph is not None
    assert len(lens.graph.nodes) == 2
    run(page, "trace.graph_nodes")
    qtbot.waitUntil(lambda: lens.graph is not None and len(lens.graph.nodes) == 13)
    page.view.waterfall.select_span(span_id(0x2005).hex())
    assert (lens.scene.marked or "").partition("\n")[0] == span_id(0x2005).hex()


def test_the_graph_grows_without_moving_when_only_figures_change(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lens = look(page, qtbot, add_sample(telemetry))
    run(page, "trace.zoom_in")
    layout, zoom = lens.scene.layout, lens.canvas.zoom
    telemetry.add(trace_request(part("chat gpt-4o", span_id(0x4001), ROOT, 420, 20)))
    qtbot.waitUntil(lambda: lens.graph is not None and len(lens.graph.tree) == 5)
    qtbot.waitUntil(lambda: lens.graph is not None and lens.graph.nodes["shop\nchat gpt-4o"].count == 2)
    assert lens.graph is not None
    assert lens.graph.nodes["shop\nchat gpt-4o"].total_ns == 320 * MS
    assert lens.canvas.zoom == zoom
    telemetry.add(trace_request(part("new name", span_id(0x4002), ROOT, 450, 20)))
    qtbot.waitUntil(lambda: lens.scene.node("shop\nnew name") is not None)
    assert lens.scene.layout is not layout
    assert lens.canvas.zoom == zoom


def test_zoom_fit_colours_and_failures_work_in_the_graph(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, tmp_path: Path
) -> None:
    lens = look(page, qtbot, add_sample(telemetry))
    before = lens.canvas.zoom
    run(page, "trace.zoom_out")
    assert lens.canvas.zoom < before
    run(page, "trace.fit")
    assert lens.canvas.zoom > before
    run(page, "trace.whole")
    run(page, "trace.next_failure")
    assert marked(lens) == "CheckPolicy"
    run(page, "trace.graph_colors")
    assert lens.scene.color_by is ColorBy.SERVICE
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    run(page, "trace.graph_colors")
    page.restore_state(state)
    assert lens.scene.color_by is ColorBy.SERVICE


def test_nothing_is_made_before_the_lens_is_looked_at(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    lenses = show(page, qtbot, add_sample(telemetry))
    assert lenses.graph.graph is None


def test_hostile_names_are_text_and_every_control_has_a_name(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot
) -> None:
    hostile = "<b>bold</b>\r\n\x00\u202e🎉 שלום " + "x" * 10_000
    telemetry.add(trace_request(part("root", ROOT, b"", 0, 100)))
    telemetry.add(trace_request(part(hostile, MODEL, ROOT, 10, 20), service=hostile))
    lens = look(page, qtbot, "00000000000000000000000000000abc")
    page.view.waterfall.select_span(MODEL.hex())
    assert not lens.canvas.grab().isNull()
    assert rich_labels(lens) == []
    assert unnamed_controls(page) == []
    assert "\x00" not in lens.canvas.accessibleDescription()
