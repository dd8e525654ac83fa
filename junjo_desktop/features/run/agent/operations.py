"""The operations of an agent as rows of a table: all of them are at hand. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junjo_desktop.features.run.agent.words import state_word
from junjo_desktop.telemetry.junjo.agent import AgentOperation, AgentRun, ModelRequest
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.row_source import Listing, OrderedIds


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One model request or tool call. `number` counts from 1 in their order; times and durations in ns."""

    span_id: str
    number: int
    kind: str
    name: str
    state: str
    detail: str
    started_after_ns: int | None
    duration_ns: int | None
    input_tokens: int | None
    output_tokens: int | None
    sequence: int | None


SORTS: Mapping[str, Callable[[OperationRow], Any]] = {
    "number": lambda row: row.number,
    "kind": lambda row: row.kind,
    "name": lambda row: row.name.casefold(),
    "state": lambda row: row.state,
    "started": lambda row: row.started_after_ns or 0,
    "duration": lambda row: row.duration_ns or 0,
    "input": lambda row: row.input_tokens or 0,
    "output": lambda row: row.output_tokens or 0,
    "sequence": lambda row: row.sequence or 0,
    "detail": lambda row: row.detail.casefold(),
}
"""What each column is sorted by."""
_ANSWERS = {"final_output": "final output", "tool_calls": "tool calls"}


def operation_rows(run: Run, agent: AgentRun) -> tuple[OperationRow, ...]:
    """Return the rows in their order."""
    causes = {one.span_id: one.cause or f"{one.type}: {one.message}".strip(": ") for one in reversed(run.failures)}
    return tuple(_row(number, one, run.start_ns, causes) for number, one in enumerate(agent.operations, 1))


def _row(number: int, one: AgentOperation, start_ns: int, causes: Mapping[str, str]) -> OperationRow:
    is_failed = one.is_error or one.span_id in causes
    name, answer, tokens = _told(one)
    detail = (causes.get(one.span_id) if is_failed else one.cancelled_reason if one.is_cancelled else answer) or ""
    return OperationRow(
        span_id=one.span_id,
        number=number,
        kind="model" if isinstance(one, ModelRequest) else "tool",
        name=name or one.name.strip() or "(no name)",
        state=state_word(one, is_failed)[0],
        detail=detail,
        started_after_ns=one.start_ns - start_ns if one.start_ns else None,
        duration_ns=None if one.end_ns is None else one.end_ns - one.start_ns,
        input_tokens=tokens.get("input_tokens"),
        output_tokens=tokens.get("output_tokens"),
        sequence=one.sequence,
    )


def _told(one: AgentOperation) -> tuple[str | None, str, Mapping[str, int | None]]:
    """Return name, what kind of answer it gave, and tokens."""
    if isinstance(one, ModelRequest):
        name = " ".join(word for word in (one.provider, one.model_name) if word)
        return name, _ANSWERS.get(one.response_type or "", ""), one.tokens
    return one.tool_name, "", {}


@dataclass(frozen=True)
class OperationSource:
    """The rows as a source for the table, in the chosen order; the store is not asked."""

    rows: tuple[OperationRow, ...]
    sort_key: str = "number"
    is_descending: bool = False

    def list_ids(self, _cursor: object, _shown: object) -> Listing:
        """List all operations."""
        ordered = sorted(self.rows, key=SORTS[self.sort_key], reverse=self.is_descending)
        return Listing(OrderedIds([row.span_id for row in ordered]), first_rows={row.span_id: row for row in ordered})

    def load_rows(self, _cursor: object, ids: Sequence[Any]) -> Mapping[Any, OperationRow]:
        """Return the rows of these ids."""
        wanted = set(ids)
        return {row.span_id: row for row in self.rows if row.span_id in wanted}
