"""What is worked out of a trace once it is shown: self time and critical path, and what the lens in front needs.

Qt-free.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from junjo_desktop.features.trace.critical_path import critical_path
from junjo_desktop.features.trace.flame.left_heavy import left_heavy
from junjo_desktop.features.trace.flame.model import Flame, FlameOrder
from junjo_desktop.features.trace.flame.time_order import time_order
from junjo_desktop.features.trace.self_time import self_times
from junjo_desktop.features.trace.statistics.groups import Grouping, SpanGroup, span_groups
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree

Part = FlameOrder | Grouping
"""What only one lens shows, in one of its ways."""
ALL_PARTS: tuple[Part, ...] = (*FlameOrder, *Grouping)


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All of it is about `tree`, by its positions."""

    tree: SpanTree
    self_times: Stretches
    self_ns: array[int]
    critical_path: Stretches
    groups: Mapping[Grouping, tuple[SpanGroup, ...]]
    """Those that were asked for."""
    flames: Mapping[FlameOrder, Flame]
    """Those that were asked for."""

    def position_of(self, span_id: str) -> int | None:
        """Return where a span stands in the tree; None when it is not there."""
        return self.tree.position_of(span_id)

    def has(self, part: Part) -> bool:
        """Whether a part is worked out."""
        return part in self.flames or part in self.groups


@dataclass(frozen=True, slots=True)
class Analyse:
    """A job for the background: what every lens needs, and `parts`. Goes on from `known`, of the same tree."""

    tree: SpanTree
    parts: Collection[Part] = ()
    known: Analysis | None = None

    def __call__(self) -> Analysis:
        tree, known = self.tree, self.known
        if known is None or known.tree is not tree:
            own = self_times(tree)
            known = Analysis(tree, own, own.totals(), critical_path(tree), {}, {})
        groups, flames = dict(known.groups), dict(known.flames)
        for part in self.parts:
            if isinstance(part, Grouping):
                groups[part] = span_groups(tree, known.self_ns, part)
            elif part is FlameOrder.TIME:
                flames[part] = time_order(tree)
            else:
                flames[part] = left_heavy(tree, known.self_ns)
        return Analysis(tree, known.self_times, known.self_ns, known.critical_path, groups, flames)
