"""How durations are distributed: as counting them one by one would tell it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from junjo_desktop.store.database import Store
from junjo_desktop.store.span_durations import (
    STEPS_PER_DECADE,
    DurationRank,
    SpanDurations,
    duration_rank,
    span_durations,
    step_ns,
)
from tests.store.entries import Source
from tests.support import otlp

Drain = Callable[[], None]
START = 1_790_000_000_000_000_000
MS = 1_000_000


def send(source: Source, *durations: int, failed: bool = False, name: str = "work") -> None:
    source.append(
        otlp.trace_request(
            *(
                otlp.span(name, start_ns=START, duration_ns=duration, error="boom" if failed else None)
                for duration in durations
            )
        )
    )


def of(store: Store, where: str = "true", newest: int | None = None) -> SpanDurations:
    return store.read(partial(span_durations, where=where, parameters={}, newest=newest))


def rank(store: Store, duration_ns: int, where: str = "true") -> DurationRank:
    return store.read(partial(duration_rank, where=where, parameters={}, duration_ns=duration_ns))


def test_every_duration_is_counted_in_the_step_it_belongs_to(store: Store, source: Source, index: Drain) -> None:
    durations = [1, 999, 1_000, 5_000, 12 * MS, 12 * MS, 13 * MS, 9_999 * MS, 10_000 * MS, 86_400_000 * MS]
    send(source, *durations)
    send(source, 13 * MS, failed=True)
    send(source, 7 * MS, name="other")
    index()
    found = of(store, "name = 'work'")
    assert (found.total, found.failed, found.untold, found.newest) == (11, 1, 0, None)
    assert sum(step.count for step in found.steps) == 11
    assert [step.step for step in found.steps] == sorted({step.step for step in found.steps})
    for step in found.steps:
        inside = [
            duration
            for duration in (*durations, 13 * MS)
            if step_ns(step.step) <= max(duration, 1_000) < step_ns(step.step + 1)
        ]
        assert len(inside) == step.count, step
    assert (found.shortest_ns, found.longest_ns, found.p50_ns) == (1, 86_400_000 * MS, 12 * MS)


def test_what_told_no_start_or_no_end_has_no_duration(store: Store, source: Source, index: Drain) -> None:
    untold = otlp.span("work", start_ns=0, duration_ns=5 * MS)
    endless = otlp.span("work", start_ns=START, duration_ns=-START)
    source.append(otlp.trace_request(untold, endless))
    send(source, 2 * MS)
    index()
    assert (of(store).total, of(store).untold, of(store).longest_ns) == (1, 2, 2 * MS)
    assert rank(store, 2 * MS) == DurationRank(2 * MS, 0, 1, 1)


def test_nothing_is_no_error(store: Store) -> None:
    assert of(store) == SpanDurations()
    assert rank(store, 5).share_below == 0


def test_only_so_many_of_the_newest_are_counted_and_that_is_said(store: Store, source: Source, index: Drain) -> None:
    send(source, *[1 * MS] * 10)
    send(source, *[2 * MS] * 5)
    index()
    found = of(store, newest=5)
    assert (found.total, found.shortest_ns, found.newest) == (5, 2 * MS, 5)
    assert (of(store, newest=15).total, of(store, newest=15).newest) == (15, None)


@pytest.mark.parametrize(
    ("duration_ns", "shorter", "same", "share"),
    [(1 * MS, 0, 1, 0.0), (2 * MS, 1, 2, 0.5), (9 * MS, 3, 1, 1.0)],
)
def test_a_duration_stands_among_the_others(
    store: Store, source: Source, index: Drain, duration_ns: int, shorter: int, same: int, share: float
) -> None:
    send(source, 1 * MS, 2 * MS, 2 * MS, 9 * MS)
    index()
    found = rank(store, duration_ns)
    assert (found.shorter, found.same, found.total) == (shorter, same, 4)
    assert found.share_below == pytest.approx(share)


def test_a_step_is_about_one_percent() -> None:
    assert step_ns(STEPS_PER_DECADE * 6) == MS
    assert 1.01 < step_ns(STEPS_PER_DECADE * 6 + 1) / MS < 1.02
