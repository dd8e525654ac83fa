"""The layout: nothing overlaps, everything is attached, and opening a box moves others only as far as needed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import given, settings

from junjo_desktop.widgets.layered.layout import lay_out
from junjo_desktop.widgets.layered.model import Box, Link, Plan
from tests.widgets.layered.plans import everything_inside, leaves, levels, on_border, plans, samples

CONDITION = (80, 14)


def chain(*keys: str) -> Plan:
    links = tuple(Link(f"{one}-{other}", one, other) for one, other in pairwise(keys))
    return Plan(tuple(Box(key, 120, 44) for key in keys), links)


@settings(max_examples=150)
@given(plans())
def test_boxes_of_any_graph_do_not_overlap_and_children_lie_inside(plan: Plan) -> None:
    layout = lay_out(plan)
    for level in levels(plan):
        for one, other in combinations(level.boxes, 2):
            assert not layout.boxes[one.key].overlaps(layout.boxes[other.key])
        for box in level.boxes:
            for child in () if box.inner is None else box.inner.boxes:
                assert layout.boxes[box.key].holds(layout.boxes[child.key])
    assert everything_inside(layout)


@settings(max_examples=150)
@given(plans())
def test_every_line_of_any_graph_begins_and_ends_on_the_borders_of_its_boxes(plan: Plan) -> None:
    layout = lay_out(plan)
    for level in levels(plan):
        for link in level.links:
            route = layout.routes[link.key]
            assert on_border(layout.boxes[link.tail], route.start)
            assert on_border(layout.boxes[link.head], route.end)


@settings(max_examples=150)
@given(plans())
def test_labels_of_any_graph_cover_no_box_and_no_other_label(plan: Plan) -> None:
    layout = lay_out(plan)
    places = [route.label for route in layout.routes.values() if route.label is not None]
    for key in leaves(plan):
        assert not any(place.overlaps(layout.boxes[key]) for place in places)
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))


@settings(max_examples=60)
@given(plans(depth=0))
def test_no_line_of_a_flat_graph_crosses_a_box(plan: Plan) -> None:
    layout = lay_out(plan)
    for route in layout.routes.values():
        for x, y in samples(route):
            for box in layout.boxes.values():
                assert not (box.x + 0.5 < x < box.right - 0.5 and box.y + 0.5 < y < box.bottom - 0.5)


@settings(max_examples=40)
@given(plans())
def test_the_same_plan_gives_the_same_layout(plan: Plan) -> None:
    assert lay_out(plan) == lay_out(plan)


@settings(max_examples=60)
@given(plans(depth=0))
def test_every_label_outside_a_group_has_its_place(plan: Plan) -> None:
    layout = lay_out(plan)
    for link in plan.links:
        place = layout.routes[link.key].label
        size = None if place is None else (place.width, place.height)
        assert size == ((link.label_width, link.label_height) if link.label_width else None)


def test_nothing_to_draw_is_drawn() -> None:
    layout = lay_out(Plan())
    assert (layout.boxes, layout.routes, layout.width, layout.height) == ({}, {}, 0, 0)


def test_a_chain_runs_from_left_to_right_on_one_line() -> None:
    layout = lay_out(chain("a", "b", "c"))
    boxes = [layout.boxes[key] for key in "abc"]
    assert [box.y for box in boxes] == [boxes[0].y] * 3
    assert boxes[0].right < boxes[1].x < boxes[1].right < boxes[2].x
    assert len(layout.routes["a-b"].segments) == 1


def test_a_line_that_goes_back_runs_over_or_under_what_it_passes() -> None:
    plan = chain("a", "b", "c")
    layout = lay_out(replace(plan, links=(*plan.links, Link("back", "c", "a", *CONDITION))))
    heights = [y for _, y in samples(layout.routes["back"])]
    assert min(heights) < layout.boxes["b"].y or max(heights) > layout.boxes["b"].bottom
    assert layout.boxes["a"].x < layout.boxes["b"].x < layout.boxes["c"].x


def test_a_loop_is_an_arc_above_its_node_with_its_label_over_it() -> None:
    plan = chain("a", "b")
    layout = lay_out(replace(plan, links=(*plan.links, Link("loop", "b", "b", *CONDITION))))
    route, node = layout.routes["loop"], layout.boxes["b"]
    assert route.start[1] == route.end[1] == node.y
    assert route.label is not None
    assert route.label.bottom < min(y for _, y in samples(route)) < node.y


def test_lines_with_the_same_ends_stay_apart() -> None:
    layout = lay_out(Plan(chain("a", "b").boxes, tuple(Link(f"{number}", "a", "b") for number in range(3))))
    starts = sorted(route.start[1] for route in layout.routes.values())
    assert all(one + 3 < other for one, other in pairwise(starts))


def test_opening_a_box_keeps_the_order_and_moves_nothing_to_its_left() -> None:
    names = ("a", "b", "c", "d", "e")
    links = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"))
    plan = Plan(
        tuple(Box(name, 120, 44) for name in names), tuple(Link(tail + head, tail, head) for tail, head in links)
    )
    opened = replace(plan.boxes[1], inner=chain("b/x", "b/y", "b/z"))
    closed, open_ = lay_out(plan), lay_out(replace(plan, boxes=(plan.boxes[0], opened, *plan.boxes[2:])))
    assert [open_.boxes[name].x for name in ("a", "b", "c")] == [closed.boxes[name].x for name in ("a", "b", "c")]
    assert (closed.boxes["b"].y < closed.boxes["c"].y) == (open_.boxes["b"].y < open_.boxes["c"].y)
    shifts = {open_.boxes[name].x - closed.boxes[name].x for name in ("d", "e")}
    assert len(shifts) == 1


def test_groups_stack_their_children_at_equal_width() -> None:
    children = Plan((Box("x", 80, 40), Box("y", 130, 40), Box("z", 100, 40)), is_stack=True)
    layout = lay_out(Plan((Box("group", 60, 24, children),)))
    boxes = [layout.boxes[key] for key in "xyz"]
    assert {(box.x, box.width) for box in boxes} == {(boxes[0].x, 130)}
    assert boxes[0].bottom < boxes[1].y < boxes[1].bottom < boxes[2].y


def test_a_link_may_end_at_a_child_of_a_group_and_is_attached_there() -> None:
    group = Box("group", 60, 24, Plan((Box("x", 80, 40), Box("y", 80, 40)), is_stack=True))
    layout = lay_out(Plan((group, Box("after", 90, 44)), (Link("out", "y", "after"), Link("in", "after", "x"))))
    assert on_border(layout.boxes["y"], layout.routes["out"].start)
    assert on_border(layout.boxes["x"], layout.routes["in"].end)


def test_links_that_end_nowhere_are_left_out() -> None:
    layout = lay_out(Plan(chain("a").boxes, (Link("lost", "a", "nobody"), Link("found", "a", "a"))))
    assert set(layout.routes) == {"found"}


def test_a_graph_of_hundreds_with_very_long_lines_stays_a_drawing() -> None:
    names = [f"n{number}" for number in range(300)]
    plan = chain(*names)
    long_links = tuple(Link(f"long{number}", names[number], names[number + 150]) for number in range(150))
    layout = lay_out(replace(plan, links=plan.links + long_links))
    assert everything_inside(layout)
    assert len(layout.routes) == 449


def test_lines_that_need_not_cross_do_not_cross() -> None:
    pairs = ("ac", "ad", "bc", "ce", "df")
    plan = Plan(tuple(Box(key, 120, 44) for key in "abcdef"), tuple(Link(pair, pair[0], pair[1]) for pair in pairs))
    boxes = lay_out(plan).boxes
    heights = [[boxes[key].y for key in layer] for layer in ("ba", "cd", "ef")]
    falling = [sorted(layer, reverse=True) == layer for layer in heights]
    assert len(set(falling)) == 1


def test_the_best_order_that_was_found_is_kept() -> None:
    names = [f"n{number}" for number in range(14)]
    links = [(tail, head) for tail in range(7) for head in range(7, 14) if (tail * head) % 3 == 1]
    plan = Plan(
        tuple(Box(name, 120, 44) for name in names),
        tuple(Link(f"{tail}-{head}", names[tail], names[head]) for tail, head in links),
    )
    boxes = lay_out(plan).boxes
    crossings = sum(
        (boxes[names[a]].y - boxes[names[c]].y) * (boxes[names[b]].y - boxes[names[d]].y) < 0
        for (a, b), (c, d) in combinations(links, 2)
    )
    in_order = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(links, 2))
    assert crossings < in_order
