"""The spans of one trace as a tree in which nothing is lost: parents that did not arrive have their place in it.

A span stands under its physical parent (OpenTelemetry's). Where that has not arrived, `orphans` finds it a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from junjo_desktop.telemetry.junjo.executable import OWNER_TYPES, Executable, executable_of
from junjo_desktop.telemetry.junjo.graph import Graph
from junjo_desktop.telemetry.junjo.known_graphs import KnownGraphs
from junjo_desktop.telemetry.junjo.orphans import Placing
from junjo_desktop.telemetry.span import Span


class TraceTree:
    """Parents and children by span id. Executables that have not arrived are in `executables`, but not in `spans`."""

    def __init__(self, spans: Sequence[Span], graphs: Mapping[str, Graph] | None = None) -> None:
        """Take the spans, and graphs of other traces by structural id (see `known_graphs`)."""
        self.spans = {span.span_id: span for span in sorted(spans, key=lambda span: span.arrival)}
        arrived = {id_: found for id_, span in self.spans.items() if (found := executable_of(span)) is not None}
        self.graphs = KnownGraphs(self.spans, arrived, graphs or {})
        placing = Placing(self.spans, arrived, self.graphs)
        self.executables: dict[str, Executable] = {**arrived, **placing.missing}
        self.parents = placing.parents
        self.assumed = placing.assumed
        """Spans that stand where they do for want of any other place."""
        self.unplaced = placing.unplaced
        """Spans whose parent has not arrived, and which are in no run."""
        self.is_cyclic = False
        self._cut_cycles()
        self._children: dict[str, list[str]] = {}
        for child in sorted(self._ids(), key=self.order):
            parent = self.parents.get(child)
            if parent is not None:
                self._children.setdefault(parent, []).append(child)

    def children(self, id_: str) -> Sequence[str]:
        """The ids right under this one, in order of start."""
        return self._children.get(id_, ())

    def walk(self, top: str) -> Iterator[tuple[str, int]]:
        """Yield the ids of a subtree and their depth (0 for the top), parents first, in order of start."""
        open_ids = [(top, 0)]
        while open_ids:
            id_, depth = open_ids.pop()
            yield id_, depth
            open_ids.extend((child, depth + 1) for child in reversed(self._children.get(id_, ())))

    def above(self, id_: str) -> Iterator[str]:
        """Yield parent, grandparent, and so on."""
        parent = self.parents.get(id_)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def owner_above(self, id_: str) -> str | None:
        """The nearest workflow, subflow or agent around this one."""
        return next((above for above in self.above(id_) if self.is_owner(above)), None)

    def is_owner(self, id_: str) -> bool:
        """Whether this is a workflow, subflow or agent."""
        executable = self.executables.get(id_)
        return executable is not None and executable.type in OWNER_TYPES

    def owners(self) -> list[Executable]:
        """All workflows, subflows and agents, in order of start."""
        owners = [found for found in self.executables.values() if found.type in OWNER_TYPES]
        return sorted(owners, key=lambda owner: self.order(owner.span_id))

    def start_of(self, id_: str) -> int:
        """When it started, in ns; for what has not arrived, when its first child did."""
        span = self.spans.get(id_)
        return self.executables[id_].start_ns if span is None else span.start_ns

    def _ids(self) -> Iterable[str]:
        yield from self.spans
        yield from (id_ for id_ in self.executables if id_ not in self.spans)

    def order(self, id_: str) -> tuple[int, int]:
        """Sort by this for the order of start; what has not arrived comes before what started with it."""
        span = self.spans.get(id_)
        return self.start_of(id_), -1 if span is None else span.arrival

    def _cut_cycles(self) -> None:
        """Make the first to start of each circle of parents a root."""
        sound: set[str] = set()
        for id_ in list(self.parents):
            path: dict[str, None] = {}
            walk: str | None = id_
            while walk is not None and walk not in sound and walk not in path:
                path[walk] = None
                walk = self.parents.get(walk)
            if walk is not None and walk in path:
                self.is_cyclic = True
                ids = list(path)
                del self.parents[min(ids[ids.index(walk) :], key=self.order)]
            sound.update(path)
