"""The failures of a run as rows: each where it arose, what passed it on below it; errors of hooks apart. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junjo_desktop.features.run.outline import Cells, Outline, OutlineBuilder
from junjo_desktop.features.run.selection import Step as UpdateStep
from junjo_desktop.telemetry.junjo.events import Failure, HookError
from junjo_desktop.telemetry.junjo.run import Run, Step
from junjo_desktop.theme.roles import Role, kind_role, kind_word
from junjo_desktop.widgets.figures import counted, offset_text

FAILURE, HOOK, HEADING = "failure", "hook", "heading"
"""First part of a row's key."""
HOOK_SENTENCE = "A hook that raises does not fail the run: hooks only watch."


@dataclass(frozen=True, slots=True)
class FailureItem:
    """A failure. `passed_on` counts the spans around that carry the same failure."""

    failure: Failure
    carrier: Step | None
    run_start_ns: int
    passed_on: int = 0

    @property
    def span_id(self) -> str | None:
        """The span that failed."""
        return self.failure.span_id

    @property
    def step(self) -> UpdateStep | None:
        """None: a whole span is selected."""
        return None

    def cells(self) -> Cells:
        """Return kind and name of the span, type, message, and when."""
        failure = self.failure
        name = failure.name.strip() or "(no name)"
        notes = [] if failure.is_origin else ["passed on"]
        notes += [first_line(failure.message)] if failure.message and failure.is_origin else []
        return Cells(
            name=name,
            tag=_tag(self.carrier),
            name_role="text",
            strong=last_name(failure.type) or "failed",
            note=" · ".join(notes),
            reason=f"caused by {first_line(failure.cause)}" if failure.cause and failure.is_origin else "",
            right=offset_text(failure.time_ns - self.run_start_ns) if failure.time_ns else "",
            tip=f"{failure.type}: {failure.message}" + (f"\nCause: {failure.cause}" if failure.cause else ""),
        )


@dataclass(frozen=True, slots=True)
class HookItem:
    """An error of a hook."""

    error: HookError
    carrier: Step | None
    run_start_ns: int

    @property
    def span_id(self) -> str | None:
        """The span that the hook observed."""
        return self.error.span_id

    @property
    def step(self) -> UpdateStep | None:
        """None: a whole span is selected."""
        return None

    def cells(self) -> Cells:
        """Return the hook, the type and message of its error, and when."""
        error = self.error
        return Cells(
            name=last_name(error.callback) or error.hook_event or "hook",
            tag=("hook", "warning"),
            strong=last_name(error.type) or "raised",
            note=first_line(error.message),
            right=offset_text(error.time_ns - self.run_start_ns) if error.time_ns else "",
            tip=f"{error.hook_event} · {error.callback}\n{error.type}: {error.message}",
        )


@dataclass(frozen=True, slots=True)
class HeadingItem:
    """A heading over rows of another sort."""

    text: str
    sentence: str

    @property
    def span_id(self) -> str | None:
        """None: nothing is selected."""
        return None

    @property
    def step(self) -> UpdateStep | None:
        """None: nothing is selected."""
        return None

    def cells(self) -> Cells:
        """Return the heading and its sentence."""
        return Cells(name=self.text, reason=self.sentence, tip=self.sentence)


@dataclass(frozen=True)
class FailureRows:
    """Rows and figures of both sorts. `order` has the keys of the failures alone, from top to bottom."""

    outline: Outline
    failure_count: int = 0
    hook_error_count: int = 0
    order: tuple[tuple[str, int], ...] = ()


NO_FAILURES = FailureRows(Outline())


def failure_rows(run: Run) -> FailureRows:
    """Arrange the failures of a run by where they arose, in order of time."""
    steps = {step.span_id: step for step in run.steps}
    passed_on = _passed_on(run, steps)
    below = {number for chain in passed_on.values() for number in chain}
    rows, order = OutlineBuilder(), []
    tops = [number for number in range(len(run.failures)) if number not in below]
    for top in sorted(tops, key=lambda number: (not run.failures[number].is_origin, run.failures[number].time_ns)):
        chain = passed_on.get(top, ())
        for depth, number in ((0, top), *((1, number) for number in chain)):
            failure = run.failures[number]
            item = FailureItem(failure, steps.get(failure.span_id), run.start_ns, 0 if depth else len(chain))
            rows.add((FAILURE, number), depth, item)
            order.append((FAILURE, number))
    if run.hook_errors:
        heading = counted(len(run.hook_errors), "hook error")
        rows.add((HEADING, 0), 0, HeadingItem(heading[0].upper() + heading[1:], HOOK_SENTENCE))
        for number, error in sorted(enumerate(run.hook_errors), key=lambda numbered: numbered[1].time_ns):
            rows.add((HOOK, number), 1, HookItem(error, steps.get(error.span_id), run.start_ns))
    return FailureRows(rows.build(), len(run.failures), len(run.hook_errors), tuple(order))


def cause_words(run: Run, span_id: str) -> str:
    """Return what caused the failure of a span where the span itself does not say it; "" for nothing."""
    failure = next((one for one in run.failures if one.span_id == span_id), None)
    told = failure is None or not failure.cause or first_line(failure.cause) in failure.stacktrace
    return "" if told or failure is None else f"Cause: {failure.cause}"


def _passed_on(run: Run, steps: Mapping[str, Step]) -> dict[int, tuple[int, ...]]:
    """Return, for the failure that arose somewhere, those of spans around it, from the inside out.

    A span around several stands below the first of them that failed.
    """
    origins = sorted(
        (number for number, failure in enumerate(run.failures) if failure.is_origin),
        key=lambda number: run.failures[number].time_ns,
    )
    free = {failure.span_id: number for number, failure in enumerate(run.failures) if not failure.is_origin}
    chains: dict[int, tuple[int, ...]] = {}
    for origin in origins:
        chain: list[int] = []
        seen: set[str] = set()
        at = steps.get(run.failures[origin].span_id)
        while at is not None and at.parent_span_id is not None and at.parent_span_id not in seen:
            seen.add(at.parent_span_id)
            if (number := free.pop(at.parent_span_id, None)) is not None:
                chain.append(number)
            at = steps.get(at.parent_span_id)
        chains[origin] = tuple(chain)
    return chains


def last_name(dotted: str) -> str:
    """Return the name of a type or a function without the modules it is in."""
    return dotted.rpartition(".")[2]


def first_line(text: str) -> str:
    """Return the first line of a message that says something."""
    return next((line for line in text.splitlines() if line.strip()), "")


def _tag(carrier: Step | None) -> tuple[str, Role] | None:
    return None if carrier is None else (kind_word(carrier.span_type), kind_role(carrier.span_type))
