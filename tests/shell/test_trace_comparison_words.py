"""What is said about two traces, and about one beside the usual."""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.shell.trace_comparison_words import changed_words, trace_summary, usual_summary, verdict_words
from junjo_desktop.telemetry.trace_comparison.comparison import compare_traces
from junjo_desktop.telemetry.trace_comparison.model import ComparedTrace
from junjo_desktop.telemetry.trace_comparison.usual import UsualTrace
from tests.telemetry.trace_comparison.traces import Tree, trace_of, tree


def said(left: ComparedTrace, right: ComparedTrace) -> list[str]:
    return list(trace_summary(compare_traces(left, right)))


def test_traces_that_differ_in_nothing() -> None:
    assert said(trace_of(tree("root", "a"), "a"), trace_of(tree("root", "a"), "b")) == [
        "Same structure.",
        "No attribute that says something differs in any of 2 spans.",
        "Both took about 20 ms.",
    ]


def test_where_they_part_and_what_took_longer() -> None:
    left = trace_of(tree("root", "a", tree("plan", "x")), "a")
    right = trace_of(tree("root", "a", tree("plan", "y"), Tree("send", own_ms=500)), "b")
    assert said(left, right) == [
        "In plan, at the beginning, the left trace goes on with x, the right with y.",
        "Of 6 spans 2 only at the right, 1 only at the left.",
        "The right trace took 500 ms longer, most of it in send itself (+500 ms, only in the right).",
    ]


def test_one_that_goes_on_alone_and_another_turn() -> None:
    words = said(trace_of(tree("root", "a"), "a"), trace_of(tree("root", "a", "a"), "b"))
    assert words[0] == "In root, after a, only the right trace goes on, with another a."


def test_outcomes_names_and_tokens() -> None:
    left, right = trace_of("one", "a"), trace_of(Tree("two", is_error=True), "b")
    left = replace(left, facts=replace(left.facts, input_tokens=10, output_tokens=5))
    right = replace(right, facts=replace(right.facts, input_tokens=100))
    words = said(left, right)
    assert words[0] == "These are traces of different names: one and two."
    assert words[1] == "The right trace failed, the left did not."
    assert words[2] == "Failed spans: 0 at the left, 1 at the right."
    assert words[-1] == "It used 85 more tokens."
    left, right = (replace(one, facts=replace(one.facts, cost=cost)) for one, cost in ((left, 0.5), (right, 0.25)))
    assert said(left, right)[-1] == "It cost $0.2500 less."


def test_the_same_trace_on_both_sides_and_times_that_are_unknown() -> None:
    one = trace_of("root", "a", is_told=False)
    assert said(one, one)[0] == "Both sides show the same trace."
    assert said(one, one)[-1] == "Their durations cannot be compared."


def test_many_changes_are_counted() -> None:
    left = trace_of(Tree("root", attributes=dict.fromkeys("abcdef", 1)), "a")
    right = trace_of(Tree("root", attributes=dict.fromkeys("abcdef", 2), is_error=True), "b")
    assert changed_words(compare_traces(left, right).rows[0]) == "outcome, a, b and 4 more"


def usual_words(one: Tree, number: int, stored: int | None = None) -> list[str]:
    usual = UsualTrace()
    others = [trace_of(tree("root", "a", "b"), "b") for _ in range(number)]
    for other in others:
        usual.add(other.spans)
    found = usual.compare(trace_of(one), [other.facts for other in others], number if stored is None else stored)
    findings = [words for row in found.rows if (words := verdict_words(row, found.others))]
    return [*usual_summary(found), *findings]


def test_what_is_unusual() -> None:
    assert usual_words(tree("root", Tree("a", own_ms=900), "c"), 20, 400) == [
        "2 spans slower than 95 % of the others, 1 span never seen before, 1 span missing that most others have.",
        "It took 920 ms, 890 ms longer than the median, and longer than 95 % of them.",
        "Compared with the newest 20 of 400 other traces of this name and service.",
        "slower than all others",
        "slower than all others",
        "missing, in all of the others",
        "never seen before",
    ]


def test_nothing_unusual_too_few_and_none() -> None:
    assert usual_words(tree("root", "a", "b"), 20)[:2] == [
        "Nothing in it is unusual.",
        "It took 30 ms, about as long as usual.",
    ]
    assert usual_words(tree("root", "a"), 3)[0] == "Fewer than 5 others are too few to say what is usual."
    assert usual_words(tree("root", "a"), 0) == ["There is no other trace of root to compare it with."]
