"""What is said about a change: only what the counts bear, and never what may as well be chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from junjo_desktop.store.service_chance import believable, rank_chance, share_chance
from junjo_desktop.store.service_comparison import ProcessComparison, compare_processes
from junjo_desktop.store.service_figures import Stretch
from junjo_desktop.store.service_processes import processes_of
from junjo_desktop.store.service_verdicts import OperationDifference, Side, Verdict, differences
from tests.support.service_worlds import MINUTE, MS, Program, World, run_of
from tests.support.stored import StoredTelemetry

NOW = 1_790_000_000_000_000_000


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


def side(durations: list[int], errors: int = 0, tokens: list[int] | None = None) -> Side:
    """A side of which every duration is known."""
    values = tuple(sorted(durations))
    return Side(
        spans=len(values) + errors,
        errors=errors,
        p50_ns=values[len(values) // 2] if values else None,
        measured=len(values),
        durations_ns=values,
        tokens=sum(tokens) if tokens else None,
        with_tokens=len(tokens or ()),
        token_counts=tuple(tokens or ()),
    )


def said(left: Side | None, right: Side | None, requests: tuple[int, int] = (50, 50)) -> OperationDifference:
    [(_, found)] = differences({"one": (left, right)}, left_requests=requests[0], right_requests=requests[1])
    return found


def around(middle_ms: int, count: int, seed: int = 1) -> list[int]:
    random = Random(seed)  # noqa: S311 - the same each time
    return [round(middle_ms * MS * random.uniform(0.9, 1.1)) for _ in range(count)]


def test_ranks_agree_with_counting_every_order() -> None:
    random = Random(2)  # noqa: S311 - the same each time
    for _ in range(20):
        left = [random.randrange(100) for _ in range(6)]
        right = [random.randrange(100) + random.choice((0, 40)) for _ in range(6)]
        both = left + right
        middle = 6 * 13 / 2

        def rank_sum(values: list[int], among: list[int] = both) -> float:
            ordered = sorted(among)
            return sum((ordered.index(value) + len(ordered) - ordered[::-1].index(value) + 1) / 2 for value in values)

        seen = abs(rank_sum(left) - middle)
        sums = [abs(rank_sum([both[place] for place in places]) - middle) for places in combinations(range(12), 6)]
        exact = sum(distance >= seen - 1e-9 for distance in sums) / len(sums)
        assert rank_chance(left, right) == pytest.approx(exact, abs=0.09)
        assert rank_chance(left, right) == pytest.approx(rank_chance(right, left))


def test_ranks_of_equal_or_missing_values_tell_nothing() -> None:
    assert rank_chance([5] * 9, [5] * 9) == 1.0
    assert rank_chance([], [1, 2]) == 1.0
    assert rank_chance(list(range(5)), list(range(10, 15))) == pytest.approx(0.009, abs=0.0005)


def test_shares_are_fishers_exact_test() -> None:
    assert share_chance(1, 10, 11, 14) == pytest.approx(0.002759, abs=1e-5)
    assert share_chance(3, 10, 3, 10) == pytest.approx(1.0)
    assert share_chance(0, 0, 3, 10) == 1.0
    many = share_chance(10_000, 100_000, 10_500, 100_000)
    assert many == pytest.approx(0.0002, abs=0.0001)


def test_of_many_that_were_looked_at_less_is_believed() -> None:
    assert believable([0.009], 0.01, 0.05) == 0.009
    assert believable([0.009] + [0.5] * 19, 0.01, 0.05) == 0.0
    assert believable([0.0001] + [0.5] * 19, 0.01, 0.05) == 0.0001
    assert believable([], 0.01, 0.05) == 0.0


def test_slower_and_faster_are_told_with_enough_measurements() -> None:
    assert said(side(around(100, 30)), side(around(150, 30, 2))).verdicts == (Verdict.SLOWER,)
    assert said(side(around(150, 30)), side(around(100, 30, 2))).verdicts == (Verdict.FASTER,)
    assert said(side(around(100, 5)), side(around(300, 5, 2))).verdicts == (Verdict.SLOWER,)


def test_too_few_measurements_are_said_to_be_too_few() -> None:
    found = said(side(around(100, 4)), side(around(300, 50)))
    assert found.verdicts == (Verdict.UNSURE,)
    assert found.notes == ("seems slower: only 4 and 50 measured",)
    assert said(side(around(100, 4)), side(around(103, 50))).verdicts == (Verdict.SAME,)


def test_a_difference_too_small_to_matter_is_none_however_sure() -> None:
    left = [100 * MS + number for number in range(400)]
    right = [102 * MS + number for number in range(400)]
    assert rank_chance(left, right) < 1e-9
    assert said(side(left), side(right)).verdicts == (Verdict.SAME,)


def test_failing_early_is_not_being_fast() -> None:
    left, right = side(around(100, 20)), side(around(100, 2, 2), errors=18)
    found = said(left, right)
    assert found.verdicts == (Verdict.MORE_ERRORS,)
    assert said(right, left).verdicts == (Verdict.FEWER_ERRORS,)


def test_a_first_failure_is_mentioned_and_not_claimed() -> None:
    found = said(side(around(100, 20)), side(around(100, 19), errors=1))
    assert found.verdicts == (Verdict.UNSURE,)
    assert found.notes == ("fails for the first time: 1 of 20, before 0 of 20; may be chance",)


def test_tokens_are_compared_by_call() -> None:
    few, many = [1000 + number for number in range(20)], [1500 + number for number in range(20)]
    found = said(side(around(100, 20), tokens=few), side(around(100, 20, 2), tokens=many))
    assert found.verdicts == (Verdict.MORE_TOKENS,)


def test_new_and_gone_are_told_where_they_would_have_been_met() -> None:
    there = side(around(10, 20))
    assert said(None, there).verdicts == (Verdict.NEW,)
    assert said(there, None).verdicts == (Verdict.GONE,)
    found = said(None, there, requests=(2, 200))
    assert found.verdicts == (Verdict.UNSURE,)
    assert found.notes == ("new, or just not met: the earlier run had 2 requests",)


def test_two_runs_of_the_same_program_are_hardly_ever_said_to_differ() -> None:
    random = Random(9)  # noqa: S311 - the same each time
    claims = 0
    for _ in range(60):
        operations: dict[int, tuple[Side | None, Side | None]] = {
            number: (
                side([round(random.lognormvariate(17, 0.6)) for _ in range(random.randrange(5, 40))]),
                side([round(random.lognormvariate(17, 0.6)) for _ in range(random.randrange(5, 40))]),
            )
            for number in range(15)
        }
        found = differences(operations, left_requests=20, right_requests=20)
        claims += any(not {Verdict.SAME, Verdict.UNSURE} & set(one.verdicts) for _, one in found)
    # Of runs that do not differ, some one in twenty is said to in some operation; without the correction every fifth.
    assert claims <= 6


def compared(telemetry: StoredTelemetry) -> ProcessComparison:
    newest, before = telemetry.read(partial(processes_of, stretch=Stretch(service="shop"))).processes[:2]
    return telemetry.read(partial(compare_processes, left=before, right=newest))


def test_a_change_of_a_program_is_told_operation_by_operation(telemetry: StoredTelemetry) -> None:
    world = World()
    run_of(world, "shop", NOW, 30, Program(more=("old cache",)))
    run_of(world, "other", NOW, 30, Program(step_ms=900))
    run_of(world, "shop", NOW + 5 * MINUTE, 28, Program(step_ms=90, model_ms=60, tokens=1500, more=("rerank",)))
    world.store(telemetry)
    found = compared(telemetry)
    verdicts = {key.name: difference.verdicts for key, difference in found.operations}
    assert verdicts["load context"] == (Verdict.SLOWER,)
    assert verdicts["chat claude-sonnet-4-5"] == (Verdict.MORE_TOKENS, Verdict.FASTER)
    assert verdicts["rerank"] == (Verdict.NEW,)
    assert verdicts["old cache"] == (Verdict.GONE,)
    assert found.counts[Verdict.NEW] == 1
    assert (found.requests.left and found.requests.left.spans, found.requests.right and found.requests.right.spans) == (
        30,
        28,
    )
    assert [difference.verdicts[0] for _, difference in found.operations] == sorted(
        (difference.verdicts[0] for _, difference in found.operations), key=list(Verdict).index
    )


def test_the_same_program_again_differs_in_nothing(telemetry: StoredTelemetry) -> None:
    world = World()
    for after in (0, 5 * MINUTE):
        run_of(world, "shop", NOW + after, 25)
    world.store(telemetry)
    found = compared(telemetry)
    assert set(found.counts) == {Verdict.SAME}
    assert found.requests.verdicts == (Verdict.SAME,)
