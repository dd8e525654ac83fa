"""All scenarios, and what a version must have to run each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Coroutine
from typing import Any

from tests.recordings.programs import failures, sdk, subflows, workflows

Scenario = Callable[[], Coroutine[Any, Any, None]]

_NO_HOOKS = "This version calls no hooks: they came with 0.63."
_NO_AGENTS = "This version has no agents: they came with 0.65."
_NO_CORRELATION = "This version takes no id of the application's own: that came with 0.65."

_EVERYWHERE: tuple[Scenario, ...] = (
    workflows.linear,
    workflows.conditions,
    workflows.loop,
    workflows.concurrent,
    workflows.run_twice,
    workflows.foreign_span,
    workflows.many_updates,
    subflows.subflow,
    subflows.subflow_twice,
    subflows.subflow_in_loop,
    subflows.subflow_nested,
    subflows.parent_updates,
    subflows.concurrent_subflows,
    failures.fails_in_node,
    failures.fails_in_subflow,
    failures.fails_in_concurrent,
    failures.cancelled,
    failures.killed,
    failures.killed_inside,
)
_WITH_HOOKS: tuple[Scenario, ...] = (failures.hook_error,)
_WITH_CORRELATION: tuple[Scenario, ...] = (subflows.correlated,)
_NEEDS = ((sdk.HAS_HOOKS, _NO_HOOKS, _WITH_HOOKS), (sdk.HAS_CORRELATION, _NO_CORRELATION, _WITH_CORRELATION))
# By name: the module with these needs classes that older versions do not have.
_WITH_AGENTS = (
    "agent_tools",
    "agent_tool_fails",
    "agent_limit",
    "agent_request_limit",
    "agent_in_node",
    "agent_calls_workflow",
    "agent_unknown_tool",
    "agent_bad_arguments",
    "agent_model_fails",
    "agent_bad_output",
    "agent_cancelled",
)


def scenarios() -> dict[str, Scenario]:
    """Return the scenarios that this version of the SDK can run."""
    running = [scenario for needs, _, scenarios in _NEEDS if needs for scenario in scenarios]
    found = {scenario.__name__: scenario for scenario in (*_EVERYWHERE, *running)}
    if sdk.HAS_AGENTS:
        agents = importlib.import_module("tests.recordings.programs.agents")
        found |= {name: getattr(agents, name) for name in _WITH_AGENTS}
    return found


def missing() -> dict[str, str]:
    """Return the other scenarios, each with the reason why this version cannot run it."""
    found = {scenario.__name__: why for needs, why, scenarios in _NEEDS if not needs for scenario in scenarios}
    return found | ({} if sdk.HAS_AGENTS else dict.fromkeys(_WITH_AGENTS, _NO_AGENTS))


def untold() -> dict[str, dict[str, str]]:
    """Return what really happened in a scenario and this version's telemetry does not tell, with the reason."""
    if sdk.HAS_HOOKS:
        return {}
    return {
        "cancelled": {"outcome": "0.62 and older end the spans of a cancelled run as if it had completed."},
        "killed_inside": {"type": "0.62 and older do not tell a RunConcurrent that runs from a subflow that runs."},
    }
