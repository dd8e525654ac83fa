"""Reads two runs and compares them, off the GUI thread."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from junjo_desktop.background import collection_held_back
from junjo_desktop.features.compare.queries import FoundRun, find_run, version_of
from junjo_desktop.features.compare.rows import ComparedRows
from junjo_desktop.features.compare.run_rows import divergence_key, step_rows, time_rows
from junjo_desktop.shell.comparison_words import summary
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.telemetry.junjo.comparison import compare_runs
from junjo_desktop.telemetry.junjo.comparison_model import Comparison
from junjo_desktop.telemetry.junjo.executable import ExecutionState

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_IDLE_SHARE = 6
"""Reading is followed by a pause of this many times its own time."""
_LEAST_PAUSE_S = 0.4


@dataclass(frozen=True)
class LoadedComparison:
    """A comparison ready to be shown."""

    left: FoundRun
    right: FoundRun
    comparison: Comparison
    sentences: tuple[str, ...]
    steps: ComparedRows
    times: ComparedRows
    first_difference: int | None
    """Key of the row at which the paths part."""
    rests_until_s: float
    """Monotonic time before which it is not read again, however fast its runs grow."""

    @property
    def name(self) -> str:
        """What both are runs of."""
        facts = self.comparison.facts
        return facts.left.name or facts.right.name or "(name not known yet)"

    @property
    def may_change_by_itself(self) -> bool:
        """Whether one counts as running, which ends by the clock when nothing more is heard of it."""
        facts = self.comparison.facts
        return ExecutionState.RUNNING in (facts.left.state, facts.right.state)


@dataclass(frozen=True, slots=True)
class LoadComparison:
    """A read: two runs. Raises `NotFoundError` while nothing of one has arrived."""

    left: OpenRun
    right: OpenRun

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedComparison:
        started_s = time.monotonic()
        with collection_held_back():
            left, right = find_run(cursor, self.left), find_run(cursor, self.right)
            comparison = compare_runs(left.compared, right.compared)
            sentences, steps, times = summary(comparison.facts), step_rows(comparison), time_rows(comparison)
        ended_s = time.monotonic()
        return LoadedComparison(
            left=left,
            right=right,
            comparison=comparison,
            sentences=sentences,
            steps=steps,
            times=times,
            first_difference=divergence_key(comparison),
            rests_until_s=ended_s + max((ended_s - started_s) * _IDLE_SHARE, _LEAST_PAUSE_S),
        )


@dataclass(frozen=True, slots=True)
class LoadChange:
    """A read: the comparison again, or None when nothing of both traces changed (unless `is_forced`: time went by)."""

    shown: LoadedComparison
    is_forced: bool = False

    def __call__(self, cursor: DuckDBPyConnection) -> LoadedComparison | None:
        found = [self.shown.left, self.shown.right]
        places = [OpenRun(one.compared.run.trace_id, one.compared.run.steps[0].span_id) for one in found]
        is_same = all(version_of(cursor, one.compared.run.trace_id) == one.version for one in found)
        return None if is_same and not self.is_forced else LoadComparison(*places)(cursor)
