"""What narrows the lists of runs. Qt-free and free of SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace

from junjo_desktop.store.run_filters import RunFilter, RunKind, RunOutcome
from junjo_desktop.widgets.list_filter import ListFilter, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsFilter(ListFilter):
    """What a run must satisfy to be listed. The default lets every run through that no other run started."""

    with_subflows: bool = False
    """Not a filter but a wider list: clearing the filters leaves it."""
    name: str | None = None
    outcomes: frozenset[RunOutcome] = frozenset()
    """Empty: all."""
    version: str | None = None
    termination_reason: str | None = None
    correlation_id: str | None = None

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words: dict[str, str] = {}
        if self.name is not None:
            words["name"] = f"name {quoted(self.name)}" if self.name else "name not known yet"
        if self.outcomes:
            words["outcomes"] = " or ".join(outcome.value for outcome in RunOutcome if outcome in self.outcomes)
        if self.version is not None:
            words["version"] = f"version {quoted(self.version)}"
        if self.termination_reason is not None:
            words["termination_reason"] = f"ended by {quoted(self.termination_reason)}"
        if self.correlation_id is not None:
            words["correlation_id"] = f"correlation {quoted(self.correlation_id)}"
        return words

    def with_outcome(self, outcome: RunOutcome, *, wanted: bool) -> RunsFilter:
        """Return this filter with one outcome more or less; all of them are none."""
        outcomes = self.outcomes | {outcome} if wanted else self.outcomes - {outcome}
        return replace(self, outcomes=frozenset() if outcomes == frozenset(RunOutcome) else outcomes)

    @property
    def follows_clock(self) -> bool:
        """Whether a run may come or go though nothing is received: what runs is lost after a while."""
        return bool(self.outcomes & {RunOutcome.RUNNING, RunOutcome.LOST})

    def stored(self, kind: RunKind, now_ns: int) -> RunFilter:
        """Return what the store is asked for."""
        since_ns, until_ns = self.time_range.bounds(now_ns)
        return RunFilter(
            kind=kind,
            with_subflows=self.with_subflows,
            service=self.service,
            name=self.name,
            version=self.version,
            outcomes=self.outcomes,
            since_ns=since_ns,
            until_ns=until_ns,
            min_duration_ns=self.min_duration_ns,
            max_duration_ns=self.max_duration_ns,
            correlation_id=self.correlation_id,
            termination_reason=self.termination_reason,
            text=self.text,
        )
