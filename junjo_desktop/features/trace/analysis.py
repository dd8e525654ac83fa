"""What is worked out of a trace once it is shown: self time, critical path, groups, flame graphs. Qt-free."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.features.trace.critical_path import critical_path
from junjo_desktop.features.trace.flame.left_heavy import left_heavy
from junjo_desktop.features.trace.flame.model import Flame, FlameOrder
from junjo_desktop.features.trace.flame.time_order import time_order
from junjo_desktop.features.trace.self_time import self_times
from junjo_desktop.features.trace.statistics.groups import Grouping, SpanGroup, span_groups
from junjo_desktop.features.trace.stretches import Stretches
from junjo_desktop.features.trace.tree import SpanTree


@dataclass(frozen=True, slots=True)
class Analysis:
    """All of it is about `tree`, by its positions."""

    tree: SpanTree
    self_times: Stretches
    self_ns: array[int]
    critical_path: Stretches
    groups: Mapping[Grouping, tuple[SpanGroup, ...]]
    flames: Mapping[FlameOrder, Flame]
    position_of: Mapping[str, int]
    """By span id."""


@dataclass(frozen=True, slots=True)
class Analyse:
    """A job for the background: a second at 100,000 spans."""

    tree: SpanTree

    def __call__(self) -> Analysis:
        tree = self.tree
        own = self_times(tree)
        self_ns = array("q", (own.total(position) for position in range(len(tree.spans))))
        position_of: dict[str, int] = {}
        for position, span in enumerate(tree.spans):
            position_of.setdefault(span.span_id, position)
        return Analysis(
            tree=tree,
            self_times=own,
            self_ns=self_ns,
            critical_path=critical_path(tree),
            groups={grouping: span_groups(tree, self_ns, grouping) for grouping in Grouping},
            flames={FlameOrder.TIME: time_order(tree), FlameOrder.LEFT_HEAVY: left_heavy(tree, self_ns)},
            position_of=position_of,
        )
