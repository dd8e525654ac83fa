"""What is said about two runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from junjo_desktop.shell.comparison_words import summary
from junjo_desktop.telemetry.junjo.comparison import compare_runs
from junjo_desktop.telemetry.junjo.comparison_model import ComparedRun, ComparisonFacts, FailureFacts, StateFacts
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run import Run
from tests.telemetry.junjo.compared_runs import Tree, run_of


def facts(left: Run, right: Run) -> ComparisonFacts:
    found = compare_runs(ComparedRun(left), ComparedRun(right)).facts
    return replace(found, right=replace(found.right, trace_id="u" * 32))


def said(left: Run, right: Run) -> list[str]:
    return list(summary(facts(left, right)))


def steps(names: str, *, ms: int = 1000, state: ExecutionState = ExecutionState.DONE) -> Run:
    return run_of(*(Tree(name, own_ms=ms) for name in names), state=state)


def test_runs_that_differ_in_nothing() -> None:
    assert said(steps("AB"), steps("AB")) == ["Same path.", "Both took about 2.00 s."]


def test_the_step_that_costs_most_is_named() -> None:
    right = run_of(Tree("A", own_ms=1000), Tree("B", own_ms=2900))
    assert said(steps("AB"), right) == ["Same path.", "The right run was 1.90 s slower, most of it in B (+1.90 s)."]
    assert said(right, steps("AB"))[1] == "The right run was 1.90 s faster, most of it in B (−1.90 s)."


def test_where_several_steps_share_a_difference_none_is_most_of_it() -> None:
    right = run_of(*(Tree(name, own_ms=1000 + extra) for name, extra in (("A", 400), ("B", 300), ("C", 300))))
    assert said(steps("ABC"), right)[1] == "The right run was 1.00 s slower, the most in A (+400 ms)."


def test_a_step_of_one_run_only_is_told_as_such() -> None:
    assert said(steps("A"), steps("AB")) == [
        "After A the left run ended; the right went on to B.",
        "The right run was 1.00 s slower, most of it in B (+1.00 s, only in the right).",
    ]


def test_both_ways_are_named() -> None:
    assert said(steps("AB"), steps("AC"))[0] == "After A the left run went to B, the right to C."
    assert said(steps("A"), steps("B"))[0] == "At the beginning the left run took A, the right B."
    assert said(steps("AAB"), steps("AB"))[0] == "After A the left run went to another A, the right to B."


def test_a_difference_inside_says_in_what() -> None:
    def sub(*names: str) -> Run:
        return run_of(Tree("Sub", [*map(Tree, names)], ExecutableType.SUBFLOW))

    def group(*names: str) -> Run:
        return run_of(Tree("Group", [*map(Tree, names)], ExecutableType.RUN_CONCURRENT))

    assert said(sub("A", "B"), sub("A", "C"))[0] == "In Sub, after A, the left run went to B, the right to C."
    assert said(group("A"), group("A", "C"))[0] == "In Group only the right run had C."


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ExecutionState.FAILED, "After A the left run failed; the right went on to B."),
        (ExecutionState.CANCELLED, "After A the left run was cancelled; the right went on to B."),
        (
            ExecutionState.RUNNING,
            "Same path so far. After A nothing more has arrived of the left run; the right went on to B.",
        ),
    ],
)
def test_a_run_that_went_no_further_says_why(state: ExecutionState, words: str) -> None:
    assert words in said(steps("A", state=state), steps("AB"))


def test_failures_come_first() -> None:
    failed = facts(steps("A", state=ExecutionState.FAILED), steps("A"))
    left = replace(failed.left, failure=FailureFacts("A", "POST", "shop.errors.Refused", "no"))
    told = replace(failed, left=left)
    assert summary(told)[0] == "The left run failed in A (Refused), the right completed."
    both = replace(told, right=replace(left, trace_id="u" * 32))
    assert summary(both)[0] == "Both failed in A (Refused)."
    other = replace(both.right, failure=FailureFacts("B", "B", "KeyError", ""))
    assert (
        summary(replace(both, right=other))[0]
        == "The left run failed in A (Refused), the right failed in B (KeyError)."
    )


def test_a_run_that_broke_off_is_not_called_faster() -> None:
    told = said(steps("A", state=ExecutionState.FAILED), steps("AB"))
    assert told[-1].startswith("The right run took 1.00 s longer")


def test_states_are_told_in_places() -> None:
    one = replace(facts(steps("A"), steps("A")), start=StateFacts(1), end=StateFacts(3))
    assert summary(one)[-2:] == ("They started from different states (1 place).", "End states differ in 3 places.")
    assert summary(replace(one, start=StateFacts(0), end=StateFacts(0)))[-1] == "End states are the same."
    assert summary(replace(one, end=StateFacts(None, "gone")))[-1] == "Their end states cannot be compared."


def test_a_changed_graph_is_told_for_runs_of_one_name_only() -> None:
    one = replace(facts(steps("A"), steps("A")), is_graph_same=False, new_nodes=2, gone_nodes=1)
    assert summary(one)[-1] == "The graph was changed: 2 nodes new, 1 node gone."
    other = replace(one, right=replace(one.right, name="play"))
    assert summary(other)[0] == "These are runs of different workflows: work and play."
    assert not any("graph" in sentence for sentence in summary(other))


def test_the_same_run_on_both_sides_is_noticed() -> None:
    run = steps("A")
    assert summary(compare_runs(ComparedRun(run), ComparedRun(run)).facts)[0] == "Both sides show the same run."


def test_hostile_names_stay_on_one_line_and_short() -> None:
    right = run_of(Tree("A"), Tree("<b>x</b>\n\u202e" + "y" * 500))
    [sentence, *_] = said(run_of(Tree("A"), Tree("B")), right)
    assert "\n" not in sentence
    assert "\u202e" not in sentence
    assert len(sentence) < 200
