"""Which calls enter sums, where spans within each other, or two instrumentations, tell of the same call."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.span import Span

_MOST_AROUND = 100
"""Calls around a call that are looked at: no framework nests a tenth of that."""

Spot: TypeAlias = tuple[str, str]
"""Trace id and span id."""

_Sums: TypeAlias = tuple[int | None, int | None]
_NO_SUMS: _Sums = (None, None)


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

    `parents` gives the parent of each known span, of any kind. Spans with one response id and one usage tell of one
    call, and so do those of two instrumentations for one model with one usage, one of which lasts within the other, and
    Logfire's two for a stream; the one that tells most counts. Of other calls within each other only the deepest with
    usage count: what is above repeats them. A call without usage counts as one, unless one is within it.
    """
    known = {sighting.spot: sighting for sighting in sightings}
    around = _Around(known, parents)
    group_of = _groups(known, around)
    repeats = {
        above
        for spot in known
        for above in around.calls(spot)
        if group_of[above] != group_of[spot] and (_is_carrier(known[spot]) or not _is_carrier(known[above]))
    }
    best: dict[Spot, Spot] = {}
    for spot, sighting in known.items():
        group = group_of[spot]
        if spot not in repeats and (group not in best or _telling(sighting) > _telling(known[best[group]])):
            best[group] = spot
    return frozenset(best.values())


class _Around:
    """The calls around calls. Spans in a ring, which can be sent, have none around them."""

    def __init__(self, known: Mapping[Spot, Sighting], parents: Mapping[Spot, str | None]) -> None:
        self._known = known
        self._parents = parents
        self._nearest: dict[Spot, Spot | None] = {}

    def calls(self, spot: Spot) -> tuple[Spot, ...]:
        """Return the calls around a span, the nearest first."""
        seen: dict[Spot, None] = {spot: None}
        above = self._above(spot)
        while above is not None and len(seen) <= _MOST_AROUND:
            if above in seen:
                return ()
            seen[above] = None
            above = self._above(above)
        return tuple(seen)[1:]

    def _above(self, spot: Spot) -> Spot | None:
        """Return the nearest call around a span; every span on the way is walked once."""
        way: list[Spot] = []
        here, found = spot, None
        seen: set[Spot] = set()
        while here not in self._nearest:
            parent = self._parents.get(here)
            way.append(here)
            seen.add(here)
            if parent is None or (above := (spot[0], parent)) in seen:
                break
            if above in self._known:
                found = above
                break
            here = above
        else:
            found = self._nearest[here]
        self._nearest.update(dict.fromkeys(way, found))
        return found


def _groups(known: Mapping[Spot, Sighting], around: _Around) -> dict[Spot, Spot]:
    """Return for each span the one that stands for its call."""
    stands: dict[Spot, Spot] = {}
    answers = _Answers()

    def root(spot: Spot) -> Spot:
        while stands[spot] != spot:
            stands[spot] = spot = stands[stands[spot]]
        return spot

    for sighting in sorted(known.values(), key=lambda one: one.start_ns):
        stands[sighting.spot] = answers.first(sighting).spot
    for outer, inner in (*_twins(known.values(), around), *_streams(known.values())):
        stands[root(inner.spot)] = root(outer.spot)
    return {spot: root(spot) for spot in known}


class _Answers:
    """What was seen by response id, by start. Small servers on this computer give the same few ids again and again."""

    def __init__(self) -> None:
        self._by_usage: dict[tuple[str, _Sums], Sighting] = {}
        self._latest: dict[str, dict[str, Sighting]] = {}

    def first(self, sighting: Sighting) -> Sighting:
        """Return the first that tells of the same answer; the sighting itself where there is none before it."""
        identity = sighting.call.response_id
        if identity is None:
            return sighting
        latest = self._latest.setdefault(identity, {})
        same = self._same(identity, sighting, latest) or sighting
        self._by_usage.setdefault((identity, _sums(sighting.call)), same)
        latest[sighting.scope_name] = sighting
        return same

    def _same(self, identity: str, sighting: Sighting, latest: Mapping[str, Sighting]) -> Sighting | None:
        """Find one with the same usage, or where one tells none, or as another instrumentation counts it."""
        sums = _sums(sighting.call)
        if sums == _NO_SUMS and latest:
            return next(iter(latest.values()))
        same = self._by_usage.get((identity, sums)) or self._by_usage.get((identity, _NO_SUMS))
        others = (other for name, other in latest.items() if name != sighting.scope_name)
        return same or next((other for other in others if sighting.start_ns <= other.end_ns), None)


def _twins(sightings: Iterable[Sighting], around: _Around) -> Iterator[tuple[Sighting, Sighting]]:
    """Yield pairs of which the one is the other, seen by another instrumentation; each is in one pair at most."""
    alike: dict[object, dict[str, list[Sighting]]] = {}
    for sighting in sorted(sightings, key=lambda one: (one.start_ns, -one.end_ns)):
        call = sighting.call
        kind = (call.operation, call.error is None, _sums(call))
        alike.setdefault(kind, {}).setdefault(sighting.scope_name, []).append(sighting)
    for by_scope in alike.values():
        paired: set[Spot] = set()
        for scope_name, outers in by_scope.items():
            others = [told for name, told in by_scope.items() if name != scope_name]
            for outer in tuple(outers) if others else ():
                inner = None if outer.spot in paired else _inner_of(outer, others, paired, around)
                if inner is not None:
                    paired |= {outer.spot, inner.spot}
                    yield outer, inner


def _inner_of(outer: Sighting, others: Iterable[list[Sighting]], paired: set[Spot], around: _Around) -> Sighting | None:
    """Take, out of what other instrumentations saw (by start), the first that lasts within this call and is it."""
    for candidates in others:
        at = bisect_left(candidates, outer.start_ns, key=lambda one: one.start_ns)
        while at < len(candidates) and candidates[at].start_ns <= outer.end_ns:
            inner = candidates[at]
            if inner.end_ns <= outer.end_ns and inner.spot not in paired and _is_same(outer, inner, around):
                return candidates.pop(at)
            at += 1
    return None


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


def _is_same(outer: Sighting, inner: Sighting, around: _Around) -> bool:
    one, other = outer.call, inner.call
    if one.response_id and other.response_id:
        return False  # what has ids is told apart by them
    is_within = outer.spot in around.calls(inner.spot)
    is_beside = outer.parent_span_id is None and inner.parent_span_id is None
    models = {one.request_model, one.response_model} & {other.request_model, other.response_model}
    return (is_within or is_beside) and bool(models - {None})


def _sums(call: LlmCall) -> _Sums:
    return _NO_SUMS if call.usage is None else (call.usage.input_tokens, call.usage.output_tokens)


def _is_carrier(sighting: Sighting) -> bool:
    return _sums(sighting.call) != _NO_SUMS


def _telling(sighting: Sighting) -> tuple[bool, int]:
    messages = (*sighting.call.input_messages, *sighting.call.output_messages)
    return _is_carrier(sighting), sum(len(message.parts) for message in messages)
