"""Two runs beside each other, as what reads the comparison sees it; see `comparison` for how it is made.

Differences are those of the right run against the left one: of two runs of one workflow the older stands at the left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from junjo_desktop.telemetry.junjo.comparison_graph import GraphDifference
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run_model import Run, Step
from junjo_desktop.telemetry.junjo.state import StoreHistory

NO_NAME = "(no name)"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one span reported; None where it did not say."""

    input: int | None
    output: int | None


@dataclass(frozen=True)
class ComparedRun:
    """One of the two runs. `histories` are of its stores, by id; `tokens` by the span ids that reported some."""

    run: Run
    histories: Mapping[str, StoreHistory] = field(default_factory=dict)
    tokens: Mapping[str, Tokens] = field(default_factory=dict)
    name: str = ""
    """What it is called where its own span has not arrived."""


@dataclass(frozen=True, slots=True)
class AlignedStep:
    """A row: a step of both runs, or of one of them only.

    `parent` is the position of the row around it, None for the topmost. `is_path` marks what a run went through
    (executables, operations of agents); all else is what happened within.
    """

    left: Step | None
    right: Step | None
    depth: int
    parent: int | None
    is_path: bool

    @property
    def one(self) -> Step:
        """The step of the left run, else that of the right."""
        step = self.left or self.right
        if step is None:
            raise ValueError("A row has a step of at least one run.")
        return step

    @property
    def name(self) -> str:
        """What it is called: by the left run, or where that has not told it, by the right."""
        names = (step.name.strip() for step in (self.left, self.right) if step is not None)
        return next((name for name in names if name), NO_NAME)

    @property
    def span_type(self) -> str:
        """What it is; of what has not arrived at the left, as the right tells it."""
        told = [step for step in (self.left, self.right) if step is not None and step.is_arrived]
        return (told[0] if told else self.one).span_type

    @property
    def is_both(self) -> bool:
        """Whether both runs have it."""
        return self.left is not None and self.right is not None

    @property
    def difference_ns(self) -> int | None:
        """How much longer it took at the right; None where it was not in both, or has not ended in one."""
        left, right = lasted_ns(self.left), lasted_ns(self.right)
        return None if left is None or right is None else right - left


def lasted_ns(step: Step | None) -> int | None:
    """Return how long a step took; None for none, and for one that has not ended or said when it began."""
    if step is None or step.end_ns is None or not step.start_ns:
        return None
    return step.end_ns - step.start_ns


class PathVerdict(StrEnum):
    """Whether both runs went the same way."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"
    """As far as both are known: one has not ended, or nothing more arrived of it."""


@dataclass(frozen=True, slots=True)
class PathPlace:
    """A step of a path by its name. `iteration` is its run of several, 0 where there is one only."""

    name: str
    iteration: int = 0


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the paths part: the steps that came next, None where none did.

    `position` is the row of the first step that one run alone has; `after` is the last step before that both have, None
    at the beginning. `within` names the step around, "" for the run itself. `left_state` and `right_state` tell how
    that ended at each side. In a group that runs its steps at once nothing comes after anything.
    """

    position: int
    within: str
    after: PathPlace | None
    left: PathPlace | None
    right: PathPlace | None
    left_state: ExecutionState
    right_state: ExecutionState
    is_concurrent: bool = False


@dataclass(frozen=True, slots=True)
class TimeShare:
    """The time that both runs spent in steps of one name, without the path's steps inside these.

    Each figure is None where no such step has ended; `position` is the row that adds most to the difference.
    """

    name: str
    span_type: str
    left_count: int
    right_count: int
    left_ns: int | None
    right_ns: int | None
    position: int

    @property
    def difference_ns(self) -> int | None:
        """How much more it is at the right. What one run does not have took no time there; None: not known."""
        if (self.left_ns is None and self.left_count) or (self.right_ns is None and self.right_count):
            return None
        return (self.right_ns or 0) - (self.left_ns or 0)


@dataclass(frozen=True, slots=True)
class StorePair:
    """A store of both runs, or of one. `position` is the row of its owner, None where nobody told whose it is."""

    name: str
    position: int | None
    left: StoreHistory | None
    right: StoreHistory | None


@dataclass(frozen=True, slots=True)
class StateFacts:
    """In how many places two states differ; None, with the reason, where one of them is not known."""

    count: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """Where and why a run failed. `step` is the nearest executable around the span that failed, "" for the run."""

    step: str
    name: str
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is said of one run as a whole. None: not told."""

    trace_id: str
    span_id: str
    """Its owner's, arrived or not."""
    name: str
    type: str | None
    state: ExecutionState
    failure: FailureFacts | None
    failure_count: int
    """Where failures arose; spans that only passed them on do not count."""
    hook_error_count: int
    start_ns: int
    duration_ns: int | None
    step_count: int
    model_calls: int
    tool_calls: int
    input_tokens: int | None
    output_tokens: int | None
    service_name: str
    service_version: str | None
    correlation_type: str | None
    correlation_id: str | None
    generation: str
    """Which telemetry the SDK sent: `contract 2`, or what it is known by before there were contracts."""


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """All that a summary says. `duration_difference_ns` is None unless both ended; `unknown` are sentences."""

    left: RunFacts
    right: RunFacts
    path: PathVerdict
    divergence: Divergence | None
    duration_difference_ns: int | None
    slowest: TimeShare | None
    """What explains most of the difference in duration."""
    start: StateFacts | None
    """Of the runs' own stores; None where neither has one."""
    end: StateFacts | None
    is_graph_same: bool | None
    """None where one of the runs did not tell its graph."""
    new_nodes: int
    gone_nodes: int
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two runs beside each other. `steps` are in order of the tree; `times` with the largest difference first."""

    left: ComparedRun
    right: ComparedRun
    steps: tuple[AlignedStep, ...]
    times: tuple[TimeShare, ...]
    stores: tuple[StorePair, ...]
    """The runs' own first."""
    graphs: tuple[GraphDifference, ...]
    """Of the run itself and of subflows that both ran; those that are the same are not in it."""
    facts: ComparisonFacts
