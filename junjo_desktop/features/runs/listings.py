"""What the lists of runs are made of. Free of Qt and SQL."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from junjo_desktop.store.execution import LOST_AFTER_NS
from junjo_desktop.store.run_filters import RunOutcome
from junjo_desktop.store.run_listings import RunFacets, RunGroup, RunIds, RunRow
from junjo_desktop.widgets.row_source import OrderedIds
from junjo_desktop.widgets.scatter_sample import Scatter

STRIP_RUNS = 20
"""How many runs the small picture of a group shows at most."""


@dataclass(frozen=True, slots=True)
class AgentRow(RunRow):
    """One line of the list of agents; None: the limit was not told (the agent runs, or sent none)."""

    model_request_limit: int | None = None
    tool_call_limit: int | None = None

    @classmethod
    def of(cls, row: RunRow, model_request_limit: int | None, tool_call_limit: int | None) -> AgentRow:
        """Return a row with its limits."""
        told: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(RunRow)}
        return cls(**told, model_request_limit=model_request_limit, tool_call_limit=tool_call_limit)


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What only reading every run tells: what the list can be narrowed by, and the scatter strip."""

    facets: RunFacets
    scatter: Scatter


@dataclass(frozen=True, slots=True)
class RunsListing:
    """An answer to one filter and order. `stored` counts all runs of the kind; `seen_ns` marks what is new later on."""

    ids: RunIds
    stored: int
    new: int
    seen_ns: int
    first_rows: Mapping[str, RunRow] = field(default_factory=dict)
    totals: RunTotals | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class StripRun:
    """One of the last runs of a group. `duration_ns` is None when nobody told its start."""

    start_ns: int
    duration_ns: int | None
    outcome: RunOutcome


@dataclass(frozen=True, slots=True)
class GroupRow:
    """All listed runs of one name in one service, and the last of them, the oldest first."""

    group: RunGroup
    strip: tuple[StripRun, ...]

    @property
    def key(self) -> str:
        """Its id in the list."""
        return f"{self.group.type}\x1f{self.group.service_name}\x1f{self.group.name}"


@dataclass(frozen=True, slots=True)
class GroupsListing:
    """All groups, in order, with their rows. `stored` counts all runs of the kind."""

    ids: OrderedIds
    stored: int
    new: int
    first_rows: Mapping[str, GroupRow]
    facets: RunFacets
    is_partial: bool = False

    @property
    def totals(self) -> RunFacets:
        """What the list can be narrowed by."""
        return self.facets


def state_of(row: RunRow) -> RunOutcome:
    """Return how a run ended, or how far it is as of now: what runs is lost once nothing is heard of it."""
    if row.span_id is not None:
        return row.outcome
    return RunOutcome.LOST if time.time_ns() - row.heard_ns > LOST_AFTER_NS else RunOutcome.RUNNING


def lasted_ns(row: RunRow) -> int | None:
    """Return how long a run took, or has lasted by now; None when nobody told its start."""
    if row.duration_ns is None or state_of(row) is not RunOutcome.RUNNING:
        return row.duration_ns
    return max(0, time.time_ns() - row.start_ns)
