"""Each call counts once."""

from __future__ import annotations

from dataclasses import replace

from junjo_desktop.telemetry.llm.call import CallError, LlmCall, Message, TextPart, Usage
from junjo_desktop.telemetry.llm.counting import Sighting, Spot, counted

SAID = (Message("user", (TextPart("Hello"),)),)


def seen(
    span_id: str,
    start: int = 0,
    end: int = 100,
    *,
    parent: str | None = None,
    tokens: int | None = 10,
    response_id: str | None = None,
    scope: str = "a",
    said: tuple[Message, ...] = (),
) -> Sighting:
    usage = None if tokens is None else Usage(tokens, tokens)
    call = LlmCall("t", span_id, "chat", "openai", "m", response_id=response_id, usage=usage, input_messages=said)
    return Sighting(call, scope, parent, start, end)


def count(*sightings: Sighting, between: dict[Spot, str | None] | None = None) -> set[str]:
    parents = {sighting.spot: sighting.parent_span_id for sighting in sightings}
    return {span_id for _, span_id in counted(sightings, {**parents, **(between or {})})}


def test_of_calls_within_each_other_the_deepest_with_usage_count() -> None:
    outer, first, second = seen("outer", tokens=30), seen("1", parent="outer"), seen("2", parent="x", tokens=20)
    assert count(outer, first, second, between={("t", "x"): "outer"}) == {"1", "2"}


def test_usage_above_counts_where_nothing_beneath_has_any() -> None:
    assert count(seen("outer", tokens=30), seen("inner", parent="outer", tokens=None)) == {"outer", "inner"}


def test_an_outer_call_without_usage_is_the_inner_one() -> None:
    assert count(seen("outer", tokens=None), seen("inner", parent="outer")) == {"inner"}


def test_one_response_id_is_one_call_and_the_one_that_tells_most_counts() -> None:
    bare, told = seen("bare", response_id="r"), seen("told", response_id="r", said=SAID)
    assert count(bare, told) == count(told, bare) == {"told"}
    within = replace(bare, parent_span_id="told")
    assert count(told, within) == {"told"}


def test_one_response_id_with_other_usage_is_one_call_only_where_another_instrumentation_tells_it_at_once() -> None:
    first, again = seen("1", 0, 10, response_id="r"), seen("2", 20, 30, response_id="r", tokens=11)
    assert count(first, again) == {"1", "2"}
    assert count(first, replace(again, scope_name="b")) == {"1", "2"}
    assert len(count(first, replace(again, scope_name="b", start_ns=5))) == 1
    assert count(first, replace(again, start_ns=5)) == {"1", "2"}
    unknown = seen("3", 40, 50, response_id="r", tokens=None)
    assert len(count(first, unknown)) == 1


def test_a_parent_with_the_id_of_its_last_call_hides_no_call() -> None:
    outer = seen("outer", tokens=20, response_id="r2", said=SAID)
    first, last = seen("1", parent="outer", response_id="r1"), seen("2", parent="outer", response_id="r2")
    assert count(outer, first, last) == {"1", "2"}


def test_two_instrumentations_without_a_common_id_tell_of_one_call() -> None:
    outer, inner = seen("outer", 0, 100, scope="a", said=SAID), seen("inner", 10, 90, scope="b")
    assert count(outer, inner) == {"outer"}


def test_calls_at_the_same_time_by_one_instrumentation_are_all_calls() -> None:
    assert count(seen("1", 0, 100), seen("2", 10, 90)) == {"1", "2"}


def test_two_calls_told_twice_are_two() -> None:
    told = [seen(f"{scope}{at}", at, 100 - at, scope=scope) for scope in "ab" for at in (1, 2)]
    assert len(count(*told)) == 2


def test_other_usage_or_another_model_is_another_call() -> None:
    outer = seen("outer", scope="a")
    assert count(outer, seen("inner", 10, 90, scope="b", tokens=11)) == {"outer", "inner"}
    other = seen("inner", 10, 90, scope="b")
    other = replace(other, call=replace(other.call, request_model="n"))
    assert count(outer, other) == {"outer", "inner"}


def test_the_log_at_the_end_of_a_stream_is_its_call() -> None:
    asking = seen("asking", 0, 50, tokens=None, said=SAID)
    answer = seen("answer", 60, 60, said=SAID)
    answered = replace(answer, call=replace(answer.call, output_messages=SAID))
    assert count(asking, answered) == {"answer"}
    failed = replace(asking, call=replace(asking.call, error=CallError("busy", None)))
    assert count(failed, answered) == {"asking", "answer"}


def test_calls_in_a_ring_of_parents_count() -> None:
    assert count(seen("1", parent="2"), seen("2", parent="1")) == {"1", "2"}
    assert count(seen("1", parent="1")) == {"1"}
