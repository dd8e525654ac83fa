"""What is called exact is true, whatever was lost; and what is whole is exact."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode
from junjo_desktop.telemetry.junjo.state import Certainty, HistoryStatus, reconstruct
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.store_record import StoreRecord
from tests.telemetry.junjo.state.true_stores import (
    MISSING,
    TrueStore,
    look_at_everything,
    record,
    true_stores,
    untrue,
    update,
    with_redacted,
)


@given(true_stores())
def test_every_step_of_a_whole_store_is_exact(store: TrueStore) -> None:
    history = reconstruct(store.whole())
    assert [step.certainty for step in history.transitions] == [Certainty.EXACT] * len(store.events)
    assert not untrue(store, history)
    assert not history.missing
    assert history.status is (HistoryStatus.EXACT if store.events else HistoryStatus.EMPTY)


@given(true_stores(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repeated_batches_do_not_matter(store: TrueStore, random: Random) -> None:
    events = [*store.events, *store.events]
    random.shuffle(events)
    history = reconstruct(replace(store.whole(), events=tuple(events)))
    assert [step.event for step in history.transitions] == store.events
    assert not untrue(store, history)
    assert all(step.certainty is Certainty.EXACT for step in history.transitions)


@given(true_stores(numbered=True), st.data())
def test_numbered_updates_never_claim_more_than_is_true(store: TrueStore, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(store.events), max_size=len(store.events)))
    redacted = data.draw(st.sets(st.integers(0, 8)))
    events = [event for event, is_kept in zip(with_redacted(store.events, redacted), kept, strict=True) if is_kept]
    lossy = replace(data.draw(st.sampled_from([store.whole(), store.without_owner()])), events=tuple(events))
    lossy = _without_slots(lossy, data)
    history = reconstruct(lossy)
    assert not untrue(store, history)
    look_at_everything(history)
    if lossy.transition_count is not None:
        numbers = {number for gap in history.missing for number in range(gap.from_sequence, gap.to_sequence + 1)}
        assert numbers == {number for number, is_kept in enumerate(kept, start=1) if not is_kept}


def _without_slots(whole: StoreRecord, data: st.DataObject) -> StoreRecord:
    lost: dict[str, Any] = {"start": MISSING, "end": MISSING}
    lost |= dict.fromkeys(("revision_start", "revision_end", "transition_count"))
    return replace(whole, **{name: value for name, value in lost.items() if data.draw(st.booleans())})


@given(true_stores(numbered=False), st.data())
def test_updates_without_numbers_are_not_exact_when_a_span_dropped_events(
    store: TrueStore, data: st.DataObject
) -> None:
    dropped = data.draw(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1))
    left = dict(dropped)
    kept = []
    for event in store.events:
        # OpenTelemetry drops the oldest of a span.
        if left.get(event.span_id, 0):
            left[event.span_id] -= 1
        else:
            kept.append(event)
    history = reconstruct(replace(store.whole(), events=tuple(kept), dropped_events=dropped))
    assert not untrue(store, history)
    assert all(step.certainty is not Certainty.EXACT for step in history.transitions)
    look_at_everything(history)


@given(true_stores(numbered=False), st.data())
def test_updates_without_numbers_are_exact_only_if_they_lead_to_the_end(store: TrueStore, data: st.DataObject) -> None:
    kept = [event for event in store.events if data.draw(st.booleans())]
    history = reconstruct(replace(store.whole(), events=tuple(kept)))
    look_at_everything(history)
    exact = [step for step in history.transitions if step.certainty is Certainty.EXACT]
    if exact:
        assert len(exact) == len(kept)
        assert is_same(history.state_after(len(kept) - 1).value, store.states[-1])


@given(true_stores(numbered=False))
def test_updates_without_numbers_of_an_open_run_are_not_exact(store: TrueStore) -> None:
    history = reconstruct(replace(store.whole(), end=MISSING, is_ended=False))
    assert all(step.certainty is Certainty.INFERRED for step in history.transitions)
    assert all("end state has not arrived" in step.reason for step in history.transitions)


_json_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["{}", "[]", "null", "[1]", "[[]]", '{"a":1}', '[{"op":"add"}]', '[{"op":"add","path":"a","value":1}]']
    ),
    st.builds(
        '[{{"op":"{}","path":"{}","from":"{}","value":{}}}]'.format,
        st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "append", "?"]),
        st.sampled_from(["", "/a", "/a/0", "/a/-", "/a/01", "/b/c", "/~", "/a/99999999999999999999"]),
        st.sampled_from(["", "/a", "/a/0", "/b", "/~2"]),
        st.sampled_from(["1", "[]", '{"c":[1,2]}', '"\\u0000<b>"', "[" * 500 + "]" * 500]),
    ),
)
_payloads = st.builds(Payload, st.sampled_from(list(PayloadMode)), st.none() | _json_texts)
_numbers = st.none() | st.integers(-2, 6)


@given(
    st.lists(st.tuples(_payloads, _numbers, _numbers, st.sampled_from("ab"), st.integers(0, 2)), max_size=6),
    _payloads,
    _payloads,
    st.tuples(_numbers, _numbers, _numbers, st.none() | st.booleans(), st.none() | st.just("owner")),
    st.dictionaries(st.sampled_from("ab"), st.integers(-1, 200)),
)
def test_nothing_raises_whatever_is_sent(
    updates: list[tuple[Payload, int | None, int | None, str, int]],
    start: Payload,
    end: Payload,
    said: tuple[int | None, int | None, int | None, bool | None, str | None],
    dropped: dict[str, int],
) -> None:
    events = [
        update(patch, sequence, revision, span=span, at=at, index=index)
        for index, (patch, sequence, revision, span, at) in enumerate(updates)
    ]
    names = ("revision_start", "revision_end", "transition_count", "reconstructable", "owner_span_id")
    history = reconstruct(record(events, start, end, dropped_events=dropped, **dict(zip(names, said, strict=True))))
    look_at_everything(history)
    assert history.summary
