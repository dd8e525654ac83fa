"""Every span stands in the tree once, whatever its parents, ids and times claim."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.features.trace.tree import Mark, SpanRow, SpanTree, build_tree

SECOND = 1_000_000_000


def row(
    span_id: str, parent: str | None = None, start: int = SECOND, duration: int = SECOND, *, error: bool = False
) -> SpanRow:
    return SpanRow(span_id, parent, "shop", f"span {span_id}", "span", start, start + duration, error)


def outline(tree: SpanTree) -> list[str]:
    return ["." * tree.depths[position] + tree.spans[position].span_id for position in tree.order]


IDS = st.sampled_from("abcdefgh")
ROWS = st.builds(
    row,
    IDS,
    st.none() | IDS | st.just("gone"),
    st.integers(0, 5) | st.integers(SECOND, 3 * SECOND),
    st.integers(-SECOND, SECOND),
)


@given(st.lists(ROWS, max_size=30))
def test_every_span_appears_exactly_once_and_parents_stand_above_their_children(rows: list[SpanRow]) -> None:
    tree = build_tree(rows)
    assert sorted(tree.order) == list(range(len(rows)))
    place = {position: place for place, position in enumerate(tree.order)}
    for position, parent in enumerate(tree.parents):
        if parent >= 0:
            assert place[parent] < place[position]
            assert tree.depths[position] == tree.depths[parent] + 1
            assert rows[parent].span_id == rows[position].parent_span_id
        else:
            assert position in tree.roots


@given(st.lists(ROWS, max_size=30))
def test_siblings_are_ordered_by_start(rows: list[SpanRow]) -> None:
    tree = build_tree(rows)
    for siblings in (tree.roots, *tree.children):
        starts = [rows[position].start_ns for position in siblings]
        assert starts == sorted(starts)


@given(st.lists(ROWS, max_size=30))
def test_a_span_stands_at_the_root_level_only_for_a_told_reason(rows: list[SpanRow]) -> None:
    tree = build_tree(rows)
    ids = {span.span_id for span in rows}
    for position in tree.roots:
        marks = tree.marks[position]
        parent = rows[position].parent_span_id
        assert (parent is None) or (Mark.CYCLE in marks) or (Mark.PARENT_MISSING in marks and parent not in ids)


@given(st.lists(ROWS, max_size=12, unique_by=lambda span: span.span_id), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rows: list[SpanRow], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert outline(build_tree(rows)) == outline(build_tree(shuffled))


def test_an_orphan_stands_at_the_root_level_with_a_mark() -> None:
    tree = build_tree([row("root", None, 1 * SECOND), row("orphan", "never-sent", 2 * SECOND)])
    assert outline(tree) == ["root", "orphan"]
    assert tree.count(Mark.PARENT_MISSING) == 1
    assert tree.root_count == 1


def test_a_circle_is_cut_above_its_earliest_span() -> None:
    tree = build_tree([row("a", "c", 3), row("b", "a", 1), row("c", "b", 2), row("leaf", "a", 4)])
    assert outline(tree) == ["b", ".c", "..a", "...leaf"]
    assert [span.span_id for span, mark in zip(tree.spans, tree.marks, strict=True) if Mark.CYCLE in mark] == ["b"]


def test_a_span_that_is_its_own_parent_is_shown() -> None:
    tree = build_tree([row("me", "me")])
    assert outline(tree) == ["me"]
    assert Mark.CYCLE in tree.marks[0]


def test_several_roots_are_all_shown() -> None:
    tree = build_tree([row("second", None, 2 * SECOND), row("first", None, SECOND)])
    assert outline(tree) == ["first", "second"]
    assert tree.root_count == 2


def test_a_chain_of_ten_thousand_spans_is_no_deeper_than_a_loop_can_go() -> None:
    rows = [row("0")] + [row(str(number), str(number - 1)) for number in range(1, 10_000)]
    assert build_tree(rows).depths[9_999] == 9_999


def test_a_child_outside_its_parent_is_marked_beyond_a_millisecond() -> None:
    parent = row("p", None, SECOND, SECOND)
    inside = row("inside", "p", SECOND - 1_000_000, SECOND)
    early = row("early", "p", SECOND - 1_000_001, SECOND)
    late = row("late", "p", SECOND, SECOND + 1_000_001)
    tree = build_tree([parent, inside, early, late])
    assert [Mark.OUTSIDE_PARENT in mark for mark in tree.marks] == [False, False, True, True]


def test_odd_times_are_marked_and_do_not_stretch_the_axis() -> None:
    tree = build_tree([row("a", None, 5 * SECOND, SECOND), row("zero", "a", 0, 0), row("back", "a", 5 * SECOND, -7)])
    assert list(tree.marks) == [Mark.NONE, Mark.NO_TIME, Mark.ENDS_BEFORE_START]
    assert (tree.start_ns, tree.end_ns) == (5 * SECOND - 7, 6 * SECOND)


def test_an_empty_trace_is_an_empty_tree() -> None:
    assert len(build_tree([]).order) == 0
