"""The lists of runs: of workflows, and of agents. Two screens of the same parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from junjo_desktop.shell.destinations import OpenRun, OpenRuns
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench

Kind = Literal["workflows", "agents"]


def _build_workflows(workbench: Workbench) -> Page:
    from junjo_desktop.features.runs.kinds import WORKFLOWS
    from junjo_desktop.features.runs.page import RunsPage

    return RunsPage(workbench, WORKFLOWS)


def _build_agents(workbench: Workbench) -> Page:
    from junjo_desktop.features.runs.kinds import AGENTS
    from junjo_desktop.features.runs.page import RunsPage

    return RunsPage(workbench, AGENTS)


def _count(kind: Kind, cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.runs.queries import run_count
    from junjo_desktop.store.run_filters import RunKind

    return run_count(cursor, RunKind(kind))


def _shows(kind: Kind, destination: object) -> bool:
    return isinstance(destination, OpenRuns) and destination.kind == kind


FEATURES = (
    Feature(
        name="workflows",
        title="Workflows",
        icon="workflows",
        order=30,
        section="main",
        build=_build_workflows,
        destinations=(OpenRuns,),
        shows=partial(_shows, "workflows"),
        leads_to=(OpenRun,),
        lists="runs",
        count=partial(_count, "workflows"),
    ),
    Feature(
        name="agents",
        title="Agents",
        icon="agents",
        order=40,
        section="main",
        build=_build_agents,
        destinations=(OpenRuns,),
        shows=partial(_shows, "agents"),
        leads_to=(OpenRun,),
        lists="runs",
        count=partial(_count, "agents"),
    ),
)
