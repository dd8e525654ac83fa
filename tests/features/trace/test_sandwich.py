"""The order Sandwich: callers of a name above, what it calls below, no time counted twice."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.trace.coloring import ColorBy
from junjo_desktop.features.trace.flame.model import Flame
from junjo_desktop.features.trace.lens_bar import Lens
from junjo_desktop.features.trace.page import TracePage
from junjo_desktop.features.trace.sandwich.model import Name, name_at, sandwich
from junjo_desktop.features.trace.sandwich.view import SandwichView
from junjo_desktop.features.trace.self_time import self_times
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from tests.features.trace.lens_hands import run, show
from tests.features.trace.random_trees import timed, trees
from tests.features.trace.sample_trace import MODEL, ROOT, TOOL, add_sample, part
from tests.support.otlp import span_id, trace_request
from tests.support.qt import unnamed_controls
from tests.support.stored import StoredTelemetry


def rows(flame: Flame) -> list[list[tuple[str, int]]]:
    """Name and width of the boxes of each row."""
    return [[(flame.span(box).name, flame.right(box) - flame.left(box)) for box in row.boxes] for row in flame.rows]


def of(tree: SpanTree, name: str) -> tuple[list[list[tuple[str, int]]], list[list[tuple[str, int]]]]:
    position = next(position for position, span in enumerate(tree.spans) if span.name == name)
    made = sandwich(tree, self_times(tree).totals(), name_at(tree, position))
    return rows(made.callers), rows(made.callees)


def test_callers_and_callees_are_merged_by_name() -> None:
    tree = build_tree(
        [
            timed("root", None, 0, 100, name="root"),
            timed("a1", "root", 0, 30, name="a"),
            timed("a2", "root", 30, 60, name="a"),
            timed("b1", "root", 60, 100, name="b"),
            timed("w1", "a1", 0, 20, name="work"),
            timed("w2", "a2", 30, 50, name="work"),
            timed("w3", "b1", 60, 100, name="work"),
            timed("c1", "w1", 0, 5, name="call"),
            timed("c3", "w3", 60, 90, name="call"),
        ]
    )
    callers, callees = of(tree, "work")
    assert callers == [[("root", 40), ("root", 40)], [("a", 40), ("b", 40)]]
    assert callees == [[("work", 80)], [("call", 35)]]
    shared = [("work", 40), ("work", 40)]
    below = [[("root", 100)], [("a", 60), ("b", 40)], shared, [("call", 5), ("call", 30)]]
    assert of(tree, "root") == ([], below)


def test_a_span_within_one_of_the_same_name_counts_once() -> None:
    tree = build_tree(
        [
            timed("root", None, 0, 100, name="root"),
            timed("w1", "root", 0, 80, name="walk"),
            timed("w2", "w1", 10, 60, name="walk"),
            timed("l", "w2", 20, 30, name="leaf"),
        ]
    )
    callers, callees = of(tree, "walk")
    assert callers == [[("root", 80)]]
    assert callees == [[("walk", 80)], [("walk", 50)], [("leaf", 10)]]
    made = sandwich(tree, self_times(tree).totals(), name_at(tree, 1))
    assert (made.count, made.total_ns, made.self_ns) == (2, 80, 70)


@settings(max_examples=60)
@given(trees())
def test_both_halves_agree_with_the_work_of_the_outermost_spans(tree: SpanTree) -> None:
    own = self_times(tree).totals()
    names: set[Name] = {name_at(tree, position) for position in range(len(tree))}
    for name in sorted(names):
        made = sandwich(tree, own, name)
        work = 0
        called = 0
        for position in range(len(tree)):
            above, place = [], tree.parents[position]
            while place >= 0:
                above.append(place)
                place = tree.parents[place]
            named = [place for place in (position, *above) if name_at(tree, place) == name]
            if named:
                work += own[position]
                called += own[position] if tree.parents[named[-1]] >= 0 else 0
        assert made.total_ns == work
        direct = [width for _, width in rows(made.callers)[-1]] if made.callers.rows else []
        assert sum(direct) == called
        for row in made.callers.rows:
            assert all(right <= left for right, left in zip(row.rights, row.lefts[1:], strict=False))


def look(page: TracePage, qtbot: QtBot, trace: str) -> SandwichView:
    lenses = show(page, qtbot, trace)
    lenses.show_lens(Lens.FLAME)
    run(page, "trace.flame_order")
    run(page, "trace.flame_order")
    lenses.take_focus()
    assert lenses.flame.is_sandwich
    qtbot.waitUntil(lambda: lenses.flame.sandwich.sandwich is not None)
    return lenses.flame.sandwich


def shown(view: SandwichView) -> str:
    return "" if view.sandwich is None else view.sandwich.name[0]


def test_the_sandwich_is_that_of_the_selected_name(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    view = look(page, qtbot, add_sample(telemetry))
    assert (shown(view), view.no_callers.isVisible()) == ("handle_message", True)
    page.view.waterfall.select_span(TOOL.hex())
    qtbot.waitUntil(lambda: shown(view) == "CheckPolicy")
    assert view.callers.isVisible()
    assert view.words.text().endswith("CheckPolicy of shop: 1 span · 1 failed · 200 ms with what it calls · own 200 ms")
    assert page.focusWidget() is view.callees


def test_keys_lead_to_callers_and_callees(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    view = look(page, qtbot, add_sample(telemetry))
    waterfall = page.view.waterfall
    QTest.keyClick(view.callees, Qt.Key.Key_Down)
    assert waterfall.selected_span in (MODEL.hex(), TOOL.hex())
    name = "chat gpt-4o" if waterfall.selected_span == MODEL.hex() else "CheckPolicy"
    qtbot.waitUntil(lambda: shown(view) == name)
    view.callers.setFocus()
    QTest.keyClick(view.callers, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(view) == "handle_message")
    assert waterfall.selected_span == ROOT.hex()


def test_a_box_that_joins_spans_leads_through_them(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    calls = [part("embed", span_id(0x2000 + number), ROOT, 10 * number, 5) for number in range(12)]
    telemetry.add(trace_request(part("root", ROOT, b"", 0, 500), *calls))
    view = look(page, qtbot, "00000000000000000000000000000abc")
    QTest.keyClick(view.callees, Qt.Key.Key_Down)
    trail = page.view.lenses.trail
    assert (trail.words, len(trail)) == ("embed", 12)
    qtbot.waitUntil(lambda: shown(view) == "embed")
    trail.next()
    assert page.view.waterfall.selected_span == span_id(0x2001).hex()
    assert view.callees.look.selected == 0


def test_it_grows_zooms_is_coloured_and_is_kept(
    telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot, tmp_path: Path
) -> None:
    view = look(page, qtbot, add_sample(telemetry))
    run(page, "trace.zoom_in")
    assert view.zoom.window.span_ns < 10**9
    assert page.view.lenses.zoom is view.zoom
    telemetry.add(trace_request(part("late", span_id(0x4001), ROOT, 950, 20)))
    qtbot.waitUntil(lambda: view.sandwich is not None and len(view.sandwich.tree) == 5)
    assert view.zoom.window.span_ns < 10**9
    run(page, "trace.flame_colors")
    assert view.callees.look.color_by is view.callers.look.color_by is ColorBy.SERVICE
    run(page, "trace.next_failure")
    qtbot.waitUntil(lambda: shown(view) == "CheckPolicy")
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    run(page, "trace.flame_order")
    assert page.view.lenses.flame.order.value == "time"
    page.restore_state(state)
    assert page.view.lenses.flame.is_sandwich
    assert view.isVisible()


def test_every_control_has_a_name(telemetry: StoredTelemetry, page: TracePage, qtbot: QtBot) -> None:
    look(page, qtbot, add_sample(telemetry))
    assert unnamed_controls(page) == []
