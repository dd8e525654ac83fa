"""Self time and the critical path agree with their definitions, followed slowly and word by word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from junjo_desktop.features.trace.critical_path import critical_path
from junjo_desktop.features.trace.self_time import self_times
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree
from tests.features.trace.random_trees import NS, tree_of, trees

Instants = dict[int, set[int]]
"""By position: the nanoseconds that belong to a span."""


def instants(stretches: Stretches, tree: SpanTree) -> Instants:
    return {
        position: {moment for start, end in stretches.at(position) for moment in range(start, end)}
        for position in range(len(tree.spans))
    }


def own_instants(tree: SpanTree, position: int) -> set[int]:
    span = tree.spans[position]
    return set(range(span.start_ns, span.end_ns)) if span.has_times else set()


def slow_self_times(tree: SpanTree) -> Instants:
    return {
        position: own_instants(tree, position).difference(
            *(own_instants(tree, child) for child in tree.children[position])
        )
        for position in range(len(tree.spans))
    }


def slow_critical_path(tree: SpanTree) -> Instants:
    found: Instants = {position: set() for position in range(len(tree.spans))}
    roots = [root for root in tree.roots if tree.spans[root].has_times and tree.spans[root].duration_ns >= 0]
    roots = [root for root in roots if tree.spans[root].parent_span_id is None] or roots
    if roots:
        last = max(tree.spans[root].end_ns for root in roots)
        root = next(root for root in roots if tree.spans[root].end_ns == last)
        walk_back(tree, root, tree.spans[root].start_ns, last, found)
    return found


def walk_back(tree: SpanTree, position: int, start: int, end: int, found: Instants) -> None:
    """One span, the way the definition tells it, without any order kept between steps."""
    moment, unused = end, list(tree.children[position])
    while True:
        ended = [
            (min(span.end_ns, end), -max(span.start_ns, start), -place, child)
            for place, child in enumerate(unused)
            if (span := tree.spans[child]).has_times
            and span.duration_ns >= 0
            and max(span.start_ns, start) < min(span.end_ns, end) <= moment
        ]
        if not ended:
            found[position].update(range(start, moment))
            return
        child_end, child_start, _, child = max(ended)
        unused.remove(child)
        found[position].update(range(child_end, moment))
        walk_back(tree, child, -child_start, child_end, found)
        moment = -child_start


@settings(max_examples=300)
@given(trees())
def test_self_time_is_a_spans_time_without_its_childrens(tree: SpanTree) -> None:
    assert instants(self_times(tree), tree) == slow_self_times(tree)


@settings(max_examples=300)
@given(trees())
def test_the_critical_path_is_the_walk_back_through_last_children(tree: SpanTree) -> None:
    assert instants(critical_path(tree), tree) == slow_critical_path(tree)


@given(trees())
def test_the_critical_path_covers_a_root_without_gap_or_overlap(tree: SpanTree) -> None:
    path = critical_path(tree)
    stretches = sorted(stretch for position in range(len(tree.spans)) for stretch in path.at(position))
    for (_, end), (start, _) in pairwise(stretches):
        assert end == start
    if stretches:
        whole = (stretches[0][0], stretches[-1][1])
        assert whole in [(tree.spans[root].start_ns, tree.spans[root].end_ns) for root in tree.roots]


@given(trees())
def test_stretches_are_in_order_and_add_up(tree: SpanTree) -> None:
    for stretches in (self_times(tree), critical_path(tree)):
        for position in range(len(tree.spans)):
            found = stretches.at(position)
            assert all(start < end for start, end in found)
            assert found == sorted(found)
            assert stretches.total(position) == sum(end - start for start, end in found)
            assert stretches.has(position) == bool(found)


def test_children_at_the_same_time_are_taken_away_once() -> None:
    tree = tree_of(("a", None, 0, 100), ("b", "a", 10, 40), ("c", "a", 30, 60), ("d", "a", 90, 120))
    assert self_times(tree).at(0) == [(NS, NS + 10), (NS + 60, NS + 90)]


def test_the_path_goes_through_the_child_that_ended_last() -> None:
    tree = tree_of(
        ("root", None, 0, 100), ("quick", "root", 10, 50), ("slow", "root", 10, 80), ("after", "root", 80, 95)
    )
    path = critical_path(tree)
    assert path.at(0) == [(NS, NS + 10), (NS + 95, NS + 100)]
    assert [path.at(position) for position in (1, 2, 3)] == [[], [(NS + 10, NS + 80)], [(NS + 80, NS + 95)]]


def test_a_chain_of_ten_thousand_spans_is_walked_without_recursion() -> None:
    spans = [("0", None, 0, 30_000)]
    chain = [(str(number), str(number - 1), number, 30_000 - number) for number in range(1, 10_000)]
    path = critical_path(tree_of(*spans, *chain))
    assert sum(path.total(position) for position in range(10_000)) == 30_000


@given(trees())
def test_what_is_seen_of_stretches_lies_over_all_of_them(tree: SpanTree) -> None:
    own = self_times(tree)
    for position in range(len(tree.spans)):
        inside = {moment for moment in instants(own, tree)[position] if NS + 5 <= moment < NS + 25}
        seen = list(own.seen(position, NS + 5, NS + 25, 4))
        assert inside <= {moment for start, end in seen for moment in range(start, end)}
        assert all(second - first >= 4 for (first, _), (second, _) in pairwise(seen))
