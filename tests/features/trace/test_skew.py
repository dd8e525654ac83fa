"""Clocks of other services are corrected by a rule that is told, and never twice."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from junjo_desktop.features.trace.skew import corrected, skews
from junjo_desktop.features.trace.span_row import Mark, SpanRow
from junjo_desktop.features.trace.tree import SpanTree, build_tree
from tests.features.trace.random_trees import NS, timed, trees

_US = 1_000


def of(service: str, span_id: str, parent: str | None, start: int, end: int, host: str = "") -> SpanRow:
    row = timed(span_id, parent, start * _US, end * _US)
    return replace(row, service_name=service, host_name=host)


def moved(*rows: SpanRow) -> dict[str, int]:
    tree = build_tree(rows)
    return {tree.spans[position].span_id: shift // _US for position, shift in skews(tree).items()}


def test_a_span_of_another_service_is_put_into_the_middle_of_its_parent_with_all_below_it() -> None:
    rows = [
        of("shop", "root", None, 0, 100),
        of("stock", "far", "root", 500, 560),
        of("stock", "below", "far", 510, 520),
        of("shop", "near", "root", 90, 130),
    ]
    assert moved(*rows) == {"far": -480, "below": -480}


def test_what_lies_inside_its_parent_stays() -> None:
    assert moved(of("shop", "root", None, 0, 100), of("stock", "far", "root", 10, 90)) == {}


def test_what_lasts_longer_than_its_parent_only_begins_with_it() -> None:
    root = of("shop", "root", None, 100, 200)
    assert moved(root, of("stock", "early", "root", 40, 300)) == {"early": 60}
    assert moved(root, of("stock", "late", "root", 150, 400)) == {}


def test_another_host_of_the_same_service_has_a_clock_of_its_own() -> None:
    root = of("shop", "root", None, 0, 100, host="one")
    assert moved(root, of("shop", "far", "root", 200, 220, host="two")) == {"far": -160}
    assert moved(root, of("shop", "far", "root", 200, 220, host="one")) == {}


def test_the_way_back_to_the_first_service_is_found_from_the_corrected_parent() -> None:
    rows = [
        of("shop", "root", None, 0, 100),
        of("stock", "far", "root", 1000, 1080),
        of("shop", "back", "far", 20, 60),
    ]
    assert moved(*rows) == {"far": -990}


@settings(max_examples=80)
@given(trees())
def test_durations_places_and_marks_of_circles_stay(tree: SpanTree) -> None:
    rows = [replace(span, service_name=f"service {number % 3}") for number, span in enumerate(tree.spans)]
    raw = build_tree(rows)
    found = corrected(raw)
    for position, row in enumerate(rows):
        other, shift = found.tree.spans[position], found.shifts.get(position, 0)
        assert (other.span_id, found.tree.parents[position]) == (row.span_id, raw.parents[position])
        assert (Mark.CYCLE in found.tree.marks[position]) == (Mark.CYCLE in raw.marks[position])
        if row.has_times:
            assert (other.start_ns - row.start_ns, other.duration_ns) == (shift, row.duration_ns)
    for siblings in (found.tree.roots, *found.tree.children):
        starts = [found.tree.spans[position].start_ns for position in siblings]
        assert starts == sorted(starts)
    assert raw.start_ns == 0 or raw.start_ns >= NS
