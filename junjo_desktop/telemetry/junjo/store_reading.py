"""The stores that a run has or changes, gathered from the whole trace: an update sits on whatever span was current."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from junjo_desktop.telemetry.junjo.attributes import attributes_of, bool_of, int_of, text_of
from junjo_desktop.telemetry.junjo.events import SpanEvents, StateEvent
from junjo_desktop.telemetry.junjo.executable import ExecutableType
from junjo_desktop.telemetry.junjo.payload import Payload, missing_payload, payload_of
from junjo_desktop.telemetry.junjo.store_record import StoreRecord
from junjo_desktop.telemetry.junjo.trace_tree import TraceTree
from junjo_desktop.telemetry.span import Span

WORKFLOW_STORE_ID = "junjo.workflow.store.id"
AGENT_STORE_ID = "junjo.agent.store.id"

_NOT_ARRIVED = "The span of its owner has not arrived."


class StoreReading:
    """Reads the stores of one run (`ids`: its spans, parents first) out of its trace."""

    def __init__(self, tree: TraceTree, ids: Sequence[str], events: Mapping[str, SpanEvents]) -> None:
        self._tree = tree
        self._ids = ids
        self._all_events = events
        self._owners: dict[str, list[str]] = {}
        for owner in tree.owners():
            span = tree.spans.get(owner.span_id)
            store_id = store_id_of(span) if span is not None else None
            if store_id is not None:
                self._owners.setdefault(store_id, []).append(owner.span_id)
        self._updates: dict[str, list[StateEvent]] = {}
        for span_id in tree.spans:
            for update in events[span_id].state:
                self._updates.setdefault(update.store_id, []).append(update)

        self._losers = [id_ for id_, span in tree.spans.items() if span.dropped_events_count > 0]

    def records(self) -> tuple[StoreRecord, ...]:
        """Return the stores of the run's owners, in order of the tree, then those of nobody known, then those outside.

        A store without a known owner is the run's own as long as the owner of a store in the run is missing.
        """
        within = set(self._ids)
        owned = {store: own for store, owners in self._owners.items() if (own := [o for o in owners if o in within])}
        order = {id_: place for place, id_ in enumerate(self._ids)}
        stores = sorted(owned, key=lambda store: order[owned[store][0]])
        records = [self._record(store, owned[store][0]) for store in stores]
        changed = dict.fromkeys(update.store_id for id_ in self._ids for update in self._of(id_))
        strange = [store for store in changed if store not in owned]
        if any(self._tree.is_owner(id_) and id_ not in self._tree.spans for id_ in self._ids):
            records.extend(self._record(store, None) for store in strange if store not in self._owners)
            strange = [store for store in strange if store in self._owners]
        for store in strange:
            owners = self._owners.get(store)
            records.append(self._record(store, self._around(owners) if owners else None, is_outside=True))
        return tuple(records)

    def _of(self, id_: str) -> tuple[StateEvent, ...]:
        return self._all_events[id_].state if id_ in self._tree.spans else ()

    def _around(self, owners: Sequence[str]) -> str:
        above = set(self._tree.above(self._ids[0]))
        return next((owner for owner in owners if owner in above), owners[0])

    def _record(self, store_id: str, owner_id: str | None, *, is_outside: bool = False) -> StoreRecord:
        notes: list[str] = []
        updates = self._updates_of(store_id, owner_id, notes)
        span = self._tree.spans[owner_id] if owner_id is not None else None
        executable = self._tree.executables[owner_id] if owner_id is not None else None
        attributes = attributes_of(span) if span is not None else {}
        start, end = _ends(span, executable.type if executable is not None else None)
        names = Counter(update.store_name for update in updates)
        return StoreRecord(
            store_id=store_id,
            name=max(names, key=lambda name: names[name]) if names else "",
            owner_span_id=owner_id,
            owner_type=executable.type if executable is not None else None,
            parent_store_id=text_of(attributes, "junjo.workflow.parent_store.id"),
            start=start,
            end=end,
            is_ended=executable is not None and executable.end_ns is not None,
            revision_start=int_of(attributes, "junjo.store.revision.start"),
            revision_end=int_of(attributes, "junjo.store.revision.end"),
            transition_count=int_of(attributes, "junjo.store.transition.count"),
            reconstructable=bool_of(attributes, "junjo.store.reconstructable"),
            events=tuple(updates),
            dropped_events=self._dropped(updates, owner_id),
            notes=tuple(notes),
            is_outside=is_outside,
            missing_spans=0 if owner_id is None else self._missing_within(owner_id),
        )

    def _updates_of(self, store_id: str, owner_id: str | None, notes: list[str]) -> list[StateEvent]:
        """All updates of a store; if several owners had it one after the other, those made within this one."""
        updates = self._updates.get(store_id, [])
        others = [owner for owner in self._owners.get(store_id, ()) if owner != owner_id]
        if not others or owner_id is None:
            return updates
        notes.append(f"{len(others) + 1} executions of this trace used this store; only the updates of one are here.")
        own = {id_ for id_, _ in self._tree.walk(owner_id)}
        theirs = {id_ for other in others if other in own for id_, _ in self._tree.walk(other)}
        return [update for update in updates if update.span_id in own and update.span_id not in theirs]

    def _dropped(self, updates: Iterable[StateEvent], owner_id: str | None) -> dict[str, int]:
        """Spans that lost events and carry updates of this store, or are within its owner, where any span may have."""
        carriers = dict.fromkeys(update.span_id for update in updates)
        for id_ in self._losers:
            if owner_id is not None and (id_ == owner_id or owner_id in self._tree.above(id_)):
                carriers[id_] = None
        spans = (self._tree.spans[id_] for id_ in carriers if id_ in self._tree.spans)
        return {span.span_id: span.dropped_events_count for span in spans if span.dropped_events_count > 0}

    def _missing_within(self, owner_id: str) -> int:
        spans = (self._tree.spans.get(id_) for id_, _ in self._tree.walk(owner_id) if id_ != owner_id)
        parents = {span.parent_span_id for span in spans if span is not None}
        return len(parents - self._tree.spans.keys() - {None})


def store_id_of(owner: Span) -> str | None:
    """The store of a workflow, subflow or agent."""
    return text_of(attributes_of(owner), WORKFLOW_STORE_ID, AGENT_STORE_ID)


def _ends(span: Span | None, type_: ExecutableType | None) -> tuple[Payload, Payload]:
    if span is None:
        return missing_payload(_NOT_ARRIVED), missing_payload(_NOT_ARRIVED)
    attributes = attributes_of(span)
    part = "agent" if type_ is ExecutableType.AGENT else "workflow"
    return payload_of(attributes, f"junjo.{part}.state.start"), payload_of(attributes, f"junjo.{part}.state.end")
