"""The rows of two runs: steps beside each other, and where the time went. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from junjo_desktop.features.compare.rows import ComparedRow, ComparedRows, Side, notable_ns
from junjo_desktop.shell.comparison_words import path_words
from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep, Comparison, PathVerdict, TimeShare, lasted_ns
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.telemetry.junjo.run import Step
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.widgets.figures import counted, duration_text, offset_text

_STATE_WORDS = {
    ExecutionState.FAILED: "failed",
    ExecutionState.CANCELLED: "cancelled",
    ExecutionState.RUNNING: "running",
    ExecutionState.LOST: "no end",
}
_SIGNS = {ExecutionState.FAILED: "✕", ExecutionState.CANCELLED: "⊘"}
_STATE_ROLES: dict[ExecutionState, Role] = {
    ExecutionState.FAILED: "error",
    ExecutionState.CANCELLED: "warning",
    ExecutionState.LOST: "warning",
}


def divergence_key(comparison: Comparison) -> int | None:
    """Return the position of the row at which the paths part."""
    found = comparison.facts.divergence
    return None if found is None else found.position


def step_rows(comparison: Comparison) -> ComparedRows:
    """Return the steps in order of the tree, with a sentence where the paths part."""
    rows: list[ComparedRow] = []
    least_ns = _notable_ns(comparison)
    parting = divergence_key(comparison)
    for position, aligned in enumerate(comparison.steps):
        if position == parting:
            rows.append(_parting_row(comparison, aligned.depth))
        rows.append(_step_row(position, aligned, least_ns))
    return ComparedRows.of(rows)


def _parting_row(comparison: Comparison, depth: int) -> ComparedRow:
    facts = comparison.facts
    words = path_words(facts)
    is_open = facts.path is PathVerdict.OPEN
    name = words if is_open else f"First difference: {words[:1].lower()}{words[1:]}"
    return ComparedRow(None, name, depth, tip=words)


def _notable_ns(comparison: Comparison) -> int:
    return notable_ns(comparison.facts.left.duration_ns, comparison.facts.right.duration_ns)


def _step_row(position: int, aligned: AlignedStep, least_ns: int) -> ComparedRow:
    difference, role = _difference(aligned, least_ns)
    return ComparedRow(
        key=position,
        name=aligned.name,
        depth=aligned.depth,
        tag=(kind_word(aligned.span_type), kind_role(aligned.span_type)),
        note=_turn(aligned),
        left=_side(aligned.left),
        right=_side(aligned.right),
        difference=difference,
        difference_role=role,
        sign="" if aligned.is_both else "−" if aligned.left is not None else "+",
        tip="\n".join(_tip(aligned)),
        is_quiet=not aligned.is_path,
        is_path=aligned.is_path,
    )


def _turn(aligned: AlignedStep) -> str:
    steps = [step for step in (aligned.left, aligned.right) if step is not None]
    if max(step.iterations for step in steps) == 1:
        return ""
    turns = dict.fromkeys((step.iteration, step.iterations) for step in steps)
    if len({iteration for iteration, _ in turns}) == 1:
        wholes = " and of ".join(str(iterations) for iterations in dict.fromkeys(of for _, of in turns))
        return f"run {steps[0].iteration} of {wholes}"
    return " and ".join(f"run {iteration} of {iterations}" for iteration, iterations in turns)


def _difference(aligned: AlignedStep, least_ns: int) -> tuple[str, Role]:
    if not aligned.is_both:
        return ("only left" if aligned.left is not None else "only right"), "warning" if aligned.is_path else "dim"
    difference = aligned.difference_ns
    if difference is None:
        return "unknown", "dim"
    if abs(difference) < least_ns:
        return offset_text(difference), "dim"
    return offset_text(difference), "warning" if difference > 0 else "ok"


def _side(step: Step | None) -> Side:
    if step is None:
        return Side()
    lasted = lasted_ns(step)
    state, sign = _STATE_WORDS.get(step.state, ""), _SIGNS.get(step.state, "")
    role = _STATE_ROLES.get(step.state, "text")
    if lasted is None:
        return Side(step.span_id, state or "unknown", role)
    return Side(step.span_id, f"{sign} {duration_text(lasted)}".strip(), role, lasted, state)


def _tip(aligned: AlignedStep) -> list[str]:
    lines = [f"{kind_word(aligned.span_type)} {aligned.name}"]
    for which, step in (("Left", aligned.left), ("Right", aligned.right)):
        lasted = lasted_ns(step)
        exact = "" if lasted is None else f", {lasted:,} ns"
        lines.append(f"{which}: {'not in this run' if step is None else step.state.value.replace('_', ' ') + exact}")
    if aligned.difference_ns is not None:
        lines.append(f"Difference {aligned.difference_ns:+,} ns".replace("-", "−"))
    return lines


def time_rows(comparison: Comparison) -> ComparedRows:
    """Return where the time went by names of steps, what differs most first."""
    least_ns = _notable_ns(comparison)
    return ComparedRows.of([_time_row(share, comparison.steps, least_ns) for share in comparison.times])


def _time_row(share: TimeShare, steps: Sequence[AlignedStep], least_ns: int) -> ComparedRow:
    step = steps[share.position]
    difference = share.difference_ns
    is_notable = difference is not None and abs(difference) >= least_ns
    role: Role = "dim" if not is_notable or difference is None else "warning" if difference > 0 else "ok"
    is_run = share.position == 0
    return ComparedRow(
        key=share.position,
        name="Between the steps" if is_run else share.name,
        tag=(kind_word(share.span_type), kind_role(share.span_type)),
        note=_counts(share),
        left=_time_side(step.left, share.left_count, share.left_ns),
        right=_time_side(step.right, share.right_count, share.right_ns),
        difference="unknown" if difference is None else offset_text(difference),
        difference_role=role,
        tip="Time in steps of this name, without that in the path's steps inside them",
    )


def _counts(share: TimeShare) -> str:
    if share.left_count == share.right_count:
        return counted(share.left_count, "run") if share.left_count > 1 else ""
    return f"{share.left_count:,} left, {share.right_count:,} right"


def _time_side(step: Step | None, count: int, lasted: int | None) -> Side:
    if not count:
        return Side()
    text = "unknown" if lasted is None else duration_text(lasted)
    return Side(None if step is None else step.span_id, text, "text", lasted)
