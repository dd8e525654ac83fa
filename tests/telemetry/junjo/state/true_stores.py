"""Stores whose every state is known, and what telemetry tells of them when some of it is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jsonpatch
from hypothesis import strategies as st

from junjo_desktop.telemetry.junjo.events import StateEvent
from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.payload import Payload, PayloadMode
from junjo_desktop.telemetry.junjo.state import ABSENT, Certainty, StateValue, StoreHistory
from junjo_desktop.telemetry.junjo.state.sameness import is_same
from junjo_desktop.telemetry.junjo.store_record import StoreRecord

MISSING = Payload(PayloadMode.MISSING)


def full(value: Any) -> Payload:
    """A slot with a value."""
    return Payload(PayloadMode.FULL, json.dumps(value))


def update(
    patch: Any, sequence: int | None, revision: int | None = None, *, span: str = "a", at: int = 0, index: int = 0
) -> StateEvent:
    """An update; `revision` is that before it, and one more after it unless the patch is empty."""
    after = None if revision is None else revision + (1 if patch else 0)
    return StateEvent(
        event_id=f"event-{span}-{sequence}-{at}-{index}",
        store_id="store",
        store_name="Store",
        action="set",
        patch=patch if isinstance(patch, Payload) else full(patch),
        sequence=sequence,
        revision_before=revision,
        revision_after=after,
        time_ns=at,
        span_id=span,
        arrival=0,
        index=index,
    )


def record(events: Sequence[StateEvent], start: Payload = MISSING, end: Payload = MISSING, **more: Any) -> StoreRecord:
    """A store of a workflow that has ended."""
    fields: dict[str, Any] = {
        "store_id": "store",
        "name": "Store",
        "owner_span_id": "owner",
        "owner_type": ExecutableType.WORKFLOW,
        "parent_store_id": None,
        "start": start,
        "end": end,
        "is_ended": True,
        "revision_start": None,
        "revision_end": None,
        "transition_count": None,
        "reconstructable": None,
        "events": tuple(events),
    }
    return StoreRecord(**{**fields, **more})


@dataclass
class TrueStore:
    """`states` has one more than there are updates; `spans` says which span carries each update."""

    states: list[Any]
    spans: list[str]
    is_numbered: bool
    events: list[StateEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        revision = 0
        for number, (before, after, span) in enumerate(
            zip(self.states, self.states[1:], self.spans, strict=False), start=1
        ):
            patch = jsonpatch.make_patch(before, after).patch
            if self.is_numbered:
                event = update(patch, number, revision, span=span, at=number, index=number)
            else:
                event = update(patch or {}, None, span=span, at=number, index=number)
            self.events.append(event)
            revision += bool(patch)
        self.revision = revision

    def whole(self) -> StoreRecord:
        """All of it arrived."""
        numbers = {"revision_start": 0, "revision_end": self.revision, "transition_count": len(self.events)}
        return record(self.events, full(self.states[0]), full(self.states[-1]), **(numbers if self.is_numbered else {}))

    def without_owner(self) -> StoreRecord:
        """The span of the owner has not arrived."""
        return record(self.events, owner_span_id=None, owner_type=None, is_ended=False)

    def truth(self, event: StateEvent) -> tuple[Any, Any]:
        """The states before and after an update."""
        return self.states[event.time_ns - 1], self.states[event.time_ns]


def untrue(store: TrueStore, history: StoreHistory) -> list[str]:
    """Return every state that is called exact and is not what was."""
    wrong: list[str] = []

    def check(said: StateValue, was: Any, what: str) -> None:
        if said.certainty is Certainty.EXACT and not is_same(said.value, was):
            wrong.append(f"{what}: {said.value} is not {was}")
        if said.certainty is Certainty.UNKNOWN and said.is_known:
            wrong.append(f"{what}: a value of which nothing is known")
        if (said.certainty is Certainty.EXACT) == bool(said.reason):
            wrong.append(f"{what}: {said.certainty} because {said.reason!r}")

    for step in history.transitions:
        before, after = store.truth(step.event)
        check(history.state_before(step.position), before, f"before {step.event.event_id}")
        check(history.state_after(step.position), after, f"after {step.event.event_id}")
    check(history.start, store.states[0], "start")
    check(history.end, store.states[-1], "end")
    return wrong


def look_at_everything(history: StoreHistory) -> None:
    """Ask a history all that can be asked."""
    for step in history.transitions:
        history.state_before(step.position)
        history.state_after(step.position)
        history.changes(step.position)
    for pointer in ("", "/", "/a", "/a/0", "/a/-", "/b/c", "no pointer", "/~2"):
        history.path_history(pointer)


def with_redacted(events: Sequence[StateEvent], positions: set[int]) -> list[StateEvent]:
    """The same updates, some with a patch that was redacted."""
    redacted = Payload(PayloadMode.REDACTED, None, "policy", None, "The patch was redacted.")
    return [replace(event, patch=redacted) if position in positions else event for position, event in enumerate(events)]


# Few names and values, so that updates meet: they undo, repeat and move each other's work.
_leaves = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "x", "y", "a/b", "~"]), st.just(1.5)
)
documents = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b", "c", "0", "a/b", "~", ""]), inner)
    ),
    max_leaves=10,
)
_objects = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), documents, max_size=4)


@st.composite
def true_stores(draw: st.DrawFn, *, numbered: bool | None = None, longest: int = 8) -> TrueStore:
    """Chains of random states, made by up to three spans in turn."""
    states = draw(st.lists(_objects, min_size=1, max_size=longest + 1))
    count = len(states) - 1
    spans = draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count))
    is_numbered = draw(st.booleans()) if numbered is None else numbered
    return TrueStore(states, spans, is_numbered)


def absent_as_text(value: Any) -> Any:
    """A value that can be compared in a test, also where there is none."""
    return "(absent)" if value is ABSENT else value
