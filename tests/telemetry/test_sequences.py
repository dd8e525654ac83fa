"""Two sequences beside each other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from junjo_desktop.telemetry.sequences import aligned

NUMBERS = st.lists(st.integers(0, 4), max_size=12)


def longest_common(one: list[int], other: list[int]) -> int:
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for at, number in enumerate(one):
        for to, candidate in enumerate(other):
            best[at + 1][to + 1] = best[at][to] + 1 if number == candidate else max(best[at][to + 1], best[at + 1][to])
    return best[-1][-1]


@settings(max_examples=150)
@given(NUMBERS, NUMBERS)
def test_everything_is_there_once_in_order_and_as_much_as_possible_has_a_partner(
    left: list[int], right: list[int]
) -> None:
    pairs = aligned(left, right)
    assert [at for at, _ in pairs if at is not None] == list(range(len(left)))
    assert [to for _, to in pairs if to is not None] == list(range(len(right)))
    partners = [(at, to) for at, to in pairs if at is not None and to is not None]
    assert all(left[at] == right[to] for at, to in partners)
    assert len(partners) == longest_common(left, right)


def test_what_stands_alone_at_the_left_comes_before_what_does_at_the_right() -> None:
    assert aligned([1, 2, 4], [1, 3, 4]) == [(0, 0), (1, None), (None, 1), (2, 2)]


def test_a_loop_that_went_on_has_its_first_turns_as_partners() -> None:
    assert aligned([7, 7], [7, 7, 7]) == [(0, 0), (1, 1), (None, 2)]


def test_very_long_sequences_are_paired_turn_by_turn() -> None:
    left = [number % 97 for number in range(3_000)]
    right = [96 - number for number in left]
    pairs = aligned(left, right)
    partners = [(at, to) for at, to in pairs if at is not None and to is not None]
    assert all(left[at] == right[to] for at, to in partners)
    assert partners == sorted(partners)
    assert len(pairs) == 6_000 - len(partners)
    assert len(partners) > 10
