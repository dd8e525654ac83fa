"""What may be said about an operation before and after a change. Free of SQL.

A difference is told only where both sides have `LEAST_COUNT` measurements, it is unlikely to be chance (`CHANCE`, and
less where many operations are compared), and it is large enough to matter (`LEAST_CHANGE`). What looks like one and is
not sure is said to be unsure, not hidden.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import TypeVar

from junjo_desktop.store.service_chance import believable, rank_chance, share_chance

LEAST_COUNT = 5
CHANCE = 0.01
FALSE_SHARE = 0.05
"""Of all differences that are told, so many may be chance."""
LEAST_CHANGE = 0.05
"""Of the median of durations, or of tokens: a twentieth."""
_LOOKS_CHANGED = 0.25
"""What differs by less, and may be chance, is not even worth a mention."""
_SURELY_SEEN = 3.0
"""An operation that was to be expected so often, and was not there at all, is missing: by chance in one of 20 cases."""

K = TypeVar("K", bound=Hashable)


class Verdict(StrEnum):
    """What is said; the values are shown. Those that ask for a look come first."""

    MORE_ERRORS = "more errors"
    SLOWER = "slower"
    MORE_TOKENS = "more tokens"
    GONE = "gone"
    NEW = "new"
    FEWER_ERRORS = "fewer errors"
    FASTER = "faster"
    FEWER_TOKENS = "fewer tokens"
    UNSURE = "not sure"
    SAME = "no difference seen"


BETTER = frozenset((Verdict.FEWER_ERRORS, Verdict.FASTER, Verdict.FEWER_TOKENS))
WORSE = frozenset((Verdict.MORE_ERRORS, Verdict.SLOWER, Verdict.MORE_TOKENS))


@dataclass(frozen=True, slots=True)
class Side:
    """An operation in one process. Durations (nanoseconds) are of its spans that did not fail, `measured` in number.

    `durations_ns` and `token_counts` are an even sample of them; `tokens` the sum of `with_tokens` spans, None: none.
    """

    spans: int
    errors: int
    requests: int = 0
    p50_ns: int | None = None
    p95_ns: int | None = None
    measured: int = 0
    durations_ns: tuple[int, ...] = ()
    tokens: int | None = None
    with_tokens: int = 0
    token_counts: tuple[int, ...] = ()

    @property
    def error_share(self) -> float:
        """How many failed, from 0 to 1."""
        return self.errors / self.spans if self.spans else 0.0

    @property
    def tokens_each(self) -> float | None:
        """Tokens of a call on average, None when none told any."""
        return None if self.tokens is None or not self.with_tokens else self.tokens / self.with_tokens


@dataclass(frozen=True, slots=True)
class OperationDifference:
    """Both sides, None where it did not run, and what may be said. `notes` say why something is not sure."""

    left: Side | None
    right: Side | None
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def duration_change(self) -> float | None:
        """How much longer the median is, as a share of the left one; None when either is not known."""
        if self.left is None or self.right is None or not self.left.p50_ns or self.right.p50_ns is None:
            return None
        return self.right.p50_ns / self.left.p50_ns - 1


@dataclass(frozen=True, slots=True)
class _Suspicion:
    """What may be said of one measure, how likely it is chance (None: too few), and what is said if it is not sure."""

    verdict: Verdict
    chance: float | None
    doubt: str


def differences(
    operations: Mapping[K, tuple[Side | None, Side | None]], *, left_requests: int, right_requests: int
) -> list[tuple[K, OperationDifference]]:
    """Return what may be said of each, what asks for a look first. What is missing is judged by how often was asked."""
    both = {key: (left, right) for key, (left, right) in operations.items() if left is not None and right is not None}
    judged = {key: tuple(judge(*sides) for judge in (_errors, _durations, _tokens)) for key, sides in both.items()}
    limits = [believable(_chances(column), CHANCE, FALSE_SHARE) for column in zip(*judged.values(), strict=True)]
    found: list[tuple[K, OperationDifference]] = []
    for key, (left, right) in operations.items():
        if key in judged:
            found.append((key, _difference(left, right, judged[key], limits)))
        else:
            found.append((key, _only_one(left, right, left_requests, right_requests)))
    order = list(Verdict)
    # The sort is stable: among those of one verdict, the order of `operations` stays.
    found.sort(key=lambda pair: order.index(pair[1].verdicts[0]))
    return found


def _chances(suspicions: Iterable[_Suspicion | None]) -> list[float]:
    return [found.chance for found in suspicions if found is not None and found.chance is not None]


def _difference(
    left: Side | None, right: Side | None, judged: Sequence[_Suspicion | None], limits: Sequence[float]
) -> OperationDifference:
    verdicts: list[Verdict] = []
    notes: list[str] = []
    for suspicion, limit in zip(judged, limits, strict=True):
        if suspicion is None:
            continue
        if suspicion.chance is not None and suspicion.chance <= limit:
            verdicts.append(suspicion.verdict)
        elif suspicion.doubt:
            notes.append(suspicion.doubt)
    if not verdicts:
        verdicts.append(Verdict.UNSURE if notes else Verdict.SAME)
    return OperationDifference(left, right, tuple(sorted(verdicts, key=list(Verdict).index)), tuple(notes))


def _only_one(left: Side | None, right: Side | None, left_requests: int, right_requests: int) -> OperationDifference:
    there = left or right
    if there is None:
        raise ValueError("an operation that ran on neither side")
    asked, missing_in = (left_requests, right_requests) if right is None else (right_requests, left_requests)
    expected = there.spans / max(asked, 1) * missing_in
    verdict = Verdict.GONE if right is None else Verdict.NEW
    if expected >= _SURELY_SEEN:
        return OperationDifference(left, right, (verdict,))
    side = "later" if right is None else "earlier"
    note = (
        f"{verdict}, or just not met: the {side} run had {missing_in:,} {'request' if missing_in == 1 else 'requests'}"
    )
    return OperationDifference(left, right, (Verdict.UNSURE,), (note,))


def _errors(left: Side, right: Side) -> _Suspicion | None:
    if left.errors * right.spans == right.errors * left.spans:
        return None
    more = right.error_share > left.error_share
    chance = None
    if min(left.spans, right.spans) >= LEAST_COUNT:
        chance = share_chance(left.errors, left.spans, right.errors, right.spans)
    is_first = more and not left.errors
    doubt = ""
    if is_first or abs(right.error_share - left.error_share) >= _LOOKS_CHANGED:
        what = "fails for the first time" if is_first else f"{'more' if more else 'fewer'} failed"
        doubt = f"{what}: {_of(right)}, before {_of(left)}; may be chance"
    return _Suspicion(Verdict.MORE_ERRORS if more else Verdict.FEWER_ERRORS, chance, doubt)


def _of(side: Side) -> str:
    return f"{side.errors:,} of {side.spans:,}"


def _durations(left: Side, right: Side) -> _Suspicion | None:
    counts = left.measured, right.measured
    return _judge(left.durations_ns, right.durations_ns, counts, (Verdict.SLOWER, Verdict.FASTER))


def _tokens(left: Side, right: Side) -> _Suspicion | None:
    counts = left.with_tokens, right.with_tokens
    return _judge(left.token_counts, right.token_counts, counts, (Verdict.MORE_TOKENS, Verdict.FEWER_TOKENS))


def _judge(
    before: Sequence[int], after: Sequence[int], counts: tuple[int, int], words: tuple[Verdict, Verdict]
) -> _Suspicion | None:
    if not before or not after:
        return None
    change = _change(median(before), median(after))
    verdict = words[0] if change > 0 else words[1]
    is_striking = abs(change) >= _LOOKS_CHANGED
    if min(counts) < LEAST_COUNT:
        few = f"seems {verdict}: only {counts[0]:,} and {counts[1]:,} measured"
        return _Suspicion(verdict, None, few if is_striking else "")
    # What is too small to matter counts among what was compared, and is never told.
    chance = rank_chance(before, after) if abs(change) >= LEAST_CHANGE else 1.0
    return _Suspicion(verdict, chance, f"seems {verdict}, within the noise" if is_striking else "")


def _change(before: float, after: float) -> float:
    if before > 0:
        return after / before - 1
    return math.inf if after > before else 0.0
