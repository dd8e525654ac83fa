"""Executables: workflows, subflows, nodes, concurrent groups and agents, as their spans describe them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.telemetry.junjo.attributes import attributes_of, bool_of, int_of, text_of
from junjo_desktop.telemetry.otlp_json import Attributes
from junjo_desktop.telemetry.semantics import ERROR_TYPE
from junjo_desktop.telemetry.span import Span


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
    is_arrived: bool = True
    """False for one that only its children tell of; its span id is the one that they name as their parent's."""


SPAN_TYPE = "junjo.span_type"
CONTRACT_VERSION = "junjo.telemetry.contract_version"
G0_ID = "junjo.id"
G0_PARENT_ID = "junjo.parent_id"

_AGENT_OUTCOMES = {"failed": ExecutionState.FAILED, "cancelled": ExecutionState.CANCELLED}


def executable_of(span: Span) -> Executable | None:
    """Read the executable that a span stands for; None for all other spans, and for types that are not known."""
    if span.junjo_span_type is None:
        return None
    attributes = attributes_of(span)
    type_ = type_of(attributes, SPAN_TYPE)
    if type_ is None:
        return None
    own_id, parent_id = text_of(attributes, G0_ID), text_of(attributes, G0_PARENT_ID)
    state = state_of(span, attributes)
    failed = state is ExecutionState.FAILED
    return Executable(
        span_id=span.span_id,
        parent_span_id=span.parent_span_id,
        type=type_,
        name=span.name,
        definition_id=text_of(attributes, "junjo.executable_definition_id") or own_id,
        runtime_id=text_of(attributes, "junjo.executable_runtime_id") or own_id,
        structural_id=text_of(attributes, "junjo.executable_structural_id"),
        graph_structural_id=text_of(attributes, "junjo.enclosing_graph_structural_id"),
        parent_definition_id=text_of(attributes, "junjo.parent_executable_definition_id") or parent_id,
        parent_runtime_id=text_of(attributes, "junjo.parent_executable_runtime_id") or parent_id,
        parent_structural_id=text_of(attributes, "junjo.parent_executable_structural_id"),
        parent_type=type_of(attributes, "junjo.parent_executable_type"),
        correlation_type=text_of(attributes, "junjo.correlation.type"),
        correlation_id=text_of(attributes, "junjo.correlation.id"),
        contract_version=int_of(attributes, CONTRACT_VERSION),
        start_ns=span.start_ns,
        end_ns=end_of(span),
        state=state,
        error_type=text_of(attributes, ERROR_TYPE) if failed else None,
        error_message=(span.status_message or None) if failed else None,
        cancelled_reason=text_of(attributes, "junjo.cancelled_reason"),
    )


def type_of(attributes: Attributes, key: str) -> ExecutableType | None:
    """Read a type of executable; None for one that is not known."""
    word = attributes.get(key)
    try:
        return ExecutableType(word) if isinstance(word, str) else None
    except ValueError:
        return None


def end_of(span: Span) -> int | None:
    """When a span ended, in ns; None for one that was sent before its end."""
    return span.end_ns or None


def state_of(span: Span, attributes: Attributes | None = None) -> ExecutionState:
    """How far a span that arrived came. Cancelling is no failure, even where somebody set an error as well."""
    if attributes is None:
        attributes = attributes_of(span) if '"junjo.' in span.attributes else {}
    outcome = _AGENT_OUTCOMES.get(text_of(attributes, "junjo.agent.outcome") or "")
    if bool_of(attributes, "junjo.cancelled") or outcome is ExecutionState.CANCELLED:
        return ExecutionState.CANCELLED
    if span.is_error or outcome is ExecutionState.FAILED:
        return ExecutionState.FAILED
    return ExecutionState.DONE if span.end_ns else ExecutionState.RUNNING
