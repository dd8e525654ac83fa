"""What tells the two lists of runs apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from junjo_desktop.features.runs.columns import agent_columns, workflow_columns
from junjo_desktop.features.runs.group_columns import agent_group_columns, workflow_group_columns
from junjo_desktop.features.runs.listings import GroupRow
from junjo_desktop.shell.list_page import ListWords
from junjo_desktop.store.run_filters import RunKind
from junjo_desktop.store.run_listings import RunRow
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.widgets.list_columns import BarScale
from junjo_desktop.widgets.row_source import Column


@dataclass(frozen=True, slots=True)
class RunsKind:
    """One of the two lists. `what` is what a group stands for: "workflow"."""

    kind: RunKind
    words: ListWords
    what: str
    columns: Callable[[BarScale], tuple[Column[RunRow], ...]]
    group_columns: Callable[[], tuple[Column[GroupRow], ...]]

    @property
    def by_title(self) -> str:
        """What the switch to groups says."""
        return f"By {self.what}"


WORKFLOWS = RunsKind(
    RunKind.WORKFLOWS,
    ListWords(
        key="workflows",
        group="Workflows",
        noun="run",
        nothing_yet="No workflow runs yet. Point a Junjo program here and they appear by themselves.",
        icon="workflows",
        subject=Subject.RUNS,
    ),
    "workflow",
    workflow_columns,
    workflow_group_columns,
)
AGENTS = RunsKind(
    RunKind.AGENTS,
    ListWords(
        key="agents",
        group="Agents",
        noun="run",
        nothing_yet="No agent runs yet. Point a Junjo program here and they appear by themselves.",
        icon="agents",
        subject=Subject.RUNS,
    ),
    "agent",
    agent_columns,
    agent_group_columns,
)
