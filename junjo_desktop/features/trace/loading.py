"""Reads a trace off the GUI thread and arranges it there. Qt-free."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from junjo_desktop.features.trace.health import Health, find_oddities
from junjo_desktop.features.trace.overview import Line, overview_lines
from junjo_desktop.features.trace.queries import TraceHead, TraceSpans, find_spans, trace_growth, trace_spans
from junjo_desktop.features.trace.tree import SpanTree, build_tree

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""Reading is followed by a pause of this many times its own time."""


@dataclass(frozen=True, slots=True)
class LoadedTrace:
    """A trace ready to be shown."""

    head: TraceHead
    tree: SpanTree
    overview: tuple[Line, ...]
    rests_until_s: float
    """Monotonic time before which it is not read again, however fast it grows."""
    health: Health = field(default_factory=Health)

    @property
    def may_change_by_itself(self) -> bool:
        """Nothing of a trace is said to run that time alone could end."""
        return False


@dataclass(frozen=True, slots=True)
class LoadTrace:
    """A read: the whole trace. Raises `NotFoundError`."""

    trace_id: str

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTrace:
        started = time.monotonic()
        return _arranged(trace_spans(cursor, self.trace_id), started)


@dataclass(frozen=True, slots=True)
class LoadGrowth:
    """A read: the trace again, or None when nothing of it changed. Raises `NotFoundError`."""

    shown: TraceHead

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedTrace | None:
        started = time.monotonic()
        found = trace_growth(cursor, self.shown)
        return None if found is None else _arranged(found, started)


@dataclass(frozen=True, slots=True)
class FoundSpans:
    """What a search in a trace found."""

    ids: frozenset[str] = frozenset()
    in_order: tuple[str, ...] = ()
    """From top to bottom."""


@dataclass(frozen=True, slots=True)
class FindSpans:
    """A read: the spans of a trace in which a text stands."""

    head: TraceHead
    tree: SpanTree
    text: str

    def __call__(self, cursor: DuckDBPyConnection) -> FoundSpans:
        ids = find_spans(cursor, self.head, self.text)
        spans = self.tree.spans
        found = (spans[position].span_id for position in self.tree.order if spans[position].span_id in ids)
        return FoundSpans(ids, tuple(found))


def _arranged(found: TraceSpans, started_s: float) -> LoadedTrace:
    tree = build_tree(found.spans)
    overview, health = overview_lines(tree), find_oddities(tree)
    ended_s = time.monotonic()
    return LoadedTrace(found.head, tree, overview, ended_s + (ended_s - started_s) * _IDLE_SHARE, health)
