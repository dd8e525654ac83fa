"""Executables: workflows, subflows, nodes, concurrent groups and agents, as their spans describe them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ExecutableType(StrEnum):
    """What runs; the values are those of `junjo.span_type`."""

    WORKFLOW = "workflow"
    SUBFLOW = "subflow"
    NODE = "node"
    RUN_CONCURRENT = "run_concurrent"
    AGENT = "agent"


OWNER_TYPES = frozenset((ExecutableType.WORKFLOW, ExecutableType.SUBFLOW, ExecutableType.AGENT))
"""Those that own a store, and may be looked at as a run of their own."""


class ExecutionState(StrEnum):
    """How far an execution came. Spans arrive when they end: what runs is known by its children only."""

    NOT_RUN = "not_run"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Not ended, and nothing was heard of it for 60 s."""


@dataclass(frozen=True)
class Executable:
    """The identity and outcome of one execution. What a generation does not tell is None.

    G0 has one id only, `junjo.id`: it stands as definition and as runtime id, and comes again whenever the same object
    runs again; only (trace id, span id) identifies such an execution.
    """

    span_id: str
    parent_span_id: str | None
    type: ExecutableType
    name: str
    definition_id: str | None
    runtime_id: str | None
    structural_id: str | None
    graph_structural_id: str | None
    parent_definition_id: str | None
    parent_runtime_id: str | None
    parent_structural_id: str | None
    parent_type: ExecutableType | None
    correlation_type: str | None
    correlation_id: str | None
    contract_version: int | None
    start_ns: int
    end_ns: int | None
    state: ExecutionState
    error_type: str | None = None
    error_message: str | None = None
    cancelled_reason: str | None = None
