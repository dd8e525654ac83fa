"""Both runs as two lines under each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from junjo_desktop.features.compare.facts_grid import FactsGrid, FactText, FactTitle, SideFacts
from junjo_desktop.telemetry.junjo.comparison_model import ComparisonFacts, RunFacts
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text, moment_text

_STATES: dict[ExecutionState, tuple[str, Role]] = {
    ExecutionState.DONE: ("completed", "ok"),
    ExecutionState.RUNNING: ("running", "info"),
    ExecutionState.LOST: ("no end arrived", "warning"),
    ExecutionState.CANCELLED: ("cancelled", "warning"),
    ExecutionState.FAILED: ("failed", "error"),
    ExecutionState.NOT_RUN: ("not run", "node"),
}


@dataclass(frozen=True, slots=True)
class _Fact:
    """A column; see `FactTitle`."""

    title: str
    spare: int
    text: Callable[[RunFacts], str]
    tip: Callable[[RunFacts], str] = lambda _run: ""
    only_if_differs: bool = False


def _started(run: RunFacts) -> str:
    return moment_text(run.start_ns) if run.start_ns else "no start time"


def _started_tip(run: RunFacts) -> str:
    return iso_text(run.start_ns) if run.start_ns else ""


def _lasted(run: RunFacts) -> str:
    return "unknown" if run.duration_ns is None else duration_text(run.duration_ns)


def _lasted_tip(run: RunFacts) -> str:
    return "It has not ended, or did not say when it began" if run.duration_ns is None else f"{run.duration_ns:,} ns"


def _tokens(run: RunFacts) -> str:
    told = [count for count in (run.input_tokens, run.output_tokens) if count is not None]
    return count_text(sum(told)) if told else ""


def _tokens_tip(run: RunFacts) -> str:
    return f"{count_text(run.input_tokens or 0)} in, {count_text(run.output_tokens or 0)} out" if _tokens(run) else ""


def _nonzero(count: Callable[[RunFacts], int]) -> Callable[[RunFacts], str]:
    return lambda run: count_text(count(run)) if count(run) else ""


_FACTS = (
    _Fact("Started", 1, _started, _started_tip),
    _Fact("Duration", 0, _lasted, _lasted_tip),
    _Fact("Steps", 2, lambda run: count_text(run.step_count)),
    _Fact("Model calls", 6, _nonzero(lambda run: run.model_calls)),
    _Fact("Tool calls", 9, _nonzero(lambda run: run.tool_calls)),
    _Fact("Tokens", 3, _tokens, _tokens_tip),
    _Fact("Failures", 7, _nonzero(lambda run: run.failure_count)),
    _Fact("Hook errors", 12, _nonzero(lambda run: run.hook_error_count)),
    _Fact("Version", 5, lambda run: run.service_version or ""),
    _Fact("Correlation", 8, lambda run: " ".join(filter(None, (run.correlation_type, run.correlation_id)))),
    _Fact("Service", 10, lambda run: run.service_name, only_if_differs=True),
    _Fact("Name", 4, lambda run: run.name, only_if_differs=True),
    _Fact("Telemetry", 11, lambda run: run.generation, only_if_differs=True),
)


class RunGrid(FactsGrid):
    """Shows what is said of both runs as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = [FactTitle(fact.title, fact.spare, fact.only_if_differs) for fact in _FACTS]
        super().__init__(titles, "run", parent)

    def show_facts(self, facts: ComparisonFacts) -> None:
        """Show both runs."""
        self.show_sides(_side(facts.left), _side(facts.right))


def _side(run: RunFacts) -> SideFacts:
    failure = run.failure
    told = "" if failure is None else f"{failure.step or run.name}\n{failure.type}: {failure.message}"
    texts = [FactText(fact.text(run), fact.tip(run)) for fact in _FACTS]
    return SideFacts(_STATES[run.state], told.strip(": "), texts)
