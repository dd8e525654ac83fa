"""What differs between two runs, in sentences: for the page that compares them, and for the command line. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator

from junjo_desktop.telemetry.junjo.comparison_model import (
    NO_NAME,
    ComparisonFacts,
    Divergence,
    PathPlace,
    PathVerdict,
    RunFacts,
    TimeShare,
)
from junjo_desktop.telemetry.junjo.executable import ExecutionState
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted, duration_text, offset_text

_ALIKE_SHARE = 0.03
"""Runs whose durations differ by less than this share count as equally fast."""
_ALIKE_NS = 1_000_000
_MOST_SHARE, _WHOLE_SHARE = 0.5, 1.1
_NAME_CHARACTERS = 60
_ENDINGS = {
    ExecutionState.DONE: "completed",
    ExecutionState.CANCELLED: "was cancelled",
    ExecutionState.RUNNING: "is still running",
    ExecutionState.LOST: "has no end that arrived",
    ExecutionState.NOT_RUN: "did not run",
}


def summary(facts: ComparisonFacts) -> tuple[str, ...]:
    """Return the sentences, what matters most first."""
    return tuple(_sentences(facts))


def _sentences(facts: ComparisonFacts) -> Iterator[str]:
    if (facts.left.trace_id, facts.left.span_id) == (facts.right.trace_id, facts.right.span_id):
        yield "Both sides show the same run."
    if _are_two_names(facts):
        kind = f"{facts.left.type}s" if facts.left.type and facts.left.type == facts.right.type else "names"
        yield f"These are runs of different {kind}: {short(facts.left.name)} and {short(facts.right.name)}."
    yield from _outcomes(facts.left, facts.right)
    yield path_words(facts)
    if facts.duration_difference_ns is None and facts.end is not None and facts.end.count is None:
        yield "Their durations and end states cannot be compared."
    else:
        yield from _duration(facts)
        yield from _states(facts)
    yield from _graph(facts)


def _are_two_names(facts: ComparisonFacts) -> bool:
    return bool(facts.left.name and facts.right.name) and facts.left.name != facts.right.name


def short(name: str) -> str:
    """Return a name for a sentence."""
    return one_line(name.strip(), _NAME_CHARACTERS)


def _outcomes(left: RunFacts, right: RunFacts) -> Iterator[str]:
    if left.state is not right.state:
        yield f"The left run {_ending(left)}, the right {_ending(right)}."
    elif left.state is ExecutionState.FAILED:
        if (left.failure and left.failure.step) == (right.failure and right.failure.step):
            where = f" in {short(left.failure.step)}" if left.failure and left.failure.step else ""
            types = [_type(failure.type) for failure in (left.failure, right.failure) if failure and failure.type]
            words = " and ".join(dict.fromkeys(types))
            yield f"Both failed{where}{f' ({words})' if words else ''}."
        else:
            yield f"The left run {_ending(left)}, the right {_ending(right)}."
    elif left.state is ExecutionState.CANCELLED:
        yield "Both were cancelled."


def _ending(run: RunFacts) -> str:
    if run.state is not ExecutionState.FAILED:
        return _ENDINGS[run.state]
    failure = run.failure
    if failure is None:
        return "failed"
    where = f" in {short(failure.step)}" if failure.step else ""
    return f"failed{where}{f' ({_type(failure.type)})' if failure.type else ''}"


def _type(name: str) -> str:
    """Return the class without its module: that says little and is long."""
    return short(name.rsplit(".", 1)[-1])


def path_words(facts: ComparisonFacts) -> str:
    """Return in one sentence whether both went the same way, and where not."""
    found = facts.divergence
    if found is None:
        return "Same path."
    words = divergence_words(found)
    return f"Same path so far. {words}" if facts.path is PathVerdict.OPEN else words


def divergence_words(found: Divergence) -> str:
    """Return `After Draft the left run went to CheckPolicy, the right to Sink.`"""
    within = f"in {short(found.within)}" if found.within else ""
    if found.is_concurrent:
        whose, one = ("left", found.left) if found.left is not None else ("right", found.right)
        return _sentence(f"{within} only the {whose} run had {_place(one)}.")
    after = f"after {_place(found.after)}" if found.after is not None else "at the beginning"
    where = f"{within}, {after}," if within else after
    if found.left is not None and found.right is not None:
        verb, to = ("went to", "to ") if found.after is not None else ("took", "")
        left, right = _next(found, found.left), _next(found, found.right)
        return _sentence(f"{where} the left run {verb} {left}, the right {to}{right}.")
    # One of them went no further.
    which, state, other, place = (
        ("right", found.right_state, "left", found.left)
        if found.left is not None
        else ("left", found.left_state, "right", found.right)
    )
    return _sentence(f"{where} {_stopped(which, state)}; the {other} went on to {_next(found, place)}.")


def _stopped(which: str, state: ExecutionState) -> str:
    match state:
        case ExecutionState.FAILED:
            return f"the {which} run failed"
        case ExecutionState.CANCELLED:
            return f"the {which} run was cancelled"
        case ExecutionState.RUNNING | ExecutionState.LOST:
            return f"nothing more has arrived of the {which} run"
        case _:
            return f"the {which} run ended"


def _next(found: Divergence, place: PathPlace | None) -> str:
    is_again = found.after is not None and place is not None and place.name == found.after.name
    return f"another {_place(place)}" if is_again else _place(place)


def _place(place: PathPlace | None) -> str:
    if place is None:
        return ""
    name = "a step whose name has not arrived" if place.name == NO_NAME else short(place.name)
    return f"{name} (run {place.iteration})" if place.iteration else name


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _duration(facts: ComparisonFacts) -> Iterator[str]:
    difference, left, right = facts.duration_difference_ns, facts.left.duration_ns, facts.right.duration_ns
    if difference is None or left is None or right is None:
        yield "Their durations cannot be compared."
        return
    if abs(difference) <= max(_ALIKE_NS, round(max(left, right) * _ALIKE_SHARE)):
        yield f"Both took about {duration_text(max(left, right))}."
        return
    amount = duration_text(abs(difference))
    if facts.left.state is facts.right.state:
        words = f"The right run was {amount} {'slower' if difference > 0 else 'faster'}"
    else:
        # A run that broke off is not the faster one.
        words = f"The right run took {amount} {'longer' if difference > 0 else 'less'}"
    yield f"{words}{_where(facts.slowest, difference)}."


def _where(slowest: TimeShare | None, difference: int) -> str:
    share = None if slowest is None else slowest.difference_ns
    if slowest is None or share is None:
        return ""
    # It may be more than the whole: then other steps took less.
    extent = "most of it" if _MOST_SHARE <= share / difference <= _WHOLE_SHARE else "the most"
    only = (
        ""
        if slowest.left_count and slowest.right_count
        else (", only in the left" if slowest.left_count else ", only in the right")
    )
    # The time of the run itself is that between its steps.
    where = f"in {short(slowest.name)}" if slowest.position else "between its steps"
    return f", {extent} {where} ({offset_text(share)}{only})"


def _states(facts: ComparisonFacts) -> Iterator[str]:
    start, end = facts.start, facts.end
    if start is not None and start.count:
        yield f"They started from different states ({_places(start.count)})."
    if end is None:
        return
    if end.count is None:
        yield "Their end states cannot be compared."
    elif end.count:
        yield f"End states differ in {_places(end.count)}."
    else:
        yield "End states are the same."


def _places(count: int) -> str:
    return counted(count, "place")


def _graph(facts: ComparisonFacts) -> Iterator[str]:
    if facts.is_graph_same is False and not _are_two_names(facts):
        changes = [
            f"{counted(count, 'node')} {word}"
            for count, word in ((facts.new_nodes, "new"), (facts.gone_nodes, "gone"))
            if count
        ]
        yield f"The graph was changed{': ' + ', '.join(changes) if changes else ''}."
