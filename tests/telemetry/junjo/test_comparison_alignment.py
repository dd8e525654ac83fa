"""Laying the steps of two runs beside each other: every step once, in order, and whatever is the same together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo import comparison_alignment
from junjo_desktop.telemetry.junjo.comparison_alignment import align_steps
from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep
from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.run import Run, Step
from tests.telemetry.junjo.compared_runs import Tree, run_of

NAMES = st.sampled_from("ABCD")
TREES = st.recursive(
    st.builds(Tree, NAMES),
    lambda inner: st.builds(
        Tree,
        NAMES,
        st.lists(inner, max_size=4),
        type=st.sampled_from([ExecutableType.NODE, ExecutableType.SUBFLOW, ExecutableType.RUN_CONCURRENT]),
    ),
    max_leaves=14,
)
RUNS = st.builds(lambda inside: run_of(*inside), st.lists(TREES, max_size=6))


def ids(steps: Sequence[Step | None]) -> list[str]:
    return [step.span_id for step in steps if step is not None]


def shown(rows: Sequence[AlignedStep]) -> list[str]:
    """The rows in short: `A` in both, `A<` at the left, `A>` at the right, indented by dots."""
    return [
        "." * row.depth + row.name + ("" if row.is_both else "<" if row.left is not None else ">") for row in rows[1:]
    ]


def is_within_group(rows: Sequence[AlignedStep], row: AlignedStep) -> bool:
    around = None if row.parent is None else rows[row.parent].one.executable
    return around is not None and around.type is ExecutableType.RUN_CONCURRENT


@given(RUNS, RUNS)
def test_every_step_of_both_runs_is_there_exactly_once(left: Run, right: Run) -> None:
    rows = align_steps(left, right)
    assert sorted(ids([row.left for row in rows])) == sorted(ids(left.steps))
    assert sorted(ids([row.right for row in rows])) == sorted(ids(right.steps))


@given(RUNS, RUNS)
def test_steps_stay_in_order_but_for_those_that_run_at_once(left: Run, right: Run) -> None:
    rows = align_steps(left, right)
    for side, run in (("left", left), ("right", right)):
        place = {step.span_id: at for at, step in enumerate(run.steps)}
        last: dict[int | None, int] = {}
        for row in rows:
            step: Step | None = getattr(row, side)
            if step is None or (is_within_group(rows, row) and side == "right"):
                continue
            assert place[step.span_id] > last.get(row.parent, -1)
            last[row.parent] = place[step.span_id]


@given(RUNS, RUNS)
def test_rows_make_a_tree_in_which_each_step_stands_in_what_it_ran_in(left: Run, right: Run) -> None:
    rows = align_steps(left, right)
    for at, row in enumerate(rows):
        if row.parent is None:
            assert row.depth == 0
            continue
        around = rows[row.parent]
        assert row.parent < at
        assert around.depth + 1 == row.depth
        for step, above in ((row.left, around.left), (row.right, around.right)):
            assert step is None or (above is not None and step.parent_span_id == above.span_id)


@given(RUNS)
def test_identical_runs_align_fully(run: Run) -> None:
    other = replace(run, steps=tuple(replace(step, start_ns=step.start_ns + 7) for step in run.steps))
    rows = align_steps(run, other)
    assert [row.left and row.left.span_id for row in rows] == [row.right and row.right.span_id for row in rows]
    assert ids([row.left for row in rows]) == ids(run.steps)


@given(RUNS, RUNS)
def test_swapping_the_sides_pairs_as_many(left: Run, right: Run) -> None:
    # As many: of several ways that are as good, each side's earliest may be another.
    def top(rows: Sequence[AlignedStep]) -> int:
        return sum(row.is_both for row in rows if row.depth <= 1)

    assert top(align_steps(left, right)) == top(align_steps(right, left))


@given(st.lists(NAMES, max_size=12), st.lists(NAMES, max_size=12))
def test_as_many_steps_as_possible_have_a_partner(left: list[str], right: list[str]) -> None:
    rows = align_steps(run_of(*map(Tree, left)), run_of(*map(Tree, right)))
    assert sum(row.is_both for row in rows[1:]) == longest_common(left, right)


def longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for at, one in enumerate(left):
        for to, other in enumerate(right):
            longest = max(lengths[at][to + 1], lengths[at + 1][to])
            lengths[at + 1][to + 1] = lengths[at][to] + 1 if one == other else longest
    return lengths[-1][-1]


@given(RUNS, RUNS)
def test_long_sequences_are_aligned_by_turns_and_lose_nothing(left: Run, right: Run) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison_alignment, "_MOST_CELLS", 0)
        rows = align_steps(left, right)
    assert sorted(ids([row.left for row in rows])) == sorted(ids(left.steps))
    assert sorted(ids([row.right for row in rows])) == sorted(ids(right.steps))
    for row in rows:
        assert not row.is_both or row.depth == 0 or row.left.name == row.right.name  # type: ignore[union-attr] # both are there


def test_ten_thousand_turns_of_a_loop_are_aligned_with_one_less() -> None:
    left = run_of(*(Tree(name) for _ in range(10_000) for name in "AB"))
    right = run_of(Tree("X"), *(Tree(name) for _ in range(9_999) for name in "AB"), Tree("Y"))
    rows = align_steps(left, right)
    assert sum(row.is_both for row in rows) == 1 + 2 * 9_999


def test_a_loop_pairs_iteration_by_iteration() -> None:
    left = run_of(*map(Tree, "SABABABE"))
    right = run_of(*map(Tree, "SABE"))
    assert shown(align_steps(left, right)) == [".S", ".A", ".B", ".A<", ".B<", ".A<", ".B<", ".E"]


def test_a_step_within_a_loop_that_one_run_skipped_does_not_shift_the_rest() -> None:
    rows = align_steps(run_of(*map(Tree, "ABABABE")), run_of(*map(Tree, "ABAABE")))
    assert shown(rows) == [".A", ".B", ".A", ".B<", ".A", ".B", ".E"]


def test_what_only_one_run_did_keeps_everything_inside_it() -> None:
    inner = Tree("C", [Tree("D")], type=ExecutableType.SUBFLOW)
    rows = align_steps(run_of(Tree("A"), inner, Tree("E")), run_of(Tree("A"), Tree("E")))
    assert shown(rows) == [".A", ".C<", "..D<", ".E"]


def test_children_of_a_group_pair_in_any_order() -> None:
    def group(names: str) -> Tree:
        return Tree("G", [*map(Tree, names)], type=ExecutableType.RUN_CONCURRENT)

    assert shown(align_steps(run_of(group("ABC")), run_of(group("CAB")))) == [".G", "..A", "..B", "..C"]
    assert shown(align_steps(run_of(group("AB")), run_of(group("BD")))) == [".G", "..A<", "..B", "..D>"]


def test_nodes_of_one_graph_are_told_apart_by_their_structure_not_their_name() -> None:
    left = run_of(Tree("A", structure="n1"), Tree("A", structure="n2"), graph="g")
    right = run_of(Tree("A", structure="n2"), graph="g")
    assert shown(align_steps(left, right)) == [".A<", ".A"]


def test_nodes_of_a_changed_graph_are_found_by_their_name() -> None:
    left = run_of(Tree("A", structure="n1"), Tree("B", structure="n2"), graph="g")
    right = run_of(Tree("A", structure="m1"), Tree("C", structure="m3"), Tree("B", structure="m2"), graph="h")
    assert shown(align_steps(left, right)) == [".A", ".C>", ".B"]


def test_a_subflow_that_has_not_arrived_is_known_by_its_structure() -> None:
    left = run_of(Tree("Sub", [Tree("A")], type=ExecutableType.SUBFLOW, structure="s"))
    right = run_of(Tree("", [Tree("A")], type=ExecutableType.SUBFLOW, structure="s"))
    assert shown(align_steps(left, right)) == [".Sub", "..A"]


def test_spans_of_other_instrumentations_are_paired_by_name_and_kind() -> None:
    left = run_of(Tree("A", [Tree("chat", type=None, span_type="llm"), Tree("POST", type=None, span_type="http")]))
    right = run_of(Tree("A", [Tree("POST", type=None, span_type="http")]))
    rows = align_steps(left, right)
    assert shown(rows) == [".A", "..chat<", "..POST"]
    assert [row.is_path for row in rows] == [True, True, False, False]
