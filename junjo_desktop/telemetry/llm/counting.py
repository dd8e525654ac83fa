"""Which calls enter sums, where spans within each other, or two instrumentations, tell of the same call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.span import Span

Spot: TypeAlias = tuple[str, str]
"""Trace id and span id."""


@dataclass(frozen=True)
class Sighting:
    """A call as one span tells of it. Times in ns."""

    call: LlmCall
    scope_name: str
    parent_span_id: str | None
    start_ns: int
    end_ns: int

    @classmethod
    def of(cls, call: LlmCall, span: Span) -> Sighting:
        """Return the sighting that a span is."""
        return cls(call, span.scope.name, span.parent_span_id, span.start_time_unix_nano, span.end_time_unix_nano)

    @property
    def spot(self) -> Spot:
        """Which span it is."""
        return self.call.trace_id, self.call.span_id


def counted(sightings: Iterable[Sighting], parents: Mapping[Spot, str | None]) -> frozenset[Spot]:
    """Return the spans whose calls count, each call once.

    `parents` gives the parent of each known span, of any kind. Spans with one response id tell of one call, and so do
    those of two instrumentations for one model with one usage, one of which lasts within the other, and Logfire's two
    for a stream; the one that tells most counts. Of other calls within each other only the deepest with usage count:
    what is above repeats them. A call without usage counts as one, unless one is within it.
    """
    known = {sighting.spot: sighting for sighting in sightings}
    group_of = _groups(known, parents)
    outer = {spot: [above for above in _above(spot, parents) if above in known] for spot in known}
    repeats = {
        above
        for spot, around in outer.items()
        for above in around
        if group_of[above] != group_of[spot] and (_is_carrier(known[spot]) or not _is_carrier(known[above]))
    }
    best: dict[Spot, Spot] = {}
    for spot, sighting in known.items():
        group = group_of[spot]
        if spot not in repeats and (group not in best or _telling(sighting) > _telling(known[best[group]])):
            best[group] = spot
    return frozenset(best.values())


def _groups(known: Mapping[Spot, Sighting], parents: Mapping[Spot, str | None]) -> dict[Spot, Spot]:
    """Return for each span the one that stands for its call."""
    by_id: dict[str, Spot] = {}
    group_of: dict[Spot, Spot] = {}
    for spot, sighting in known.items():
        identity = sighting.call.response_id
        group_of[spot] = spot if identity is None else by_id.setdefault(identity, spot)
    told = list(known.values())
    for outer, inner in (*_twins(told, parents), *_streams(told)):
        group, other = group_of[outer.spot], group_of[inner.spot]
        if group != other:
            group_of.update((spot, group) for spot, own in tuple(group_of.items()) if own == other)
    return group_of


def _twins(sightings: list[Sighting], parents: Mapping[Spot, str | None]) -> Iterator[tuple[Sighting, Sighting]]:
    """Yield pairs of which the one is the other, seen by another instrumentation; each is in one pair at most."""
    if len({sighting.scope_name for sighting in sightings}) < 2:
        return
    sightings.sort(key=lambda one: (one.start_ns, -one.end_ns))
    paired: set[Spot] = set()
    for at, outer in enumerate(sightings):
        for inner in _during(outer, sightings, at + 1):
            if not {outer.spot, inner.spot} & paired and _is_same(outer, inner, parents):
                paired |= {outer.spot, inner.spot}
                yield outer, inner


def _streams(sightings: Iterable[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    """Yield pairs of the asking and the answer of one stream: a span without an answer, and one without a length."""
    waiting: dict[object, list[Sighting]] = {}
    for sighting in sorted(sightings, key=lambda one: one.start_ns):
        call = sighting.call
        place = (call.trace_id, sighting.parent_span_id) if sighting.parent_span_id else None
        about = (place, sighting.scope_name, call.request_model)
        if sighting.start_ns < sighting.end_ns and not (call.output_messages or _is_carrier(sighting) or call.error):
            waiting.setdefault(about, []).append(sighting)
        elif sighting.start_ns == sighting.end_ns:
            asked = [one for one in waiting.get(about, []) if one.call.input_messages == call.input_messages]
            if asked:
                waiting[about].remove(asked[0])
                yield asked[0], sighting


def _during(outer: Sighting, sightings: Sequence[Sighting], start: int) -> Iterator[Sighting]:
    for at in range(start, len(sightings)):
        if sightings[at].start_ns > outer.end_ns:
            return
        if sightings[at].end_ns <= outer.end_ns:
            yield sightings[at]


def _is_same(outer: Sighting, inner: Sighting, parents: Mapping[Spot, str | None]) -> bool:
    one, other = outer.call, inner.call
    if outer.scope_name == inner.scope_name or (one.response_id and other.response_id):
        return False  # what has ids is told apart by them
    is_within = outer.spot in _above(inner.spot, parents)
    is_beside = outer.parent_span_id is None and inner.parent_span_id is None
    models = {one.request_model, one.response_model} & {other.request_model, other.response_model}
    return (
        (is_within or is_beside)
        and bool(models - {None})
        and one.operation == other.operation
        and (one.error is None) == (other.error is None)
        and _sums(one) == _sums(other)
    )


def _sums(call: LlmCall) -> tuple[int | None, int | None]:
    return (None, None) if call.usage is None else (call.usage.input_tokens, call.usage.output_tokens)


def _is_carrier(sighting: Sighting) -> bool:
    return _sums(sighting.call) != (None, None)


def _above(spot: Spot, parents: Mapping[Spot, str | None]) -> tuple[Spot, ...]:
    """Return the spans around one, the nearest first; none where they are a ring, which can be sent."""
    trace_id, _ = spot
    seen: dict[Spot, None] = {spot: None}
    while (parent := parents.get(spot)) is not None:
        spot = (trace_id, parent)
        if spot in seen:
            return ()
        seen[spot] = None
    return tuple(seen)[1:]


def _telling(sighting: Sighting) -> tuple[bool, int]:
    messages = (*sighting.call.input_messages, *sighting.call.output_messages)
    return _is_carrier(sighting), sum(len(message.parts) for message in messages)
