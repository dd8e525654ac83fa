"""A trace beside the others of its name."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.telemetry.trace_comparison.comparison_json import usual_comparison_json, usual_comparison_of
from junjo_desktop.telemetry.trace_comparison.model import UsualComparison, Verdict
from junjo_desktop.telemetry.trace_comparison.usual import UsualTrace
from tests.telemetry.trace_comparison.traces import MS, Tree, trace_of, tree


def against(one: Tree, others: Sequence[Tree]) -> UsualComparison:
    usual = UsualTrace()
    traces = [trace_of(other, "b") for other in others]
    for trace in traces:
        usual.add(trace.spans)
    return usual.compare(trace_of(one), [trace.facts for trace in traces], stored=len(traces))


def verdicts(found: UsualComparison) -> list[tuple[str, Verdict]]:
    return [(row.name, row.verdict) for row in found.rows]


def many(number: int = 20) -> list[Tree]:
    return [tree("root", Tree("a", own_ms=10 + at), "b") for at in range(number)]


def test_a_span_among_the_others_is_usual() -> None:
    found = against(tree("root", Tree("a", own_ms=20), "b"), many())
    assert verdicts(found) == [("root", Verdict.USUAL), ("a", Verdict.USUAL), ("b", Verdict.USUAL)]
    figures = found.rows[1].figures
    assert figures is not None
    assert (figures.seen, figures.failed, figures.median_ns, figures.p95_ns) == (20, 0, 19 * MS, 28 * MS)
    assert found.rows[1].difference_ns == MS
    assert (found.others, found.median_spans) == (20, 3)


def test_what_takes_longer_than_95_percent_is_slower() -> None:
    found = against(tree("root", Tree("a", own_ms=500), "b"), many())
    assert verdicts(found) == [("root", Verdict.SLOWER), ("a", Verdict.SLOWER), ("b", Verdict.USUAL)]
    assert found.rows[1].slower_than == 1.0


def test_a_hair_slower_than_all_is_no_finding() -> None:
    others = [tree("root", Tree("a", own_ms=1000)) for _ in range(20)]
    found = against(tree("root", Tree("a", own_ms=1001)), others)
    assert verdicts(found)[1] == ("a", Verdict.USUAL)


def test_a_span_that_no_other_has_is_new_and_one_that_most_have_is_missing() -> None:
    found = against(tree("root", "c", "b"), many())
    assert verdicts(found) == [
        ("root", Verdict.USUAL),
        ("c", Verdict.NEW),
        ("a", Verdict.MISSING),
        ("b", Verdict.USUAL),
    ]
    missing = found.rows[2]
    assert missing.span is None
    assert (missing.depth, missing.parent) == (1, 0)


def test_everything_below_what_is_missing_is_missing_too() -> None:
    found = against(tree("root"), [tree("root", tree("a", "x")) for _ in range(8)])
    assert [(row.name, row.depth, row.verdict) for row in found.rows[1:]] == [
        ("a", 1, Verdict.MISSING),
        ("x", 2, Verdict.MISSING),
    ]


def test_what_only_some_have_is_not_missed() -> None:
    others = [tree("root", "a", *(["rare"] if at % 4 == 0 else [])) for at in range(20)]
    assert [row.name for row in against(tree("root", "a"), others).rows] == ["root", "a"]


def test_more_turns_than_ever_are_told_from_something_new() -> None:
    found = against(tree("root", "a", "a", "a"), [tree("root", "a", "a") for _ in range(8)])
    assert [row.verdict for row in found.rows[1:]] == [Verdict.USUAL, Verdict.USUAL, Verdict.MORE]


def test_a_failure_where_others_hardly_ever_fail_stands_out() -> None:
    found = against(tree("root", Tree("a", is_error=True)), [tree("root", "a") for _ in range(20)])
    assert verdicts(found)[1] == ("a", Verdict.FAILED)
    often = [tree("root", Tree("a", is_error=at % 2 == 0)) for at in range(20)]
    assert verdicts(against(tree("root", Tree("a", is_error=True)), often))[1] == ("a", Verdict.USUAL)


def test_a_handful_of_others_judges_nothing_slow_or_missing() -> None:
    found = against(tree("root", Tree("a", own_ms=500)), many(4))
    assert verdicts(found) == [("root", Verdict.USUAL), ("a", Verdict.USUAL)]


def test_without_others_nothing_is_unusual() -> None:
    found = against(tree("root", "a"), [])
    assert verdicts(found) == [("root", Verdict.USUAL), ("a", Verdict.USUAL)]
    assert found.median_ns is None


def test_its_document_says_the_same() -> None:
    found = against(tree("root", "c", "b"), many())
    document = usual_comparison_json(found)
    assert usual_comparison_json(usual_comparison_of(document)) == document
