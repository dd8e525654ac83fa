"""The map: what is drawn, how it is walked, where it leads, and that it stays where the user left it."""

from __future__ import annotations

import re
import time
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.map_layout import MOST_LINES, is_dense, lay_out_map
from junjo_desktop.features.services.map_panel import MapPanel
from junjo_desktop.features.services.page import ServicesPage
from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.store.lookup import find
from junjo_desktop.widgets.layered.model import Box, Link, Plan
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange
from tests.support.qt import Role, press, unnamed_controls
from tests.support.qt import find as find_control
from tests.support.service_worlds import CLIENT, MINUTE, MS, SECOND, SERVER, World, order
from tests.support.stored import StoredTelemetry
from tests.support.tables import wait_for_cells

NAMES = {"web-front", "checkout", "inventory", "mailer", "openai", "orders", "postgresql · orders-db"}


def fill(telemetry: StoredTelemetry, orders: int = 12, failing: int = 3) -> None:
    world = World()
    now = time.time_ns()
    for number in range(orders):
        order(world, now - 5 * MINUTE + number * SECOND, fails=number < failing)
    world.store(telemetry)


def drawn(panel: MapPanel) -> set[str]:
    return {node.node.key.name for node in panel.picture.nodes.values()}


def key_of(panel: MapPanel, name: str) -> str:
    return next(key for key, node in panel.picture.nodes.items() if node.node.key.name == name)


def edge_of(panel: MapPanel, tail: str, head: str) -> str:
    return next(
        key for key, one in panel.picture.edges.items() if (one.edge.tail.name, one.edge.head.name) == (tail, head)
    )


@pytest.fixture
def panel(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> MapPanel:
    """The map of a dozen orders."""
    fill(telemetry)
    page.map.reading.pause_s = 0
    page.show_view("map")
    page.show()
    qtbot.waitUntil(lambda: drawn(page.map) == NAMES)
    return page.map


def test_calls_are_drawn_with_counts_failures_and_durations(panel: MapPanel) -> None:
    edges = {
        (one.edge.tail.name, one.edge.head.name): (one.edge.tally.calls, one.edge.tally.errors)
        for one in panel.picture.edges.values()
    }
    assert edges["web-front", "checkout"] == (12, 3)
    assert edges["checkout", "mailer"] == (12, 0)
    assert edges["checkout", "postgresql · orders-db"] == (12, 3)
    scene = panel.canvas.graph
    route = panel.layout_shown.routes[edge_of(panel, "web-front", "checkout")]
    assert route.label is not None
    words = scene.help_at(scene.edge(edge_of(panel, "web-front", "checkout")).middle)  # type: ignore[union-attr]  # it is drawn
    assert re.fullmatch(r"web-front → checkout: 12 calls, 3 failed \(25 %\), p50 \d+ ms, p95 \d+ ms", words)
    assert unnamed_controls(panel) == []


def test_a_click_leads_to_the_traces(telemetry: StoredTelemetry, panel: MapPanel, places: list[object]) -> None:
    box = panel.canvas.graph.node(key_of(panel, "checkout"))
    assert box is not None
    at = panel.canvas.mapFromScene(box.box.center())
    QTest.mouseClick(panel.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.strip.words.text().startswith("Service checkout: 12 requests, 3 failed (25 %)")
    press(panel, "Failed traces of these calls")
    panel.press_edge(edge_of(panel, "checkout", "inventory"))
    panel.select_edge(edge_of(panel, "checkout", "postgresql · orders-db"))
    panel.open_failed()
    panel.press_edge(edge_of(panel, "checkout", "mailer"))
    panel.press_node(key_of(panel, "openai"))
    panel.press_edge(edge_of(panel, "checkout", "orders"))
    queries = [place.text for place in places if isinstance(place, OpenTraces)]
    assert queries[2] == "{service = checkout} > {service = inventory time >= 24h ago}"
    found = [len(telemetry.read(partial(find, query=query))) for query in queries]
    assert found == [12, 3, 12, 3, 12, 12, 12]


def test_a_menu_is_asked_for_without_leaving_the_map(panel: MapPanel, places: list[object]) -> None:
    assert panel.build_menu().isEmpty()
    edge = panel.canvas.graph.edge(edge_of(panel, "web-front", "checkout"))
    assert edge is not None
    at = panel.canvas.mapFromScene(edge.middle)
    QTest.mouseClick(panel.canvas.viewport(), Qt.MouseButton.RightButton, pos=at)
    entries = [action.text() for action in panel.build_menu().actions()]
    assert entries == ["Show traces\tEnter", "Show failed traces\tE", "Copy these figures"]
    assert panel.canvas.graph.marked == edge.key
    assert places == []


def test_keys_walk_from_service_to_service_and_from_call_to_call(panel: MapPanel, places: list[object]) -> None:
    panel.canvas.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(panel.canvas, key)
    assert panel.canvas.graph.marked == key_of(panel, "checkout")
    QTest.keyClick(panel.canvas, Qt.Key.Key_Left)
    assert panel.canvas.graph.marked == key_of(panel, "web-front")
    panel.next_edge()
    assert panel.canvas.graph.marked == edge_of(panel, "web-front", "checkout")
    assert "web-front → checkout" in panel.canvas.accessibleDescription()
    QTest.keyClick(panel.canvas, Qt.Key.Key_Return)
    assert len(places) == 1


def test_new_figures_move_nothing(telemetry: StoredTelemetry, panel: MapPanel, qtbot: QtBot) -> None:
    panel.press_node(key_of(panel, "checkout"))
    panel.canvas.zoom_in()
    layout, zoom = panel.layout_shown, panel.canvas.zoom
    place = panel.canvas.mapFromScene(0, 0)
    fill(telemetry, 5, 0)
    qtbot.waitUntil(lambda: panel.picture.nodes[key_of(panel, "checkout")].node.requests.calls == 17, timeout=10_000)
    assert panel.layout_shown is layout
    assert (panel.canvas.zoom, panel.canvas.mapFromScene(0, 0)) == (zoom, place)
    assert panel.canvas.graph.marked == key_of(panel, "checkout")


def test_of_a_large_time_only_the_newest_part_is_read_again_while_more_is_stored(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    fill(telemetry)
    reading = page.map.reading
    reading.part_spans, reading.pause_s = 30, 0
    page.show_view("map")
    page.show()
    qtbot.waitUntil(lambda: drawn(page.map) == NAMES and page.map.notice.isHidden())
    fill(telemetry, 2, 0)
    qtbot.waitUntil(lambda: requests(page.map, "checkout") == 14)
    assert drawn(page.map) == NAMES


def test_a_map_that_nobody_saw_meanwhile_is_read_when_it_is_looked_at(
    telemetry: StoredTelemetry, page: ServicesPage, panel: MapPanel, qtbot: QtBot
) -> None:
    page.show_view("figures")
    fill(telemetry, 2, 0)
    wait_for_cells(qtbot, page.figures.table, "spans", ["70", "28", "14", "14"])
    assert requests(panel, "checkout") == 12
    page.show_view("map")
    qtbot.waitUntil(lambda: requests(panel, "checkout") == 14)
    page.show_filter(ServicesFilter(time_range=ANY_TIME))
    page.show_view("figures")
    page.show_view("map")
    qtbot.waitUntil(lambda: not panel.reading.busy and requests(panel, "checkout") == 14)


def requests(panel: MapPanel, name: str) -> int:
    return panel.picture.nodes[key_of(panel, name)].node.requests.calls


def test_the_switch_leaves_out_what_sends_no_telemetry(panel: MapPanel, qtbot: QtBot) -> None:
    panel.strip.outside.click()
    qtbot.waitUntil(lambda: drawn(panel) == {"web-front", "checkout", "inventory", "mailer"})


def test_a_service_or_a_text_keeps_what_is_around_it(page: ServicesPage, panel: MapPanel, qtbot: QtBot) -> None:
    panel.press_node(key_of(panel, "inventory"))
    press(panel, "Only this service and its neighbours")
    qtbot.waitUntil(lambda: drawn(panel) == {"checkout", "inventory"})
    assert page.shown_filter.service == "inventory"
    page.show_filter(ServicesFilter(text="database"))
    qtbot.waitUntil(lambda: drawn(panel) == {"checkout", "postgresql · orders-db"})
    page.show_filter(ServicesFilter(text="nobody"))
    qtbot.waitUntil(panel.empty.isVisible)
    page.clear()
    qtbot.waitUntil(lambda: drawn(panel) == NAMES)


def test_a_time_without_spans_leads_to_all_time(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    fill(telemetry)
    page.show_filter(ServicesFilter(time_range=TimeRange(until_ns=1)))
    page.show_view("map")
    page.show()
    qtbot.waitUntil(page.map.empty.isVisible)
    press(page.map, "Show all time")
    qtbot.waitUntil(lambda: drawn(page.map) == NAMES)


def test_a_large_time_is_read_in_parts_and_can_be_stopped(
    telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot
) -> None:
    page.map.reading.part_spans = 10
    fill(telemetry)
    page.show_view("map")
    reads: list[int] = []
    page.map.reading.changed.connect(lambda so_far: reads.append(so_far.read))
    page.map.reading.changed.connect(page.map.reading.stop, type=Qt.ConnectionType.SingleShotConnection)
    page.show()
    qtbot.waitUntil(page.map.notice.isVisible)
    assert 0 < reads[0] < 108
    assert page.map.notice.text.endswith("of 108 spans are counted.")
    qtbot.waitUntil(lambda: bool(find_control(page.map, Role.Button, "Count the rest")))
    press(page.map, "Count the rest")
    qtbot.waitUntil(lambda: reads[-1] == 108 and page.map.notice.isHidden())
    assert reads == sorted(reads)
    assert drawn(page.map) == NAMES


def test_the_map_is_saved_as_it_is_drawn(panel: MapPanel, tmp_path: Path) -> None:
    panel.press_node(key_of(panel, "checkout"))
    panel.export.save(tmp_path / "map.png")
    panel.export.save(tmp_path / "map.svg")
    image = QImage(str(tmp_path / "map.png"))
    assert image.width() > panel.layout_shown.width
    svg = (tmp_path / "map.svg").read_text()
    assert ">checkout<" in svg
    assert ">openai<" in svg
    assert panel.canvas.graph.marked == key_of(panel, "checkout")


def test_hostile_names_are_drawn_as_text(telemetry: StoredTelemetry, page: ServicesPage, qtbot: QtBot) -> None:
    hostile = ["<b>bold</b>", "x" * 5_000, "line\nbreak\x07", "\u202egnirts", "\ufffe", "'; drop--"]
    world = World()
    now = time.time_ns()
    for one, other in zip(hostile, hostile[1:] + hostile[:1], strict=True):
        root = world.add(one, "work", now, MS, kind=SERVER)
        world.add(other, "work", now + 1, MS, parent=root, kind=SERVER)
        world.add(one, "call", now + 1, MS, parent=root, kind=CLIENT, attributes={"db.system": other})
    world.store(telemetry)
    page.show_view("map")
    page.show()
    qtbot.waitUntil(lambda: len(page.map.picture.nodes) == 12)
    page.map.walk("right")
    page.grab()
    assert "<b>bold</b>" in {node.node.key.name for node in page.map.picture.nodes.values()}
    assert page.map.strip.words.textFormat() == Qt.TextFormat.PlainText


def dense_plan(count: int) -> Plan:
    boxes = tuple(Box(name, 150, 44) for name in (*(f"n{number}" for number in range(count)), "alone"))
    links = tuple(
        Link(f"l{tail}-{head}", f"n{tail}", f"n{head}", 100, 14)
        for tail in range(count)
        for head in range(count)
        if (tail * 7 + head * 3) % 5 == 0
    )
    return Plan(boxes, links)


def test_many_lines_take_little_room_and_no_box_lies_on_another() -> None:
    plan = dense_plan(30)
    assert is_dense(plan)
    assert len(plan.links) > MOST_LINES
    layout = lay_out_map(plan, {"n3", "n29"})
    assert layout == lay_out_map(plan, {"n3", "n29"})
    rects = list(layout.boxes.values())
    assert len(rects) == 31
    assert not any(one.overlaps(other) for place, one in enumerate(rects) for other in rects[place + 1 :])
    assert layout.routes.keys() == {link.key for link in plan.links}
    assert layout.width < 4_000
    assert layout.height < 1_500
    for link in plan.links:
        route = layout.routes[link.key]
        assert route.start[0] in (layout.boxes[link.tail].x, layout.boxes[link.tail].right)
        assert route.end[0] in (layout.boxes[link.head].x, layout.boxes[link.head].right)
    assert layout.boxes["n3"].x == layout.boxes["n29"].x == max(rect.x for rect in rects)
