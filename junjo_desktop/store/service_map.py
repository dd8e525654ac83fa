"""Who calls whom: services and what they reach outside as nodes, calls between them as edges. Free of SQL.

A map is put together from parts of its time, which are read one after the other: counts add up exactly, and durations
are kept in narrow buckets, so that a quantile is told within 2 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

STEPS_IN_DOUBLING = 16
"""A duration falls into one of so many buckets for every doubling."""


OTHERS = " others"
"""So ends the name of a node that stands for several."""


class NodeKind(StrEnum):
    """What a node stands for; the values are shown."""

    SERVICE = "service"
    MODEL = "model provider"
    DATABASE = "database"
    MESSAGES = "message queue"
    HOST = "host"


class EdgeKind(StrEnum):
    """How a call is known; the values are shown."""

    CALL = "call"
    """A span of the callee has one of the caller as its parent."""
    LINK = "message"
    """A consumer's span names a producer's in a link."""
    OUTSIDE = "outside call"
    """Only the caller told: the callee sends no telemetry."""


@dataclass(frozen=True, slots=True, order=True)
class NodeKey:
    """What a node is called, among those of its kind."""

    kind: NodeKind
    name: str


@dataclass(slots=True)
class Tally:
    """Counts of calls, and how many took how long, by bucket."""

    calls: int = 0
    errors: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, bucket: int | None, calls: int, errors: int) -> None:
        """Count some more; `bucket` None: nobody knows how long they took."""
        self.calls += calls
        self.errors += errors
        if bucket is not None:
            self.buckets[bucket] = self.buckets.get(bucket, 0) + calls

    def merge(self, other: Tally) -> None:
        """Count what another one counted."""
        self.calls += other.calls
        self.errors += other.errors
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    @property
    def error_share(self) -> float:
        """How many failed, from 0 to 1."""
        return self.errors / self.calls if self.calls else 0.0

    def quantile_ns(self, share: float) -> int | None:
        """Return within 2 % how long `share` of them took at most, None when nobody knows."""
        total = sum(self.buckets.values())
        if not total:
            return None
        wanted, seen = max(1, math.ceil(share * total)), 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= wanted:
                return middle_ns(bucket)
        raise AssertionError("the last bucket ends the sum")


def middle_ns(bucket: int) -> int:
    """Return the duration in the middle of a bucket."""
    return round(2 ** ((bucket + 0.5) / STEPS_IN_DOUBLING))


@dataclass(slots=True)
class Node:
    """A service with its requests and all its spans, or something outside with the calls to it."""

    key: NodeKey
    requests: Tally = field(default_factory=Tally)
    spans: int = 0
    errors: int = 0


@dataclass(slots=True)
class Edge:
    """Calls from one node to another."""

    tail: NodeKey
    head: NodeKey
    kind: EdgeKind
    tally: Tally = field(default_factory=Tally)


EdgeKey = tuple[NodeKey, NodeKey, EdgeKind]


@dataclass(slots=True)
class ServiceMap:
    """A map of what was read so far. `untold` counts calls to the outside that do not say whereto."""

    nodes: dict[NodeKey, Node] = field(default_factory=dict)
    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    spans: int = 0
    untold: int = 0

    def node(self, key: NodeKey) -> Node:
        """Return a node, made when it is not there."""
        return self.nodes.setdefault(key, Node(key))

    def edge(self, tail: NodeKey, head: NodeKey, kind: EdgeKind) -> Edge:
        """Return an edge, made with its nodes when it is not there."""
        self.node(tail)
        self.node(head)
        return self.edges.setdefault((tail, head, kind), Edge(tail, head, kind))

    def merge(self, other: ServiceMap) -> None:
        """Add what another part of the time told."""
        self.spans += other.spans
        self.untold += other.untold
        for key, node in other.nodes.items():
            mine = self.node(key)
            mine.requests.merge(node.requests)
            mine.spans += node.spans
            mine.errors += node.errors
        for (tail, head, kind), edge in other.edges.items():
            self.edge(tail, head, kind).tally.merge(edge.tally)

    def shown(self, *, with_outside: bool, most_outside: int) -> ServiceMap:
        """Return what is drawn. What only the caller told of a service that is known is a call like others.

        Of what lies outside at most so many nodes, those called most; the others are put together by kind.
        """
        drawn = ServiceMap(spans=self.spans, untold=self.untold)
        for node in self.nodes.values():
            if node.key.kind is NodeKind.SERVICE:
                copy = drawn.node(node.key)
                copy.requests.merge(node.requests)
                copy.spans, copy.errors = node.spans, node.errors
        names = _shown_names(self._outside_calls(), most_outside) if with_outside else {}
        for edge in self.edges.values():
            head = _known(edge.head, self.nodes)
            if head.kind is not NodeKind.SERVICE:
                if not with_outside:
                    continue
                head = names.get(head, head)
                drawn.node(head).requests.merge(edge.tally)
            if head != edge.tail:
                is_known = edge.kind is EdgeKind.OUTSIDE and head.kind is NodeKind.SERVICE
                drawn.edge(edge.tail, head, EdgeKind.CALL if is_known else edge.kind).tally.merge(edge.tally)
        return drawn

    def _outside_calls(self) -> dict[NodeKey, int]:
        calls: dict[NodeKey, int] = {}
        for edge in self.edges.values():
            head = _known(edge.head, self.nodes)
            if head.kind is not NodeKind.SERVICE:
                calls[head] = calls.get(head, 0) + edge.tally.calls
        return calls


def _known(key: NodeKey, nodes: Mapping[NodeKey, Node]) -> NodeKey:
    """Return the service that is meant by a host's name, else what was told."""
    if key.kind is not NodeKind.HOST:
        return key
    as_service = NodeKey(NodeKind.SERVICE, key.name)
    return as_service if as_service in nodes else key


def _shown_names(calls: Mapping[NodeKey, int], most: int) -> dict[NodeKey, NodeKey]:
    ranked = sorted(calls, key=lambda key: (-calls[key], key))
    left: dict[NodeKind, list[NodeKey]] = {}
    for key in ranked[most:]:
        left.setdefault(key.kind, []).append(key)
    return {
        key: NodeKey(kind, f"{len(keys):,}{OTHERS}" if len(keys) > 1 else key.name)
        for kind, keys in left.items()
        for key in keys
    }


def merged(parts: Iterable[ServiceMap]) -> ServiceMap:
    """Return one map of several parts."""
    whole = ServiceMap()
    for part in parts:
        whole.merge(part)
    return whole
