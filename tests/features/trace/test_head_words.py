"""The header says what is wrong with a trace, and only that."""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.features.trace.head_words import QUIET_AFTER_NS, head_facts, head_tags
from junjo_desktop.features.trace.health import find_oddities
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.tree import SpanRow, build_tree
from tests.features.trace.test_tree import row

NOW = 1_795_183_378_000_000_000
HEAD = TraceHead("ab" * 16, "root", "work", "shop", NOW, 0, 1, 0, 0, None, None, 0, 0, NOW, NOW, ("shop",))


def words(head: TraceHead, *spans: SpanRow, now_ns: int = NOW) -> list[str]:
    return [tag.text for tag in head_tags(head, find_oddities(build_tree(spans)), now_ns)]


def test_a_sound_trace_has_no_tags() -> None:
    assert words(HEAD, row("root")) == []


def test_without_a_root_it_runs_until_it_has_been_quiet() -> None:
    rootless = replace(HEAD, root_span_id=None)
    assert words(rootless, row("child", "root"), now_ns=NOW + QUIET_AFTER_NS) == ["running", "1 parent missing"]
    assert words(rootless, row("child", "root"), now_ns=NOW + QUIET_AFTER_NS + 1) == [
        "root missing",
        "1 parent missing",
    ]


def test_everything_odd_is_counted() -> None:
    head = replace(HEAD, error_count=2, dropped_count=5, replaced_count=1)
    spans = [
        replace(row("root", None, 10**9, 10**9, error=True), dropped_count=5),
        row("second root", None, 10**9, 10**9, error=True),
        row("early", "root", 1, 10**9),
        row("me", "me"),
        row("back", "root", 10**9, -5),
    ]
    assert words(head, *spans) == [
        "2 failures",
        "2 roots",
        "1 cycle",
        "1 outside its parent",
        "1 odd time",
        "5 items dropped",
        "1 replaced",
    ]


def test_one_zero_time_does_not_make_a_trace_of_fifty_years() -> None:
    untimed = SpanRow("zero", "root", "shop", "zero", "span", 0, 0, False)
    facts = {fact.label: fact.value for fact in head_facts(HEAD, build_tree([row("root", None, NOW, 10**9), untimed]))}
    assert facts["Duration"] == "1.00 s"


def test_many_services_are_named_up_to_three() -> None:
    head = replace(HEAD, services=("a", "b", "c", "d", "e"))
    facts = {fact.label: fact.value for fact in head_facts(head, build_tree([row("root")]))}
    assert facts["Services"] == "a, b, c +2"


def test_a_trace_whose_spans_tell_no_time_has_no_duration() -> None:
    facts = {fact.label: fact.value for fact in head_facts(HEAD, build_tree([row("root", None, 0, 5)]))}
    assert facts["Started"] == "no start time"
    assert "Duration" not in facts
