"""Runs to be compared, written as trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run import DroppedCounts, Run, Step

MS = 10**6
START = 10**18


@dataclass(frozen=True)
class Tree:
    """A step and what is inside it. Without a type it is a span of another instrumentation.

    Steps follow each other; each takes `own_ms`, and as long as all within it.
    """

    name: str
    inside: Sequence[Tree] = field(default=())
    type: ExecutableType | None = ExecutableType.NODE
    structure: str | None = None
    span_type: str = "node"
    state: ExecutionState = ExecutionState.DONE
    own_ms: int = 1

    @property
    def ms(self) -> int:
        """How long it takes."""
        return self.own_ms + sum(tree.ms for tree in self.inside)


def run_of(
    *inside: Tree,
    name: str = "work",
    graph: str | None = None,
    state: ExecutionState = ExecutionState.DONE,
    type_: ExecutableType = ExecutableType.WORKFLOW,
) -> Run:
    """Return a run of these steps."""
    top = Tree(name, inside, type_, graph, type_.value, state)
    steps = tuple(_steps(top, count(1), START, 0, None, graph))
    is_open = state in (ExecutionState.RUNNING, ExecutionState.LOST)
    return Run(
        trace_id="t" * 32,
        span_id=None if is_open else steps[0].span_id,
        runtime_id=None,
        executable=steps[0].executable,
        name=name,
        service_name="shop",
        service_version="1",
        state=state,
        start_ns=START,
        end_ns=None if is_open else steps[0].end_ns,
        steps=steps,
        graphs={},
        stores=(),
        failures=(),
        hook_errors=(),
        parent=None,
        nested=(),
        dropped=DroppedCounts(),
        notes=(),
    )


def _steps(
    tree: Tree, numbers: Iterator[int], start_ns: int, depth: int, parent: str | None, graph: str | None
) -> Iterator[Step]:
    span_id = f"{next(numbers):016x}"
    end_ns = None if tree.state in (ExecutionState.RUNNING, ExecutionState.LOST) else start_ns + tree.ms * MS
    executable = None if tree.type is None else _executable(tree, tree.type, span_id, parent, start_ns, end_ns, graph)
    yield Step(span_id, parent, depth, tree.name, tree.span_type, executable, start_ns, end_ns, tree.state)
    at = start_ns
    for inner in tree.inside:
        yield from _steps(inner, numbers, at, depth + 1, span_id, graph)
        at += inner.ms * MS


def _executable(
    tree: Tree,
    type_: ExecutableType,
    span_id: str,
    parent: str | None,
    start_ns: int,
    end_ns: int | None,
    graph: str | None,
) -> Executable:
    return Executable(
        span_id=span_id,
        parent_span_id=parent,
        type=type_,
        name=tree.name,
        definition_id=None,
        runtime_id=None,
        structural_id=tree.structure,
        graph_structural_id=graph,
        parent_definition_id=None,
        parent_runtime_id=None,
        parent_structural_id=None,
        parent_type=None,
        correlation_type=None,
        correlation_id=None,
        contract_version=None,
        start_ns=start_ns,
        end_ns=end_ns,
        state=tree.state,
    )
