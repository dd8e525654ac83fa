"""Reads the conversation of a trace off the GUI thread. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.trace.conversation.queries import MOST_CALLS, calling_spans, whole_spans
from junjo_desktop.features.trace.queries import TraceHead
from junjo_desktop.features.trace.tree import SpanTree
from junjo_desktop.telemetry.llm.reading import read_call
from junjo_desktop.telemetry.llm.step_reading import read_tool_call
from junjo_desktop.widgets.conversation.assembly import Surroundings, assembled, cut_note
from junjo_desktop.widgets.conversation.entries import Entry
from junjo_desktop.widgets.conversation.turns import Ledger, ToolRun, Turn, turn_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AROUND = frozenset({"agent", "workflow", "subflow"})
_SPOKEN = frozenset({"chat", "text_completion"})


@dataclass(frozen=True)
class TraceConversation:
    """Everything that was said in a trace."""

    head: TraceHead
    tree: SpanTree
    turns: tuple[Turn, ...]
    runs: tuple[ToolRun, ...]
    ledger: Ledger
    call_count: int
    """Of models and tools, read or not."""

    def entries(self, opened: frozenset[str]) -> tuple[Entry, ...]:
        """Return it as entries; `opened` are the calls whose repeated messages are to be seen."""
        found = assembled(self.turns, self.runs, self.ledger, self.around, opened)
        read = len(self.turns) + len(self.runs)
        return (*found, cut_note(read, self.call_count)) if self.is_cut else found

    @property
    def is_cut(self) -> bool:
        """Whether there are more calls than were read."""
        return self.call_count > MOST_CALLS

    def around(self, span_id: str) -> Surroundings:
        """Return the innermost agent or workflow that a span stands in."""
        tree = self.tree
        position = tree.position_of(span_id)
        place = -1 if position is None else tree.parents[position]
        while place >= 0:
            span = tree.spans[place]
            if span.span_type in _AROUND:
                return Surroundings(span.span_id, span.name, span.span_type)
            place = tree.parents[place]
        return Surroundings("")

    def call_around(self, span_id: str, known: frozenset[str]) -> str:
        """Return the innermost of the `known` spans that a span is or stands in; empty for none."""
        tree = self.tree
        place = tree.position_of(span_id)
        while place is not None and place >= 0:
            found = tree.spans[place].span_id
            if found in known:
                return found
            place = tree.parents[place]
        return ""


@dataclass(frozen=True)
class ReadConversation:
    """A read."""

    head: TraceHead
    tree: SpanTree

    def __call__(self, cursor: DuckDBPyConnection) -> TraceConversation:
        ledger, turns, runs = Ledger(), list[Turn](), list[ToolRun]()
        span_ids, total = calling_spans(cursor, self.head)
        with collection_held_back():
            for span, logs in whole_spans(cursor, self.head, span_ids):
                call = read_call(span, logs)
                if call is not None:
                    turns.append(turn_of(call, ledger, span.name, span.start_ns, span.end_ns))
                elif (tool := read_tool_call(span, logs)) is not None:
                    runs.append(ToolRun(span.span_id, span.start_ns, span.end_ns, span.is_error, tool))
        own = _told_once(turns, self.tree)
        return TraceConversation(self.head, self.tree, own, tuple(runs), ledger, total)


def _told_once(turns: Sequence[Turn], tree: SpanTree) -> tuple[Turn, ...]:
    """Leave out calls that another instrumentation tells again: of a call within a call, the one that says more."""
    by_id = {turn.span_id: turn for turn in turns}
    dropped: set[str] = set()
    for turn in turns:
        outer = _outer_call(turn.span_id, by_id, tree)
        if outer is None or turn.call.operation not in _SPOKEN or outer.call.operation not in _SPOKEN:
            continue
        dropped.add(outer.span_id if _says(turn) >= _says(outer) else turn.span_id)
    return tuple(turn for turn in turns if turn.span_id not in dropped)


def _outer_call(span_id: str, by_id: dict[str, Turn], tree: SpanTree) -> Turn | None:
    position = tree.position_of(span_id)
    place = -1 if position is None else tree.parents[position]
    while place >= 0:
        span = tree.spans[place]
        if span.span_id in by_id:
            return by_id[span.span_id]
        if span.span_type == "tool" or span.span_type in _AROUND:
            # What a tool or another agent asks of a model is a call of its own.
            return None
        place = tree.parents[place]
    return None


def _says(turn: Turn) -> tuple[bool, bool]:
    return turn.call.captured.output, turn.call.captured.input
