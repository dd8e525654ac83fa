"""Whether a difference between two small sets of measurements may be chance. Free of SQL.

Ranks and counts only, no assumption about how durations are distributed: they are skewed, and have several peaks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

_MOST_TERMS = 20_000


def rank_chance(left: Sequence[int], right: Sequence[int]) -> float:
    """Return how likely values differ so much in rank if both sets were of one kind: Mann-Whitney's U, two-sided.

    By the normal approximation, with ties, without a correction for continuity: five values that all lie above five
    others give 0.009 (exactly 0.008). 1.0 when either set is empty.
    """
    n, m = len(left), len(right)
    if not n or not m:
        return 1.0
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    rank_sum, ties, below = 0.0, 0, 0
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        sides = [side for _, side in group]
        size = len(sides)
        rank_sum += sides.count(0) * (below + (size + 1) / 2)
        ties += size**3 - size
        below += size
    both = n + m
    spread = math.sqrt(n * m / 12 * (both + 1 - ties / (both * (both - 1))))
    if spread == 0:
        return 1.0
    distance = abs(rank_sum - n * (n + 1) / 2 - n * m / 2) / spread
    return math.erfc(distance / math.sqrt(2))


def share_chance(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """Return how likely shares differ so much if both were one: Fisher's exact test, two-sided; 1.0 without counts."""
    if not of or not other_of:
        return 1.0
    all_hits, all_of = hits + other_hits, of + other_of
    total = _log_choose(all_of, all_hits)

    def log_likely(number: int) -> float:
        return _log_choose(of, number) + _log_choose(other_of, all_hits - number) - total

    seen = log_likely(hits) + 1e-9
    least, most = max(0, all_hits - other_of), min(of, all_hits)
    if most - least > _MOST_TERMS:
        return _share_chance_of_many(hits, of, other_hits, other_of)
    return min(1.0, sum(math.exp(odds) for number in range(least, most + 1) if (odds := log_likely(number)) <= seen))


def _share_chance_of_many(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """Return the same by the normal approximation, which is as good as exact for so many."""
    share = (hits + other_hits) / (of + other_of)
    spread = math.sqrt(share * (1 - share) * (1 / of + 1 / other_of))
    return math.erfc(abs(hits / of - other_hits / other_of) / spread / math.sqrt(2)) if spread else 1.0


def _log_choose(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def believable(chances: Sequence[float], most: float, false_share: float) -> float:
    """Return up to which chance differences may be told of many that were looked at: at most `most`.

    Of those told, no more than `false_share` are expected to be chance (Benjamini and Hochberg): who compares a hundred
    operations meets one in a hundred by chance.
    """
    passed = 0.0
    for rank, chance in enumerate(sorted(chances), start=1):
        if chance <= rank / len(chances) * false_share:
            passed = chance
    return min(passed, most)
