"""What an agent's owner span says about its run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AgentRun:
    """A run of an agent. `outcome` is completed, failed or cancelled; None while the owner has not arrived."""

    outcome: str | None
    termination_reason: str | None
