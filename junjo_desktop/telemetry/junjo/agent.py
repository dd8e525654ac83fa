"""What an agent's owner span says about its run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.telemetry.junjo.attributes import attributes_of, text_of
from junjo_desktop.telemetry.span import Span


@dataclass(frozen=True)
class AgentRun:
    """A run of an agent. `outcome` is completed, failed or cancelled; None while the owner has not arrived."""

    outcome: str | None
    termination_reason: str | None


def read_agent(owner: Span, children: Sequence[Span]) -> AgentRun:  # noqa: ARG001 - its operations are read of them
    """Read an agent's run from its owner and the spans right under it, in order of start."""
    attributes = attributes_of(owner)
    return AgentRun(
        outcome=text_of(attributes, "junjo.agent.outcome"),
        termination_reason=text_of(attributes, "junjo.agent.termination_reason"),
    )
