"""All scenarios, and what a version must have to run each."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tests.recordings.programs import subflows, workflows

Scenario = Callable[[], Coroutine[Any, Any, None]]

NO_HOOKS = "This version calls no hooks: Hooks came with 0.63."
NO_AGENTS = "This version has no agents: they came with 0.65."

ALWAYS: dict[str, Scenario] = {
    "linear": workflows.linear,
    "loop": workflows.loop,
    "subflow": subflows.subflow,
}


def scenarios() -> dict[str, Scenario]:
    """Return the scenarios that this version of the SDK can run."""
    return dict(ALWAYS)


def missing() -> dict[str, str]:
    """Return the other scenarios, each with the reason."""
    return {}
