"""Lays the steps of two runs beside each other.

From the run itself downwards, what stands within two aligned steps is aligned in order, so that as many steps as
possible have a partner and, of several ways to do so, the earliest steps have: loops pair iteration by iteration.
The steps of a concurrent group have no order; they are paired by what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from junjo_desktop.telemetry.junjo.comparison_model import AlignedStep
from junjo_desktop.telemetry.junjo.executable import Executable, ExecutableType
from junjo_desktop.telemetry.junjo.run_model import Run, Step
from junjo_desktop.telemetry.sequences import Pair, rising, while_same, with_the_rest

_MOST_CELLS = 600_000
"""Of the table that finds the best alignment of two sequences; longer ones are paired by their turns."""
_PAIRED = 64
_IN_A_GRAPH = frozenset((ExecutableType.NODE, ExecutableType.RUN_CONCURRENT))
_WITH_A_GRAPH = frozenset((ExecutableType.WORKFLOW, ExecutableType.SUBFLOW))


def align_steps(left: Run, right: Run) -> tuple[AlignedStep, ...]:
    """Return every step of both runs exactly once, in order of the trees."""
    below_left, below_right = _below(left), _below(right)
    likeness = _Likeness()
    rows: list[AlignedStep] = []
    waiting = [
        _Waiting(one, other, 0, None, is_path=True)
        for one, other in _tops(below_left.get(None, ()), below_right.get(None, ()), likeness)
    ][::-1]
    while waiting:
        row = waiting.pop()
        rows.append(AlignedStep(row.left, row.right, row.depth, row.parent, row.is_path))
        inside = _steps_below(below_left, row.left), _steps_below(below_right, row.right)
        is_agent = _is_type(row.left or row.right, ExecutableType.AGENT)
        is_group = _is_type(row.left or row.right, ExecutableType.RUN_CONCURRENT)
        pairs = _unordered(*inside, likeness) if is_group else _ordered(*inside, likeness)
        at, depth = len(rows) - 1, row.depth + 1
        made = (_steps_of(pair, *inside) for pair in pairs)
        waiting += [
            _Waiting(one, other, depth, at, is_path=is_agent or _is_executable(one or other)) for one, other in made
        ][::-1]
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Waiting:
    left: Step | None
    right: Step | None
    depth: int
    parent: int | None
    is_path: bool = field(kw_only=True)


def _below(run: Run) -> dict[str | None, list[Step]]:
    known = {step.span_id for step in run.steps}
    found: dict[str | None, list[Step]] = {}
    for step in run.steps:
        found.setdefault(step.parent_span_id if step.parent_span_id in known else None, []).append(step)
    return found


def _steps_below(below: Mapping[str | None, Sequence[Step]], step: Step | None) -> Sequence[Step]:
    return () if step is None else below.get(step.span_id, ())


def _tops(
    left: Sequence[Step], right: Sequence[Step], likeness: _Likeness
) -> Iterator[tuple[Step | None, Step | None]]:
    """Pair both runs themselves, whatever they are called, and what has lost its place in them by its likeness."""
    if left and right:
        yield left[0], right[0]
        left, right = left[1:], right[1:]
    yield from (_steps_of(pair, left, right) for pair in _ordered(left, right, likeness))


def _steps_of(pair: Pair, left: Sequence[Step], right: Sequence[Step]) -> tuple[Step | None, Step | None]:
    return (None if pair[0] is None else left[pair[0]], None if pair[1] is None else right[pair[1]])


def _is_type(step: Step | None, type_: ExecutableType) -> bool:
    return step is not None and step.executable is not None and step.executable.type is type_


def _is_executable(step: Step | None) -> bool:
    return step is not None and step.executable is not None


class _Likeness:
    """Tells which steps may be partners. Steps that look the same share a number, so that each pair is judged once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._samples: list[Step] = []
        self._judged: dict[tuple[int, int], int] = {}

    def number(self, step: Step) -> int:
        """Return what all steps that look the same share."""
        executable = step.executable
        looks: tuple[object, ...] = (step.name, step.span_type)
        if executable is not None:
            looks += (executable.type, executable.structural_id, executable.graph_structural_id, executable.is_arrived)
        number = self._numbers.setdefault(looks, len(self._samples))
        if number == len(self._samples):
            self._samples.append(step)
        return number

    def marks(self, number: int) -> tuple[object, ...]:
        """Return what partners share one of: a name, a structural id, or that they have a graph."""
        step = self._samples[number]
        if step.executable is None:
            return (step.name,)
        has_graph = step.executable.type in _WITH_A_GRAPH
        return (step.name, ("structure", step.executable.structural_id), *(("graph",) if has_graph else ()))

    def of(self, left: int, right: int) -> int:
        """Return how much two steps are alike; 0: they are no partners."""
        judged = self._judged.get((left, right))
        if judged is None:
            judged = self._judged[left, right] = _alike(self._samples[left], self._samples[right])
        return judged


def _alike(left: Step, right: Step) -> int:
    one, other = left.executable, right.executable
    is_named = left.name == right.name
    if one is None or other is None:
        return _PAIRED if one is other and is_named and left.span_type == right.span_type else 0
    if one.type is not other.type and not _may_be(one, other):
        return 0
    is_structure = one.structural_id is not None and one.structural_id == other.structural_id
    is_told = None not in (one.structural_id, other.structural_id, one.graph_structural_id)
    if is_told and one.type in _IN_A_GRAPH and one.graph_structural_id == other.graph_structural_id:
        # Nodes of one graph: those of the same name may still be two.
        return _PAIRED + 2 if is_structure else 0
    if is_structure or is_named:
        # The ids of nodes change with their graph, and the oldest SDKs have none: then the name has to do.
        return _PAIRED + is_structure + is_named
    return _PAIRED - 1 if _may_be(one, other) else 0


def _may_be(one: Executable, other: Executable) -> bool:
    """Whether one of two workflows has not arrived, so that nobody has told what it is called or what it is."""
    is_nameless = (not one.is_arrived and not one.name) or (not other.is_arrived and not other.name)
    return is_nameless and one.type in _WITH_A_GRAPH and other.type in _WITH_A_GRAPH


def _ordered(left: Sequence[Step], right: Sequence[Step], likeness: _Likeness) -> list[Pair]:
    one, other = [likeness.number(step) for step in left], [likeness.number(step) for step in right]
    shortest = min(len(one), len(other))
    # Nothing is more like a step than what looks the same: such beginnings are partners in any best alignment.
    head = while_same(one, other, shortest)
    is_long = (len(one) - head) * (len(other) - head) > _MOST_CELLS
    # At the end it could take the partner of an earlier turn: only where the table would be too large.
    tail = while_same(one[::-1], other[::-1], shortest - head) if is_long else 0
    middle = one[head : len(one) - tail], other[head : len(other) - tail]
    is_small = len(middle[0]) * len(middle[1]) <= _MOST_CELLS
    found = _best(*middle, likeness) if is_small else rising(_by_turns(*middle, likeness))
    partners = [(at, at) for at in range(head)]
    partners += [(head + at, head + to) for at, to in found]
    partners += [(len(one) - tail + at, len(other) - tail + at) for at in range(tail)]
    return list(with_the_rest(partners, len(one), len(other)))


def _best(one: Sequence[int], other: Sequence[int], likeness: _Likeness) -> list[tuple[int, int]]:
    """Return the pairs, in order, that are the most and the most alike; the earliest of all that are as good."""
    if not one or not other:
        return []
    # best[i][j]: what can be reached with one[i:] and other[j:].
    best = [[0] * (len(other) + 1)]
    looks = set(other)
    for number in reversed(one):
        below, row = best[-1], [0] * (len(other) + 1)
        alike = {candidate: likeness.of(number, candidate) for candidate in looks}
        for to in range(len(other) - 1, -1, -1):
            reached = max(below[to], row[to + 1])
            weight = alike[other[to]]
            if weight and weight + below[to + 1] > reached:
                reached = weight + below[to + 1]
            row[to] = reached
        best.append(row)
    best.reverse()
    return _earliest(one, other, best, likeness)


def _earliest(
    one: Sequence[int], other: Sequence[int], best: Sequence[Sequence[int]], likeness: _Likeness
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    at = to = 0
    while at < len(one) and to < len(other) and best[at][to]:
        weight = likeness.of(one[at], other[to])
        if weight and best[at][to] == weight + best[at + 1][to + 1]:
            pairs.append((at, to))
            at, to = at + 1, to + 1
        elif best[at][to] == best[at + 1][to]:
            at += 1
        else:
            to += 1
    return pairs


def _unordered(left: Sequence[Step], right: Sequence[Step], likeness: _Likeness) -> list[Pair]:
    numbers = [likeness.number(step) for step in left], [likeness.number(step) for step in right]
    partner = dict(_by_turns(*numbers, likeness))
    taken = set(partner.values())
    return [
        *((at, partner.get(at)) for at in range(len(left))),
        *((None, to) for to in range(len(right)) if to not in taken),
    ]


def _by_turns(one: Sequence[int], other: Sequence[int], likeness: _Likeness) -> list[tuple[int, int]]:
    """Pair the first with the first of those that are most alike, the second with the second, and so on."""
    places: dict[int, list[int]] = {}
    for at in range(len(one) - 1, -1, -1):
        places.setdefault(one[at], []).append(at)
    known: dict[object, list[int]] = {}
    for number in places:
        for mark in likeness.marks(number):
            known.setdefault(mark, []).append(number)
    pairs: list[tuple[int, int]] = []
    for to, number in enumerate(other):
        alike = {candidate for mark in likeness.marks(number) for candidate in known.get(mark, ())}
        free = [candidate for candidate in alike if places[candidate] and likeness.of(candidate, number)]
        if free:
            chosen = max(free, key=lambda candidate: (likeness.of(candidate, number), -places[candidate][-1]))
            pairs.append((places[chosen].pop(), to))
    return pairs
