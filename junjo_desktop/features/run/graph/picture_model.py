"""What is drawn of a run: nodes and edges with what they did. Qt-free; texts are made safe to show, not yet cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.graph import NodeKind
from junjo_desktop.widgets.layered.model import Plan


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """One node. `key` names its place: positions in the graphs it is in, so that it is the same in every run.

    `runs` are its spans in the execution that is shown, in order of start; `chosen` is the position of the one that is
    looked at. `detail` is the line below the label.
    """

    key: str
    label: str
    type: str
    kind: NodeKind
    state: ExecutionState
    detail: str
    runs: tuple[str, ...] = ()
    chosen: int = 0
    parent: str | None = None
    can_open: bool = False
    is_open: bool = False

    @property
    def span_id(self) -> str | None:
        """The run that is looked at; None if it never ran."""
        return self.runs[self.chosen] if self.runs else None

    @property
    def is_container(self) -> bool:
        """Whether others are drawn inside it."""
        return self.is_open or self.kind is NodeKind.CONCURRENT

    @property
    def is_stack(self) -> bool:
        """Whether it is drawn as a stack of cards: a closed subflow."""
        return self.kind is NodeKind.SUBFLOW and not self.is_open


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """One edge; `text` is what stands beside it, empty for nothing. `condition` is None on edges without one."""

    key: str
    tail: str
    head: str
    text: str
    condition: str | None
    count: int
    is_inferred: bool

    @property
    def is_taken(self) -> bool:
        """Whether the run went this way."""
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose to see, by node key: opened subflows, and which of several runs (from 0)."""

    opened: frozenset[str] = frozenset()
    runs: Mapping[str, int] = field(default_factory=dict)
    has_edge_labels: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn. `sentence` says why it is not the graph, or why there is nothing."""

    nodes: Mapping[str, DrawnNode]
    edges: Mapping[str, DrawnEdge]
    plan: Plan
    node_of_span: Mapping[str, str]
    """Keys of nodes by the spans that they stand for."""
    sentence: str = ""


class TextMeasure(Protocol):
    """Knows how wide texts are, in pixels."""

    def label(self, text: str) -> float:
        """Return the width of a node's label."""

    def header(self, text: str) -> float:
        """Return the width of the header of a group or an opened subflow."""

    def edge(self, text: str) -> float:
        """Return the width of the text beside an edge."""
