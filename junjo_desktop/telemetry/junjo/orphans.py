"""Places for spans whose parent has not arrived, and the executables that only such spans tell of.

Spans are sent when they end, so the parents of a run in progress are missing, and so are those of a program that was
killed. What is known of a missing parent, best first:

1. Nodes, groups, subflows and an agent's requests and calls run right under the executable that they name: the missing
   span is that executable.
2. A workflow or agent names the executable that it runs in: the missing span is that one, or within it; in either case
   all of its children are.
3. Nothing. They are put under the only workflow or agent of the trace that was running all the time, if there is just
   one, and marked as assumed; not so where a workflow or agent is among them that says it runs in nothing. The same
   holds for missing executables, of which nobody tells where they ran: that of a graph is looked for in graphs first.

In G0 an id comes again with each run of the same object; a parent counts only if it ran when the child started.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from junjo_desktop.telemetry.junjo.attributes import attributes_of, text_of
from junjo_desktop.telemetry.junjo.executable import OWNER_TYPES, Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.graph import GraphNode, NodeKind
from junjo_desktop.telemetry.junjo.known_graphs import KnownGraphs
from junjo_desktop.telemetry.span import Span

AGENT_RUNTIME_ID = "junjo.agent.runtime_id"

_BY_PREFIX = (
    ("agent_", ExecutableType.AGENT),
    ("graph_", ExecutableType.WORKFLOW),  # or a subflow: that its children do not tell
    ("node_", ExecutableType.RUN_CONCURRENT),  # nothing else runs nodes
)

_BY_KIND = {
    NodeKind.NODE: ExecutableType.NODE,
    NodeKind.CONCURRENT: ExecutableType.RUN_CONCURRENT,
    NodeKind.SUBFLOW: ExecutableType.SUBFLOW,
}


@dataclass(frozen=True)
class _Link:
    """What an orphan says of the executable around it. `is_direct`: there is nothing in between."""

    runtime_id: str
    definition_id: str | None
    structural_id: str | None
    type: ExecutableType | None
    is_direct: bool


class Placing:
    """Decides on all parents of a trace. Reads `spans` and `arrived` (by span id), fills the rest."""

    def __init__(self, spans: Mapping[str, Span], arrived: Mapping[str, Executable], graphs: KnownGraphs) -> None:
        self.parents: dict[str, str] = {}
        self.missing: dict[str, Executable] = {}
        self.assumed: set[str] = set()
        self.unplaced: set[str] = set()
        self._spans = spans
        self._arrived = arrived
        self._missing_owners: dict[str, str] = {}
        self._tops: list[Executable] | None = None
        self._last_ns: dict[str, int] = {}
        self._graphs = graphs
        self._by_runtime_id: dict[str, list[Executable]] = {}
        self._alike: dict[str, Executable] = {}
        self._top_definitions: set[str] = set()
        for executable in arrived.values():
            for id_ in (executable.definition_id, executable.structural_id):
                if id_ is not None:
                    self._alike.setdefault(id_, executable)
            if executable.definition_id is not None and executable.parent_runtime_id is None:
                self._top_definitions.add(executable.definition_id)
            if executable.runtime_id is not None:
                self._by_runtime_id.setdefault(executable.runtime_id, []).append(executable)
        orphans: dict[str | None, list[Span]] = {}
        for span in spans.values():
            parent = span.parent_span_id
            if parent is not None and parent in spans:
                self.parents[span.span_id] = parent
            else:
                orphans.setdefault(parent, []).append(span)
        self._place_all(orphans)

    def _place_all(self, orphans: dict[str | None, list[Span]]) -> None:
        groups: list[tuple[str | None, list[Span]]] = [(None, [span]) for span in orphans.pop(None, ())]
        groups.extend((missing, sorted(group, key=_by_start)) for missing, group in orphans.items())
        groups.sort(key=lambda group: _by_start(group[1][0]))
        waiting = [group for group in groups if not self._place_direct(*group)]
        waiting = [group for group in waiting if not self._place_within(*group)]
        self._place_missing()
        self._tops = None
        for _, group in waiting:
            self._assume(group)

    def _place_direct(self, missing: str | None, group: list[Span]) -> bool:
        for span in group:
            link = self._link(span)
            if link is not None and link.is_direct:
                parent = self._arrived_for(link, span)
                if parent is None and missing is None:
                    parent = self._missing_for(link)
                return self._put_under(parent or self._miss(missing or link.runtime_id, link, group), group)
        return False

    def _place_within(self, missing: str | None, group: list[Span]) -> bool:
        for span in group:
            link = self._link(span)
            if link is not None:
                parent = self._arrived_for(link, span) or self._missing_for(link)
                if parent is None and missing is not None:
                    is_owner = link.type in OWNER_TYPES or _type_by(link.structural_id) in OWNER_TYPES
                    parent = self._miss(link.runtime_id if is_owner else missing, link, group)
                return self._put_under(parent, group)
        return False

    def _put_under(self, parent: str | None, group: Iterable[Span]) -> bool:
        if parent is None:
            return False
        for span in group:
            if span.span_id != parent:
                self.parents[span.span_id] = parent
        return True

    def _link(self, span: Span) -> _Link | None:
        executable = self._arrived.get(span.span_id)
        if executable is None:
            agent = text_of(attributes_of(span), AGENT_RUNTIME_ID) if AGENT_RUNTIME_ID in span.attributes else None
            return None if agent is None else _Link(agent, None, None, ExecutableType.AGENT, is_direct=True)
        if executable.parent_runtime_id is None:
            return None
        is_direct = executable.type not in (ExecutableType.WORKFLOW, ExecutableType.AGENT)
        return _Link(
            executable.parent_runtime_id,
            executable.parent_definition_id,
            executable.parent_structural_id,
            executable.parent_type,
            is_direct,
        )

    def _arrived_for(self, link: _Link, span: Span) -> str | None:
        """The executable that is meant, if it has arrived; of several the one that started last before the span."""
        known = [
            executable
            for executable in self._by_runtime_id.get(link.runtime_id, ())
            if _ran_at(executable, span.start_ns) and executable.span_id != span.span_id
        ]
        return max(known, key=lambda executable: executable.start_ns).span_id if known else None

    def _missing_for(self, link: _Link) -> str | None:
        """The workflow, subflow or agent that is meant, if others have told of it before."""
        return self._missing_owners.get(link.runtime_id)

    def _miss(self, id_: str, link: _Link, group: list[Span]) -> str | None:
        """Note an executable that has not arrived; None if its id is that of a span that has."""
        if id_ in self._spans:
            return None
        if id_ not in self.missing:
            self.missing[id_] = missing = self._missing(id_, link, group)
            if missing.type in OWNER_TYPES:
                self._missing_owners.setdefault(link.runtime_id, id_)
        return id_

    def _missing(self, id_: str, link: _Link, group: list[Span]) -> Executable:
        children = [found for span in group if (found := self._arrived.get(span.span_id)) is not None]
        steps = [child for child in children if child.type in (ExecutableType.NODE, ExecutableType.RUN_CONCURRENT)]
        model = next(iter(steps or children), None)
        # The same object, or one of the same structure, may have run before.
        alike = self._alike.get(link.definition_id or "") or self._alike.get(link.structural_id or "")
        types = (link.type, *(child.parent_type for child in children if child.parent_runtime_id == link.runtime_id))
        return Executable(
            span_id=id_,
            parent_span_id=None,
            type=next((type_ for type_ in types if type_ is not None), None) or _type_by(link.structural_id, alike),
            name=alike.name if alike is not None else "",
            definition_id=link.definition_id,
            runtime_id=link.runtime_id,
            structural_id=link.structural_id,
            graph_structural_id=steps[0].graph_structural_id if steps else None,
            parent_definition_id=None,
            parent_runtime_id=None,
            parent_structural_id=None,
            parent_type=None,
            correlation_type=model.correlation_type if model else None,
            correlation_id=model.correlation_id if model else None,
            contract_version=model.contract_version if model else None,
            start_ns=group[0].start_ns,
            end_ns=None,
            state=ExecutionState.RUNNING,
            is_arrived=False,
        )

    def _place_missing(self) -> None:
        for span in self._spans.values():
            self._widen(span)
        for id_, executable in sorted(self.missing.items(), key=lambda item: item[1].start_ns):
            owner = self._owner_by_graph(executable)
            if owner is not None:
                self.parents[id_] = owner.span_id
            else:
                self._put_under_only([id_], executable.start_ns, self._last_ns[id_], self._may_hold(executable))

    def _widen(self, span: Span) -> None:
        """Let what has not arrived start no later than its first child, and last until its last one ended."""
        parent = self.parents.get(span.span_id)
        if parent in self.missing:
            self._last_ns[parent] = max(self._last_ns.get(parent, 0), span.start_ns, span.end_ns)
            if span.start_ns < self.missing[parent].start_ns:
                self.missing[parent] = replace(self.missing[parent], start_ns=span.start_ns)

    def _may_hold(self, inner: Executable) -> Callable[[Executable], bool]:
        """Whether an owner may be around this one: no graph is within itself, and what ran within nothing does so."""
        is_top = inner.type in OWNER_TYPES and inner.definition_id in self._top_definitions
        structure = inner.structural_id or inner.definition_id

        def may_hold(owner: Executable) -> bool:
            return not is_top and structure != (owner.structural_id or owner.definition_id)

        return may_hold

    def _owner_by_graph(self, inner: Executable) -> Executable | None:
        """The only owner that has this one in its graph; what the graph says of it is noted."""
        owners = [owner for owner in self._owners() if owner is not inner and _ran_at(owner, inner.start_ns)]
        in_graph = [(owner, node) for owner in owners if (node := self._node(owner, inner)) is not None]
        if len(in_graph) == 1:
            owner, node = in_graph[0]
            self.missing[inner.span_id] = replace(inner, type=_BY_KIND[node.kind], name=node.label)
            return owner
        if inner.type in OWNER_TYPES or inner.graph_structural_id is None:
            return None
        same = [owner for owner in owners if owner.structural_id == inner.graph_structural_id]
        return same[0] if len(same) == 1 else None

    def _node(self, owner: Executable, inner: Executable) -> GraphNode | None:
        """The node of an executable in the graph of an owner: by id, or the only one of its structure."""
        graph = self._graphs.of(owner)
        if graph is None:
            return None
        by_id = [node for node in graph.nodes if node.id in (inner.definition_id, inner.runtime_id)]
        structural_id = inner.structural_id
        alike = [node for node in graph.nodes if structural_id in (node.structural_id, node.subflow_graph_id)]
        return by_id[0] if by_id else alike[0] if len(alike) == 1 and structural_id is not None else None

    def _assume(self, group: list[Span]) -> None:
        owners = [self._arrived[span.span_id] for span in group if self._is_owner(span.span_id)]
        if group[0].parent_span_id is not None and all(owner.parent_runtime_id is not None for owner in owners):
            ends = [max(span.start_ns, span.end_ns) for span in group]
            ids = [span.span_id for span in group]
            self._put_under_only(ids, group[0].start_ns, max(ends), lambda _owner: True)
            self.unplaced.update(span.span_id for span in group if span.span_id not in self.parents)

    def _put_under_only(
        self, ids: list[str], start_ns: int, end_ns: int, may_hold: Callable[[Executable], bool]
    ) -> None:
        tops = (owner for owner in self._top_owners() if _ran_at(owner, start_ns) and _ran_at(owner, end_ns))
        around = [owner for owner in tops if owner.span_id not in ids and may_hold(owner)]
        if len(around) == 1 and self._above(around[0].span_id).isdisjoint(ids):
            for id_ in ids:
                self.parents[id_] = around[0].span_id
                self.assumed.add(id_)
            self._tops = [owner for owner in self._top_owners() if owner.span_id not in ids]

    def _top_owners(self) -> list[Executable]:
        """Those that are in no other."""
        if self._tops is None:
            ids = {owner.span_id for owner in self._owners()}
            self._tops = [owner for owner in self._owners() if ids.isdisjoint(self._above(owner.span_id))]
        return self._tops

    def _owners(self) -> Iterable[Executable]:
        for executables in (self._arrived, self.missing):
            yield from (executable for executable in executables.values() if executable.type in OWNER_TYPES)

    def _is_owner(self, id_: str) -> bool:
        return id_ in self._arrived and self._arrived[id_].type in OWNER_TYPES

    def _above(self, id_: str) -> set[str]:
        found: set[str] = set()
        walk = self.parents.get(id_)
        while walk is not None and walk not in found:
            found.add(walk)
            walk = self.parents.get(walk)
        return found


def _by_start(span: Span) -> tuple[int, int]:
    return span.start_ns, span.arrival


def _ran_at(executable: Executable, time_ns: int) -> bool:
    return executable.start_ns <= time_ns and (executable.end_ns is None or time_ns <= executable.end_ns)


def _type_by(structural_id: str | None, alike: Executable | None = None) -> ExecutableType:
    """What an executable is, by one that is alike, or by its structural id.

    Before G1 there is none: what runs nodes is taken for a workflow then.
    """
    if alike is not None:
        return alike.type
    known = (type_ for prefix, type_ in _BY_PREFIX if (structural_id or "").startswith(prefix))
    return next(known, ExecutableType.WORKFLOW)
