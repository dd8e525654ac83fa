"""What a comparison comes to: both runs as a whole, and what is not known about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junjo_desktop.telemetry.junjo.breaking import failed_step, first_origin
from junjo_desktop.telemetry.junjo.comparison_graph import GraphDifference
from junjo_desktop.telemetry.junjo.comparison_model import (
    NO_NAME,
    AlignedStep,
    ComparedRun,
    ComparisonFacts,
    FailureFacts,
    RunFacts,
    StateFacts,
    TimeShare,
)
from junjo_desktop.telemetry.junjo.comparison_path import path_verdict, slowest_share
from junjo_desktop.telemetry.junjo.comparison_states import StateDifference
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutionState
from junjo_desktop.telemetry.junjo.run_model import Run
from junjo_desktop.telemetry.junjo.state import Certainty

_UNFINISHED = frozenset((ExecutionState.RUNNING, ExecutionState.LOST))


def comparison_facts(
    left: ComparedRun,
    right: ComparedRun,
    rows: Sequence[AlignedStep],
    times: Sequence[TimeShare],
    graphs: Sequence[GraphDifference],
    is_graph_same: bool | None,
    states: tuple[StateDifference | None, StateDifference | None],
) -> ComparisonFacts:
    """Put together what a summary says. `states` are those of the runs' own store at the start and at the end."""
    one = _run_facts(left, sum(row.is_path and row.left is not None for row in rows))
    other = _run_facts(right, sum(row.is_path and row.right is not None for row in rows))
    path, divergence = path_verdict(rows)
    lasted = one.duration_ns, other.duration_ns
    difference_ns = None if lasted[0] is None or lasted[1] is None else lasted[1] - lasted[0]
    own = next((graph for graph in graphs if graph.position == 0), None)
    start, end = states
    return ComparisonFacts(
        left=one,
        right=other,
        path=path,
        divergence=divergence,
        duration_difference_ns=difference_ns,
        slowest=slowest_share(times, difference_ns),
        start=_state_facts(start),
        end=_state_facts(end),
        is_graph_same=is_graph_same,
        new_nodes=0 if own is None else len(own.new_nodes),
        gone_nodes=0 if own is None else len(own.gone_nodes),
        unknown=tuple(dict.fromkeys(_unknown(left.run, right.run, start, end))),
    )


def _run_facts(side: ComparedRun, path_steps: int) -> RunFacts:
    run, executable = side.run, side.run.executable
    calls = [step.span_type for step in run.steps]
    told = side.tokens.values()
    return RunFacts(
        trace_id=run.trace_id,
        span_id=run.steps[0].span_id if run.steps else run.span_id or "",
        name=run.name.strip() or side.name.strip(),
        type=executable.type.value if executable is not None and executable.is_arrived else None,
        state=run.state,
        failure=_failure(run),
        failure_count=sum(failure.is_origin for failure in run.failures),
        hook_error_count=len(run.hook_errors),
        start_ns=run.start_ns,
        duration_ns=run.end_ns - run.start_ns if run.end_ns is not None and run.start_ns else None,
        # Without the run itself.
        step_count=max(path_steps - 1, 0),
        model_calls=calls.count("llm"),
        tool_calls=calls.count("tool"),
        input_tokens=sum(one.input or 0 for one in told) if told else None,
        output_tokens=sum(one.output or 0 for one in told) if told else None,
        service_name=run.service_name,
        service_version=run.service_version,
        correlation_type=None if executable is None else executable.correlation_type,
        correlation_id=None if executable is None else executable.correlation_id,
        generation=_generation(executable),
    )


def _failure(run: Run) -> FailureFacts | None:
    failure = first_origin(run) or next(iter(run.failures), None)
    if failure is None:
        return None
    step = failed_step(run, failure)
    place = "" if step is None else step.name.strip() or NO_NAME
    return FailureFacts(place, failure.name.strip(), failure.type, failure.message)


def _generation(executable: Executable | None) -> str:
    if executable is None:
        return ""
    if executable.contract_version is not None:
        return f"contract {executable.contract_version}"
    return "without structural ids" if executable.structural_id is None else "before contract 1"


def _state_facts(difference: StateDifference | None) -> StateFacts | None:
    if difference is None:
        return None
    changes = difference.changes
    return StateFacts(None if changes is None else changes.count, difference.reason)


def _unknown(left: Run, right: Run, start: StateDifference | None, end: StateDifference | None) -> Iterator[str]:
    """Yield a sentence for all that may make the comparison wrong."""
    yield from _unknown_of("left", left)
    yield from _unknown_of("right", right)
    if _UNFINISHED.isdisjoint((left.state, right.state)):
        yield from (difference.reason for difference in (start, end) if difference is not None and difference.reason)
    if end is not None and end.changes is not None:
        for which, state in (("left", end.left), ("right", end.right)):
            if state.certainty is Certainty.INFERRED:
                yield f"The state at the end of the {which} run is inferred. {state.reason}".strip()


def _unknown_of(which: str, run: Run) -> Iterator[str]:
    if run.state is ExecutionState.RUNNING:
        yield f"The {which} run has not ended: it is compared as far as it has come. Its states are sent at its end."
        return
    if run.state is ExecutionState.LOST:
        yield f"The end of the {which} run did not arrive, nor its states: it is compared as far as it is known."
    else:
        yield from (f"Of the {which} run: {note}" for note in run.notes)
    count = run.dropped.events
    if count:
        yield f"{count:,} event{'s' * (count != 1)} of the {which} run were dropped before they were sent."
