"""Reads a trace off the GUI thread and arranges it there. Qt-free."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.health import ChosenIds, Health, find_oddities
from junjo_desktop.features.trace.layout import Layout, layout_of
from junjo_desktop.features.trace.overview import Overview, overview_of
from junjo_desktop.features.trace.queries import TraceHead, find_spans, trace_head, trace_spans
from junjo_desktop.features.trace.skew import corrected
from junjo_desktop.features.trace.tree import SpanTree, arranged_tree

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""Reading is followed by a pause of this many times its own time."""

Tell = Callable[[str], None]
"""Is called with what is done next. May raise, to give up."""


@dataclass(frozen=True, slots=True)
class LoadedTrace:
    """A trace ready to be shown."""

    head: TraceHead
    tree: SpanTree
    layout: Layout
    overview: Overview
    rests_until_s: float
    """Monotonic time before which it is not read again, however fast it grows."""
    health: Health = field(default_factory=Health)
    shifts: Mapping[int, int] = field(default_factory=dict)
    """By position, of spans that are shown at other times than they were sent: nanoseconds."""

    @property
    def may_change_by_itself(self) -> bool:
        """Nothing of a trace is said to run that time alone could end."""
        return False


def _untold(_step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class CorrectTrace:
    """A job: the same trace with its clocks corrected."""

    trace: LoadedTrace

    def __call__(self, _cursor: object = None) -> LoadedTrace:
        found = corrected(self.trace.tree)
        if found.tree is self.trace.tree:
            return self.trace
        with collection_held_back():
            layout, overview = layout_of(found.tree), overview_of(found.tree)
            places = find_oddities(found.tree).failed_places
        # What was odd as sent stays so.
        health = replace(self.trace.health, failed_places=places)
        return replace(
            self.trace, tree=found.tree, layout=layout, overview=overview, health=health, shifts=found.shifts
        )


@dataclass(frozen=True, slots=True)
class LoadTrace:
    """A read: the whole trace. Raises `NotFoundError`."""

    trace_id: str
    tell: Tell = _untold

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTrace:
        return _load(cursor, trace_head(cursor, self.trace_id), self.tell)


@dataclass(frozen=True, slots=True)
class LoadGrowth:
    """A read: the trace again, or None when nothing of it changed. Raises `NotFoundError`."""

    shown: TraceHead

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTrace | None:
        head = trace_head(cursor, self.shown.trace_id)
        return None if head == self.shown else _load(cursor, head, _untold)


@dataclass(frozen=True, slots=True)
class FoundSpans:
    """What a search in a trace found."""

    ids: frozenset[str] = frozenset()
    in_order: Sequence[str] = ()
    """From top to bottom."""


@dataclass(frozen=True, slots=True)
class FindSpans:
    """A read: the spans of a trace in which a text stands."""

    head: TraceHead
    tree: SpanTree
    text: str

    def __call__(self, cursor: DuckDBPyConnection) -> FoundSpans:
        ids = find_spans(cursor, self.head, self.text)
        span_ids = self.tree.columns.ids
        return FoundSpans(ids, ChosenIds(span_ids, span_ids.chosen(self.tree.order, ids)))


def _load(cursor: DuckDBPyConnection, head: TraceHead, tell: Tell) -> LoadedTrace:
    started_s = time.monotonic()
    with collection_held_back():
        tell(f"Reading {head.span_count:,} spans …")
        found = trace_spans(cursor, head)
        tell(f"Arranging {len(found.columns):,} spans …")
        tree = arranged_tree(found.columns, found.parents, range(len(found.columns)))
        tell("Folding what repeats …")
        layout = layout_of(tree)
        tell("Drawing the overview …")
        overview, health = overview_of(tree), find_oddities(tree)
    ended_s = time.monotonic()
    return LoadedTrace(head, tree, layout, overview, ended_s + (ended_s - started_s) * _IDLE_SHARE, health)
