"""What is told of each step when something is missing, and in which words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode
from junjo_desktop.telemetry.junjo.state import UNKNOWN_STATE, Certainty, HistoryStatus, MissingUpdates, reconstruct
from tests.telemetry.junjo.state.true_stores import MISSING, TrueStore, full, record, update, with_redacted

EXACT, INFERRED, UNKNOWN = Certainty.EXACT, Certainty.INFERRED, Certainty.UNKNOWN


def counting(updates: int, *, is_numbered: bool = True) -> TrueStore:
    """A store that counts, and keeps what it counted."""
    states = [{"count": number, "kept": list(range(number)), "name": "x"} for number in range(updates + 1)]
    return TrueStore(states, ["node"] * updates, is_numbered)


def certainties(history: Any) -> list[Certainty]:
    return [step.certainty for step in history.transitions]


def test_what_the_event_limit_dropped_is_worked_back_from_the_end() -> None:
    store = counting(200)
    told = replace(store.whole(), events=tuple(store.events[72:]), dropped_events={"node": 72})
    history = reconstruct(told)
    assert history.missing == (MissingUpdates(1, 72, "They were dropped: the SDK keeps 128 events a span."),)
    assert certainties(history) == [INFERRED] * 127 + [EXACT]
    first = history.transitions[0]
    assert (first.position, first.sequence) == (0, 73)
    assert first.reason == (
        "72 updates before this one were dropped: the SDK keeps 128 events a span; worked back from the end state."
    )
    for step in history.transitions:
        assert history.state_after(step.position).value == store.states[step.sequence]
    assert history.state_before(0).value == {**store.states[72], "count": 0}, "the count before is the last known one"
    assert history.state_before(0).certainty is INFERRED
    assert history.end.value == store.states[200]
    assert history.status is HistoryStatus.PARTIAL
    assert history.summary.startswith("128 updates: 1 exact, 127 inferred. 72 updates before this one were dropped")


def test_steps_before_a_gap_stay_exact_and_those_after_it_join_the_end() -> None:
    store = counting(6)
    events = [event for event in store.events if event.sequence not in (3, 4)]
    history = reconstruct(replace(store.whole(), events=tuple(events)))
    assert certainties(history) == [EXACT, EXACT, INFERRED, EXACT]
    assert history.state_before(2).certainty is INFERRED
    assert history.state_after(2).value == store.states[5]
    assert history.transitions[2].reason == (
        "2 updates before this one were not received; worked back from the end state."
    )
    assert history.missing == (MissingUpdates(3, 4, "They did not arrive."),)


def test_between_two_gaps_updates_are_applied_to_the_last_known_state() -> None:
    patches: list[Any] = [
        [{"op": "add", "path": "/a", "value": 1}],
        [{"op": "replace", "path": "/a", "value": 3}],
        [{"op": "add", "path": "/c/1", "value": 1}],
        [{"op": "replace", "path": "/a", "value": 4}],
    ]
    events = [update(patch, number, number - 1) for patch, number in zip(patches, (1, 3, 5, 6), strict=True)]
    history = reconstruct(record(events, full({}), revision_start=0, revision_end=6, transition_count=6))
    assert certainties(history) == [EXACT, INFERRED, UNKNOWN, INFERRED]
    assert history.state_after(1).value == {"a": 3}
    assert history.state_after(2).value is UNKNOWN_STATE
    assert history.transitions[2].reason == "/c/1 is not in the state before it."
    assert history.state_after(3).value == {"a": 4}
    assert history.transitions[3].reason == "2 updates before this one were not received."
    assert (history.end.value, history.end.certainty) == ({"a": 4}, INFERRED)


def test_a_gap_of_updates_that_changed_nothing_costs_no_certainty() -> None:
    events = [update([{"op": "add", "path": "/a", "value": 1}], 1, 0), update([{"op": "remove", "path": "/a"}], 4, 1)]
    told = record(events, full({}), full({}), revision_start=0, revision_end=2, transition_count=5)
    history = reconstruct(told)
    assert certainties(history) == [EXACT, EXACT]
    assert [gap[:2] for gap in history.missing] == [(2, 3), (5, 5)]
    assert all("changed nothing" in gap.reason for gap in history.missing)
    assert history.status is HistoryStatus.EXACT


def test_missing_revisions_or_numbers_that_contradict_are_not_exact() -> None:
    def first(**more: Any) -> Certainty:
        event = replace(update([{"op": "add", "path": "/a", "value": 1}], 1, 0), **more)
        return reconstruct(record([event], full({}), MISSING, revision_start=0)).transitions[0].certainty

    assert first() is EXACT
    assert first(revision_before=None, revision_after=None) is EXACT
    assert first(revision_before=3, revision_after=4) is INFERRED
    assert first(revision_after=0) is INFERRED
    assert first(sequence=2) is EXACT, "the missing one changed nothing"
    assert first(sequence=2, revision_before=1, revision_after=2) is INFERRED


def test_two_different_updates_with_one_number_are_not_exact() -> None:
    events = [
        update([{"op": "add", "path": "/a", "value": 1}], 1, 0),
        replace(update([{"op": "add", "path": "/a", "value": 2}], 1, 0), event_id="other"),
    ]
    history = reconstruct(record(events, full({})))
    assert certainties(history) == [INFERRED, INFERRED]
    assert "carry the number 1" in history.transitions[0].reason


def test_without_the_owner_only_patches_are_told() -> None:
    history = reconstruct(counting(3).without_owner())
    assert certainties(history) == [UNKNOWN] * 3
    assert history.transitions[0].reason == (
        "The span of the owner has not arrived, so the state at the start is not known."
    )
    assert not history.state_before(0).is_known
    assert history.changes(0) == ()
    assert history.status is HistoryStatus.UNKNOWN


def test_an_update_of_the_whole_state_needs_no_start() -> None:
    events = [
        update([{"op": "replace", "path": "/a", "value": 0}], 1),
        update([{"op": "replace", "path": "", "value": {"a": 1}}], 2),
        update([{"op": "replace", "path": "/a", "value": 2}], 3),
    ]
    history = reconstruct(record(events))
    assert certainties(history) == [UNKNOWN, INFERRED, INFERRED]
    assert history.state_after(2).value == {"a": 2}


@pytest.mark.parametrize("is_numbered", [True, False])
def test_a_redacted_update_is_unknown_and_later_ones_are_worked_back(is_numbered: bool) -> None:
    store = counting(5, is_numbered=is_numbered)
    history = reconstruct(replace(store.whole(), events=tuple(with_redacted(store.events, {1}))))
    before, last = (EXACT, EXACT) if is_numbered else (INFERRED, INFERRED)
    assert certainties(history) == [before, UNKNOWN, INFERRED, INFERRED, last]
    assert history.transitions[1].reason == "The patch was redacted."
    assert history.state_before(1).value == store.states[1]
    assert history.state_after(2).value == store.states[3]
    assert history.transitions[2].reason.startswith("What update 2 changed is not known")


def test_the_last_update_leads_to_the_end_even_if_it_cannot_be_read() -> None:
    store = counting(3)
    history = reconstruct(replace(store.whole(), events=tuple(with_redacted(store.events, {2}))))
    assert history.state_after(2).value == store.states[3]
    assert history.transitions[2].certainty is EXACT


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        (Payload(PayloadMode.FULL, "{"), "no readable JSON"),
        (full({"op": "add"}), "no list of operations"),
        (full([{"op": "explode", "path": ""}]), "RFC 6902 does not know"),
        (full([{"op": "add", "path": 3, "value": 1}]), "without a readable path"),
        (full([{"op": "add", "path": "/b"}]), "without a value"),
        (full([{"op": "move", "path": "/b"}]), "without a readable origin"),
        (full([{"op": "remove", "path": "/b"}]), "/b is not in the state before it"),
        (full([{"op": "add", "path": "/a/0", "value": 1}]), "/a/0 is not in the state before it"),
        (full([{"op": "test", "path": "/a", "value": True}]), "/a cannot be changed like this: test"),
        (full([{"op": "move", "from": "/a", "path": "/a/b"}]), "cannot be moved into itself"),
        (Payload(PayloadMode.EXCLUDED), "left out"),
        (MISSING, "not sent"),
    ],
)
def test_a_patch_that_cannot_be_used_says_why(patch: Payload, reason: str) -> None:
    history = reconstruct(record([update(patch, 1, 0)], full({"a": 1})))
    assert history.transitions[0].certainty is UNKNOWN
    assert reason in history.transitions[0].reason
    assert history.state_before(0).value == {"a": 1}
    assert not history.state_after(0).is_known


def test_updates_without_numbers_say_why_they_are_not_exact() -> None:
    store = counting(4, is_numbered=False)
    whole = store.whole()

    def reason(**more: Any) -> str:
        steps = reconstruct(replace(whole, **more)).transitions
        assert all(step.certainty is INFERRED for step in steps)
        return steps[0].reason

    assert "does not give the end state" in reason(events=tuple(store.events[:-1]))
    assert "5 events were dropped" in reason(dropped_events={"elsewhere": 5})
    assert "2 spans that may have updated this store did not arrive" in reason(missing_spans=2)
    assert "end state has not arrived" in reason(end=MISSING)
    mixed = (replace(store.events[0], sequence=1), *store.events[1:])
    assert "carry no number" in reason(events=mixed)
    assert "cannot be replayed" in reason(reconstructable=False)


def test_an_update_that_repeats_what_is_there_gives_a_lost_one_away() -> None:
    states = [{"a": 0}, {"a": 1}, {"a": 0}, {"a": 2}]
    store = TrueStore(states, ["node"] * 3, is_numbered=False)
    history = reconstruct(replace(store.whole(), events=tuple(store.events[1:])))
    assert certainties(history) == [INFERRED, INFERRED]
    assert "already there" in history.transitions[0].reason


def test_two_spans_in_one_nanosecond_leave_the_order_open() -> None:
    store = TrueStore([{"a": 0}, {"a": 1}, {"a": 2}, {"a": 3}], ["x", "y", "x"], is_numbered=False)
    events = [replace(event, time_ns=max(event.time_ns, 2)) for event in store.events]
    history = reconstruct(replace(store.whole(), events=tuple(events)))
    assert EXACT not in certainties(history)


def test_old_updates_are_ordered_by_exact_time_then_arrival_then_place() -> None:
    base = 1_795_156_880_097_079_664
    events = [
        replace(update([{"op": "replace", "path": "/a", "value": 3}], None), time_ns=base + 1, event_id="3"),
        replace(update([{"op": "replace", "path": "/a", "value": 2}], None, index=1), time_ns=base, event_id="2"),
        replace(update([{"op": "replace", "path": "/a", "value": 1}], None, index=0), time_ns=base, event_id="1"),
    ]
    history = reconstruct(record(events, full({"a": 0}), full({"a": 3})))
    assert [step.event.event_id for step in history.transitions] == ["1", "2", "3"]
    assert certainties(history) == [EXACT] * 3


def test_a_store_without_updates_says_so() -> None:
    def status(**more: Any) -> HistoryStatus:
        return reconstruct(record([], full({"a": 0}), **{"end": full({"a": 0}), **more})).status

    assert status() is HistoryStatus.EMPTY
    assert status(end=full({"a": 1})) is HistoryStatus.PARTIAL
    assert status(transition_count=3, revision_start=0, revision_end=3) is HistoryStatus.PARTIAL
    nothing = reconstruct(record([], owner_span_id=None, owner_type=None, is_ended=False))
    assert nothing.status is HistoryStatus.UNKNOWN
    assert nothing.start.value is UNKNOWN_STATE


def test_states_of_a_wide_store_are_made_again_as_they_were() -> None:
    wide = {f"key{number}": number for number in range(1000)}
    states = [wide]
    for number in range(150):
        states.append({**states[-1], f"key{number}": -1, "last": number})
    store = TrueStore(states, ["node"] * 150, is_numbered=True)
    history = reconstruct(store.whole())
    for position in (149, 0, 70, 71, 69, 3, 140, 100, 50, 20, 10, 5, 1, 70):
        assert history.state_before(position).value == states[position]
        assert history.state_after(position).value == states[position + 1]
    assert history.steps_changing("/key70") == (70,)
    assert history.steps_changing("/last") == tuple(range(150))


def test_states_share_what_did_not_change() -> None:
    large = {"much": [{"n": number} for number in range(100)], "count": 0}
    store = TrueStore([large, {**large, "count": 1}], ["node"], is_numbered=True)
    history = reconstruct(store.whole())
    before, after = history.state_before(0).value, history.state_after(0).value
    assert before["much"] is after["much"]
    assert json.loads(store.whole().start.text or "") == before


def test_an_end_that_contradicts_all_updates_makes_none_of_them_exact() -> None:
    store = counting(3)
    history = reconstruct(replace(store.whole(), end=full({"count": 99})))
    assert certainties(history) == [INFERRED] * 3
    assert "does not give the end state" in history.transitions[0].reason
    assert history.end.value == {"count": 99}


def test_a_patch_that_fails_halfway_leaves_nothing_behind() -> None:
    wide = {f"key{number}": number for number in range(1000)}
    half = [{"op": "replace", "path": "/key1", "value": "half"}, {"op": "remove", "path": "/nothing"}]
    patches: list[Any] = [[{"op": "replace", "path": "/key0", "value": -1}], half, [{"op": "remove", "path": "/key2"}]]
    events = [update(patch, number, number - 1) for number, patch in enumerate(patches, start=1)]
    history = reconstruct(record(events, full(wide)))
    assert certainties(history) == [EXACT, UNKNOWN, INFERRED]
    assert history.state_before(1).value == {**wide, "key0": -1}
    assert history.state_after(2).value["key1"] == 1
