"""What the header of a run says: outcome, place among others, times, tokens. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.features.run.loading import LoadedRun
from junjo_desktop.store.run_listings import Neighbours
from junjo_desktop.telemetry.junjo.breaking import failed_step, first_origin
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.telemetry.llm.call_sums import CallSums
from junjo_desktop.telemetry.span import Span
from junjo_desktop.theme.roles import Role
from junjo_desktop.widgets.cost_words import sums_cost_text, sums_words
from junjo_desktop.widgets.figures import count_text, counted, duration_text, iso_text, moment_text

_NAME_CHARACTERS = 40
_STATES: dict[ExecutionState, tuple[str, Role, str]] = {
    ExecutionState.DONE: ("completed", "ok", "It ended without a failure."),
    ExecutionState.RUNNING: ("running", "info", "Its own span has not arrived; the page follows what comes."),
    ExecutionState.LOST: ("no end arrived", "warning", "Nothing was heard of it for 60 s."),
    ExecutionState.CANCELLED: ("cancelled", "warning", "It was cancelled, which is no failure."),
    ExecutionState.FAILED: ("failed", "error", "It ended with a failure."),
}


@dataclass(frozen=True, slots=True)
class HeadTag:
    """A tag, its colour role and its tooltip."""

    text: str
    role: Role
    tip: str = ""


def head_tags(run: Run) -> tuple[HeadTag, ...]:
    """Return the outcome with where it failed, what kind of run it is unless a workflow, and errors of hooks."""
    tags = [_outcome(run)]
    kind = run.executable.type if run.executable is not None else None
    if kind is ExecutableType.SUBFLOW:
        tags.insert(0, HeadTag("subflow", "workflow", "It ran within another workflow."))
    if run.hook_errors:
        words = counted(len(run.hook_errors), "hook error")
        tags.append(HeadTag(words, "warning", "Errors of hooks do not fail a run."))
    return tuple(tags)


def _outcome(run: Run) -> HeadTag:
    word, role, tip = _STATES.get(run.state, ("", "node", ""))
    origin = first_origin(run)
    if origin is None:
        return HeadTag(word, role, tip)
    told = f"{origin.type}: {origin.message}".strip(": ")
    if run.state is ExecutionState.FAILED and origin.span_id != run.span_id:
        step = failed_step(run, origin)
        name = (step.name if step is not None else origin.name).strip()
        short = name if len(name) <= _NAME_CHARACTERS else f"{name[:_NAME_CHARACTERS]}…"
        return HeadTag(f"failed in {short}", role, told)
    return HeadTag(word, role, told or tip)


def head_facts(loaded: LoadedRun, place: Neighbours | None, calls: CallSums | None = None) -> str:
    """Return `run 41 of 318 · 14:02:11.480 · 6.74 s · 8,912 tokens · $0.0412`; `calls` is None until they are read."""
    run = loaded.run
    facts = [f"run {count_text(place.position)} of {count_text(place.count)}"] if place is not None else []
    facts.append(moment_text(run.start_ns) if run.start_ns else "no start time")
    if run.end_ns is not None:
        facts.append(duration_text(run.end_ns - run.start_ns))
    tokens = run_tokens(loaded.spans, calls)
    if tokens is not None:
        facts.append(f"{count_text(sum(tokens))} tokens")
    facts.append(sums_cost_text(calls))
    return " · ".join(fact for fact in facts if fact)


def head_tip(loaded: LoadedRun, calls: CallSums | None = None) -> str:
    """Return the same in full: times to the nanosecond, tokens in and out, ids."""
    run = loaded.run
    lines = [f"Started {iso_text(run.start_ns)}"] if run.start_ns else []
    if run.end_ns is not None:
        lines += [f"Ended {iso_text(run.end_ns)}", f"Duration {run.end_ns - run.start_ns:,} ns"]
    tokens = run_tokens(loaded.spans, calls)
    if tokens is not None:
        lines.append(f"Tokens {count_text(tokens[0])} in, {count_text(tokens[1])} out, as its model calls reported")
    if calls is not None and calls.call_count:
        lines += [f"Cost {sums_cost_text(calls)}", sums_words(calls)]
    if loaded.is_name_inferred:
        lines.append("Its name is that of the newest run of the same graph; its own has not arrived")
    if run.service_version:
        lines.append(f"Version {run.service_version}")
    executable = run.executable
    if executable is not None and executable.correlation_id:
        lines.append(f"{executable.correlation_type or 'Correlation'} {executable.correlation_id}")
    if run.runtime_id:
        lines.append(f"Runtime id {run.runtime_id}")
    lines.append(f"Trace {run.trace_id}")
    return "\n".join(lines)


def run_tokens(spans: Mapping[str, Span], calls: CallSums | None = None) -> tuple[int, int] | None:
    """Return the tokens (in, out) of a run: of its calls, each once, else as its spans told them; None for none."""
    if calls is not None and calls.call_count:
        is_told = calls.input_tokens is not None or calls.output_tokens is not None
        return (calls.input_tokens or 0, calls.output_tokens or 0) if is_told else None
    told = [span for span in spans.values() if span.input_tokens is not None or span.output_tokens is not None]
    if not told:
        return None
    return sum(span.input_tokens or 0 for span in told), sum(span.output_tokens or 0 for span in told)
