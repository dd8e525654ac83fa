"""Where the paths of two runs part, and where the time went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from junjo_desktop.telemetry.junjo.comparison_model import (
    NO_NAME,
    AlignedStep,
    Divergence,
    PathPlace,
    PathVerdict,
    TimeShare,
    lasted_ns,
)
from junjo_desktop.telemetry.junjo.executable import ExecutableType, ExecutionState
from junjo_desktop.telemetry.junjo.run_model import Step

_UNFINISHED = frozenset((ExecutionState.RUNNING, ExecutionState.LOST))


def path_verdict(rows: Sequence[AlignedStep]) -> tuple[PathVerdict, Divergence | None]:
    """Return whether both went the same way, and the first place where they did not.

    What one run does not have because it has not come so far is no other way, as far as anybody knows.
    """
    inside = _path_inside(rows)
    found: list[Divergence] = []
    for around, places in inside.items():
        if around is None or rows[around].is_both:
            alone = next((place for place, at in enumerate(places) if not rows[at].is_both), None)
            if alone is not None:
                found.append(_divergence(rows, around, places, alone))
    found.sort(key=lambda one: (_is_open(one), one.position))
    if not found:
        return PathVerdict.SAME, None
    return (PathVerdict.OPEN if _is_open(found[0]) else PathVerdict.DIFFERENT), found[0]


def _path_inside(rows: Sequence[AlignedStep]) -> dict[int | None, list[int]]:
    """Return the positions of the path's steps by the row around them."""
    found: dict[int | None, list[int]] = {}
    for position, row in enumerate(rows):
        if row.is_path:
            found.setdefault(row.parent, []).append(position)
    return found


def _divergence(rows: Sequence[AlignedStep], around: int | None, places: Sequence[int], place: int) -> Divergence:
    row = None if around is None else rows[around]
    one = row.one.executable if row is not None else None
    is_group = one is not None and one.type is ExecutableType.RUN_CONCURRENT
    # In a group there is no next step: only this one counts, and no partner of another may stand for it.
    following = places[place : place + 1] if is_group else places[place:]
    before = rows[places[place - 1]] if place and not is_group else None
    return Divergence(
        position=places[place],
        within="" if row is None or row.parent is None else row.name,
        after=None if before is None else _place(before.one, before.name),
        left=_first(rows[at].left for at in following),
        right=_first(rows[at].right for at in following),
        left_state=_state(None if row is None else row.left),
        right_state=_state(None if row is None else row.right),
        is_concurrent=is_group,
    )


def _is_open(found: Divergence) -> bool:
    """Whether a run lacks the step only because it has not ended."""
    return (found.left is None and found.left_state in _UNFINISHED) or (
        found.right is None and found.right_state in _UNFINISHED
    )


def _first(steps: Iterable[Step | None]) -> PathPlace | None:
    return next((_place(step, _name(step)) for step in steps if step is not None), None)


def _place(step: Step, name: str) -> PathPlace:
    return PathPlace(name, step.iteration if step.iterations > 1 else 0)


def _name(step: Step) -> str:
    return step.name.strip() or NO_NAME


def _state(step: Step | None) -> ExecutionState:
    return ExecutionState.DONE if step is None else step.state


@dataclass
class _Share:
    name: str
    span_type: str
    counts: list[int] = field(default_factory=lambda: [0, 0])
    times: list[int | None] = field(default_factory=lambda: [None, None])
    position: int = 0
    largest_ns: int = -1


def time_shares(rows: Sequence[AlignedStep]) -> tuple[TimeShare, ...]:
    """Return where both runs spent their time, what differs most first."""
    inside = _path_inside(rows)
    shares: dict[tuple[str, str, bool], _Share] = {}
    for position, row in enumerate(rows):
        if not row.is_path:
            continue
        # The run itself by its own: it may be called otherwise at the other side.
        key = ("", row.span_type, True) if row.parent is None else (row.name, row.span_type, False)
        share = shares.setdefault(key, _Share(row.name, row.span_type, position=position))
        own = [_own_ns(rows, inside, position, side) for side in (0, 1)]
        for side, step in enumerate((row.left, row.right)):
            share.counts[side] += step is not None
            if own[side] is not None:
                share.times[side] = (share.times[side] or 0) + (own[side] or 0)
        difference = abs((own[1] or 0) - (own[0] or 0))
        if difference > share.largest_ns:
            share.position, share.largest_ns = position, difference
    found = [
        TimeShare(one.name, one.span_type, one.counts[0], one.counts[1], one.times[0], one.times[1], one.position)
        for one in shares.values()
    ]
    return tuple(sorted(found, key=lambda share: -abs(share.difference_ns or 0)))


def _own_ns(
    rows: Sequence[AlignedStep], inside: Mapping[int | None, Sequence[int]], position: int, side: int
) -> int | None:
    """Return the time of a step that none of the path's steps inside it took; of several at once it counts once."""
    step = rows[position].left if side == 0 else rows[position].right
    lasted = lasted_ns(step)
    if step is None or lasted is None or step.end_ns is None:
        return None
    spans = []
    for at in inside.get(position, ()):
        inner = rows[at].left if side == 0 else rows[at].right
        if inner is not None and inner.start_ns:
            spans.append((max(inner.start_ns, step.start_ns), min(inner.end_ns or step.end_ns, step.end_ns)))
    reached = step.start_ns
    for start, end in sorted(spans):
        lasted -= max(0, end - max(start, reached))
        reached = max(reached, end)
    return lasted


def slowest_share(shares: Sequence[TimeShare], difference_ns: int | None) -> TimeShare | None:
    """Return what adds most to a difference in duration, in its direction; None where nothing does."""
    if not difference_ns:
        return None
    sign = 1 if difference_ns > 0 else -1
    found = max(shares, key=lambda share: sign * (share.difference_ns or 0), default=None)
    return found if found is not None and sign * (found.difference_ns or 0) > 0 else None
