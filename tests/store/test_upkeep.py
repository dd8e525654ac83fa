"""The caretaker keeps the store small beside everything else, and ends when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from junjo_desktop.errors import UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.store import rewriting
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.caretaker import Rhythm
from junjo_desktop.store.database import Store
from junjo_desktop.store.opening import rewritten_path
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.upkeep import Upkeep
from tests.store.keeping import MONTH, NOW_NS, Kept, fill
from tests.support.eventually import eventually

AT_ONCE = Rhythm(first_s=0.0, rewrite_after_s=0.0)
NEVER = Rhythm(first_s=3_600.0, look_s=3_600.0)


@pytest.fixture
def kept(data_dir: DataDir) -> Iterator[Kept]:
    store = Store.open(data_dir.telemetry)
    found = Kept(store, data_dir)
    found.run()  # the app has run before, and knows what time it was
    yield found
    store.close()


@contextmanager
def _running(
    kept: Kept, policy: RetentionPolicy, rhythm: Rhythm, starred: Callable[[], frozenset[str]] = frozenset
) -> Iterator[tuple[Upkeep, list[str]]]:
    """Yield the upkeep, and a list that grows each time it tells of a removal."""
    told: list[str] = []
    upkeep = Upkeep(
        kept.store, kept.data_dir, policy, starred, lambda: told.append("removed"), rhythm, kept.clocks.clocks()
    )
    with ExitStack() as undo:
        upkeep.start()
        undo.callback(upkeep.stop)
        yield upkeep, told


def test_soon_after_the_start_what_is_old_goes_and_is_told(kept: Kept) -> None:
    kept.receive_trace(1)
    kept.run_for_days(29)
    kept.clocks.pass_time(3 * 24 * 3_600 * 10**9)
    with _running(kept, MONTH, AT_ONCE) as (_, told):
        assert eventually(lambda: kept.traces() == [])
        assert eventually(lambda: told == ["removed"])


def test_too_much_goes_as_soon_as_the_files_are_too_large(kept: Kept) -> None:
    with _running(kept, RetentionPolicy(size_bytes=6_000_000), Rhythm(first_s=3_600.0, look_s=0.02)) as (_, told):
        assert told == []
        fill(kept.store, range(1, 401), first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9)
        assert eventually(lambda: told == ["removed"])
    assert kept.retention.occupancy().needed_bytes <= 6_000_000
    assert kept.traces()[-1] == 400


def test_other_limits_hold_from_now_on(kept: Kept) -> None:
    fill(kept.store, range(1, 4), first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9)
    with _running(kept, RetentionPolicy(), NEVER) as (upkeep, _):
        upkeep.apply(RetentionPolicy(days=10))
        assert eventually(lambda: kept.traces() == [])


def test_it_stops_between_two_transactions(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junjo_desktop.store.victims._TRACES_AT_ONCE", 1)
    fill(kept.store, range(1, 301), first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9, step_ns=10**9, size=10)
    with _running(kept, RetentionPolicy(days=10), AT_ONCE) as (upkeep, told):
        assert eventually(lambda: len(kept.traces()) < 300)
        upkeep.stop()
        left = len(kept.traces())
        assert left
        assert told == ["removed"]
    assert len(kept.traces()) == left


def test_a_run_that_fails_says_why_and_the_next_one_tries_again(kept: Kept) -> None:
    fill(kept.store, [1], first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9)
    fails = [UserError("The state file is away.", "Bring it back."), RuntimeError("a bug")]

    def starred() -> frozenset[str]:
        if fails:
            raise fails.pop(0)
        return frozenset()

    with _running(kept, RetentionPolicy(days=10), AT_ONCE, starred) as (upkeep, _):
        assert eventually(lambda: upkeep.last_error == "The state file is away. Bring it back.")
        upkeep.wake()
        assert eventually(lambda: upkeep.last_error == "RuntimeError('a bug')")
        upkeep.wake()
        assert eventually(lambda: kept.traces() == [])
        assert eventually(lambda: upkeep.last_error is None)


def test_after_much_was_removed_the_file_becomes_small(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "PAYS_BYTES", 1 << 20)
    fill(kept.store, range(1, 601), first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9, step_ns=10**9)
    fill(kept.store, [601], first_ns=NOW_NS)
    kept.store.checkpoint()
    large = kept.store.size_bytes()
    rewritten_path(kept.store.path).write_bytes(b"left by a process that was killed")
    with _running(kept, RetentionPolicy(days=10), AT_ONCE):
        assert eventually(lambda: kept.store.size_bytes() < large - 4_000_000)
    assert kept.traces() == [601]
    assert not rewritten_path(kept.store.path).exists()


def test_space_is_given_back_on_demand_with_progress(kept: Kept) -> None:
    fill(kept.store, range(1, 601), first_ns=NOW_NS - 20 * 24 * 3_600 * 10**9, step_ns=1)
    fill(kept.store, [601], first_ns=NOW_NS)
    kept.store.checkpoint()
    kept.run(RetentionPolicy(days=10))
    before, shares, token = kept.store.size_bytes(), list[float](), CancelToken()
    token.cancel()
    with _running(kept, RetentionPolicy(), NEVER) as (upkeep, _):
        assert upkeep.give_back_space(shares.append, token) == 0
        given = upkeep.give_back_space(shares.append)
        assert given == before - kept.store.size_bytes()
        assert given > 4_000_000
        assert shares[-1] == 1.0
        assert upkeep.give_back_space() == 0  # nothing is free any more
    assert kept.traces() == [601]
