"""Retention removes what is old or too much, whole traces, never a starred one, and no clock misleads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.state.retention_record import RetentionRecord
from junjo_desktop.store.database import Store
from junjo_desktop.store.forecast import forecast
from junjo_desktop.store.retention import GB, RetentionPolicy
from junjo_desktop.store.retention_clock import DAY_NS, HOUR_NS, S, first_moment, next_moment
from junjo_desktop.store.selection import Toll
from tests.store.keeping import MONTH, NOW_NS, YEAR_NS, Kept, fill, hex_id
from tests.store.telemetry_model import SentLog, SentMetric, SentSpan, check_adds_up, rows

OFF = RetentionPolicy()


@pytest.fixture
def kept(data_dir: DataDir) -> Iterator[Kept]:
    store = Store.open(data_dir.telemetry)
    found = Kept(store, data_dir)
    found.run(OFF)  # the app has run before, and knows what time it was
    yield found
    check_adds_up(store)
    store.close()


def test_zero_is_no_limit() -> None:
    assert RetentionPolicy.of(Settings(retention_days=0, retention_gb=0.0)) == OFF
    assert RetentionPolicy.of(Settings()) == RetentionPolicy(days=30, size_bytes=10 * GB)


def test_without_limits_nothing_goes(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=9 * YEAR_NS)
    assert kept.run(OFF) == Toll()
    assert kept.traces() == [1]


def test_old_traces_go_whole_with_their_logs_and_others_stay(kept: Kept) -> None:
    kept.receive(SentSpan(1, 1, "s"), SentSpan(1, 2, "t"), SentLog(1, "s"), ago_ns=31 * DAY_NS)
    kept.receive_trace(2, ago_ns=29 * DAY_NS)
    assert kept.run() == Toll(traces=1, spans=2, logs=1)
    assert kept.traces() == [2]
    assert len(rows(kept.store, "logs")) == 1


def test_logs_and_metrics_without_a_trace_go_by_when_they_were_received(kept: Kept) -> None:
    kept.receive(SentLog(0, "s"), SentLog(9, "s"), SentMetric("s"), ago_ns=31 * DAY_NS)
    kept.receive(SentLog(0, "t"), SentLog(9, "t"), SentMetric("t"), ago_ns=29 * DAY_NS)
    assert kept.run() == Toll(logs=2, metrics=1)
    assert [row["service_name"] for row in rows(kept.store, "services")] == ["t"]


@pytest.mark.parametrize("start_ns", [0, 1, NOW_NS + 50 * YEAR_NS, 2**63 - 10])
def test_what_senders_say_of_their_time_counts_for_nothing(kept: Kept, start_ns: int) -> None:
    kept.receive(SentSpan(1, 1, "s", start_ns=start_ns), ago_ns=29 * DAY_NS)
    kept.receive(SentSpan(2, 1, "s", start_ns=start_ns), ago_ns=31 * DAY_NS)
    kept.run()
    assert kept.traces() == [1]


def test_a_long_trace_is_as_old_as_its_newest_span(kept: Kept) -> None:
    kept.receive(SentSpan(1, 1, "s"), ago_ns=90 * DAY_NS)
    kept.receive(SentSpan(1, 2, "s"), ago_ns=2 * DAY_NS)
    assert kept.run() == Toll()
    kept.run_for_days(29)
    assert kept.traces() == []


def test_starred_traces_and_their_logs_stay(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=99 * DAY_NS)
    kept.receive_trace(2, ago_ns=99 * DAY_NS)
    kept.starred.add(hex_id(1))
    assert kept.run() == Toll(traces=1, spans=1, logs=1)
    assert kept.traces() == [1]
    assert len(rows(kept.store, "logs")) == 1


def test_what_is_starred_while_it_runs_stays(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junjo_desktop.store.victims._TRACES_AT_ONCE", 1)
    for trace in (1, 2, 3):
        kept.receive_trace(trace, ago_ns=(99 - trace) * DAY_NS)
    kept.retention.run(MONTH, lambda _taken, _seconds: kept.starred.add(hex_id(3)))
    assert kept.traces() == [3]


def test_a_trace_that_receives_a_span_while_it_runs_stays(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junjo_desktop.store.victims._TRACES_AT_ONCE", 1)
    for trace in (1, 2, 3):
        kept.receive_trace(trace, ago_ns=(99 - trace) * DAY_NS)
    kept.retention.run(MONTH, lambda _taken, _seconds: kept.receive(SentSpan(2, 5, "s")))
    assert kept.traces() == [2]


def test_too_much_goes_from_the_oldest_on_and_no_more_than_needed(kept: Kept) -> None:
    fill(kept.store, range(1, 301), first_ns=NOW_NS - 20 * DAY_NS)
    kept.store.checkpoint()
    before = kept.retention.occupancy()
    limit = before.needed_bytes - 2_000_000
    removed = kept.run(RetentionPolicy(size_bytes=limit))
    assert removed.traces == pytest.approx(2_000_000 / before.bytes_a_row, abs=2)
    assert kept.traces() == list(range(1 + removed.traces, 301))
    assert kept.retention.occupancy().needed_bytes <= limit
    assert kept.run(RetentionPolicy(size_bytes=limit)) == Toll()


def test_too_much_that_is_starred_stays(kept: Kept) -> None:
    fill(kept.store, range(1, 21), first_ns=NOW_NS - 20 * DAY_NS)
    kept.starred.update(hex_id(trace) for trace in range(1, 11))
    kept.run(RetentionPolicy(size_bytes=1))
    assert kept.traces() == list(range(1, 11))


def test_a_trace_that_still_runs_stays_even_where_there_is_too_much(kept: Kept) -> None:
    fill(kept.store, range(1, 11), first_ns=NOW_NS - HOUR_NS, step_ns=S)
    fill(kept.store, [11], first_ns=NOW_NS - 5 * S)
    kept.run(RetentionPolicy(size_bytes=1))
    assert kept.traces() == [11]


def test_logs_and_metrics_count_for_the_size_too(kept: Kept) -> None:
    kept.receive(*[SentMetric("s")] * 50, *[SentLog(0, "s")] * 50, ago_ns=2 * HOUR_NS)
    kept.receive_trace(1, ago_ns=HOUR_NS)
    removed = kept.run(RetentionPolicy(size_bytes=1))
    assert (removed.metrics, removed.logs, removed.traces) == (50, 51, 1)


def test_resources_and_scopes_go_with_the_last_that_refers_to_them(kept: Kept) -> None:
    kept.receive(SentSpan(1, 1, "old"), ago_ns=40 * DAY_NS)
    kept.receive(SentSpan(2, 1, "new"))
    kept.run()
    assert [row["service_name"] for row in rows(kept.store, "resources")] == ["new"]


def test_a_clock_that_is_years_ahead_for_a_while_makes_nothing_old(kept: Kept) -> None:
    for day in range(20):
        kept.receive_trace(day, ago_ns=day * DAY_NS)
    kept.run()
    kept.clocks.clock_ns += 10 * YEAR_NS
    assert kept.run() == Toll()
    kept.run_for_hours(1)
    kept.start()  # a start does not believe it either
    assert kept.run() == Toll()
    kept.clocks.clock_ns -= 10 * YEAR_NS
    assert kept.run() == Toll()


def test_what_was_received_while_the_clock_was_ahead_stays_for_its_period_and_no_longer(kept: Kept) -> None:
    kept.run()
    kept.clocks.clock_ns += 10 * YEAR_NS
    kept.receive_trace(1)
    kept.run()
    kept.clocks.clock_ns -= 10 * YEAR_NS
    kept.run()
    kept.run_for_days(29)
    assert kept.traces() == [1]
    kept.run_for_days(2)
    assert kept.traces() == []


@pytest.mark.parametrize("behind_ns", [NOW_NS, 60 * DAY_NS], ids=["1970", "two months"])
def test_what_was_received_while_the_clock_was_behind_stays_for_its_period_and_no_longer(
    kept: Kept, behind_ns: int
) -> None:
    kept.run()
    kept.clocks.clock_ns -= behind_ns
    kept.receive_trace(1)
    kept.run()
    kept.clocks.clock_ns += behind_ns
    kept.run()
    kept.run_for_days(27)
    assert kept.traces() == [1]
    kept.run_for_days(5)
    assert kept.traces() == []


def test_with_a_clock_far_behind_nothing_goes(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=29 * DAY_NS)
    kept.run()
    kept.clocks.clock_ns = 0
    assert kept.run() == Toll()


def test_after_a_long_holiday_what_is_old_goes_within_hours(kept: Kept) -> None:
    kept.receive_trace(1)
    kept.run()
    kept.clocks.clock_ns += 60 * DAY_NS
    kept.start()
    assert kept.run() == Toll()
    kept.run_for_hours(48)
    assert kept.traces() == []


def test_who_starts_the_app_for_a_minute_a_day_has_retention_too(kept: Kept) -> None:
    kept.receive_trace(1)
    for _ in range(32):
        kept.start()
        kept.run()
        kept.clocks.pass_time(60 * S)
        kept.run()
        kept.clocks.clock_ns += DAY_NS
    assert kept.traces() == []


def test_at_the_first_start_the_newest_reception_says_what_time_it_is(kept: Kept) -> None:
    kept.data_dir.state.unlink()
    kept.start()
    kept.receive_trace(1, ago_ns=50 * DAY_NS)
    kept.receive_trace(2)
    kept.run()
    assert kept.traces() == [2]


@given(
    clock=st.integers(0, 2**62),
    jumps=st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(0, HOUR_NS)), max_size=20),
)
def test_the_believed_time_never_moves_faster_than_the_period_in_a_day(
    clock: int, jumps: list[tuple[int, int]]
) -> None:
    period = MONTH.period_ns
    moment = first_moment(RetentionRecord(clock), clock, None, period)
    ran = 0
    for jump, elapsed in jumps:
        ran += elapsed
        moment = next_moment(moment, clock + jump, elapsed, period)
        moved = abs(moment.record.believed_ns - clock)
        assert moved <= ran + ran * period // DAY_NS
        assert moment.now_ns <= clock + jump


def _forecast(kept: Kept, policy: RetentionPolicy, growth: float | None = None) -> object:
    moment, starred = kept.retention.preview(policy), frozenset(kept.starred)
    occupancy = kept.retention.occupancy()
    found = kept.store.read(lambda cursor: forecast(cursor, policy, moment, occupancy, starred, growth))
    return found and (found.reason, found.when_ns and found.when_ns - NOW_NS, found.traces, found.spans)


def test_what_is_due_is_forecast_for_now(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=31 * DAY_NS)
    kept.receive_trace(2)
    assert _forecast(kept, MONTH) == ("older than 30 days", None, 1, 1)
    assert _forecast(kept, RetentionPolicy(days=1)) == ("older than a day", None, 1, 1)


def test_what_becomes_due_is_forecast_for_its_day(kept: Kept) -> None:
    kept.receive(SentSpan(1, 1, "s"), SentSpan(1, 2, "s"), ago_ns=10 * DAY_NS)
    kept.receive_trace(2, ago_ns=10 * DAY_NS - HOUR_NS)
    kept.receive_trace(3)
    assert _forecast(kept, MONTH) == ("older than 30 days", 20 * DAY_NS, 2, 3)


def test_a_forecast_by_size_follows_the_growth(kept: Kept) -> None:
    fill(kept.store, range(1, 101), first_ns=NOW_NS - DAY_NS, step_ns=60 * S)
    needed = kept.retention.occupancy().needed_bytes
    found = _forecast(kept, RetentionPolicy(size_bytes=needed + 1_000_000), growth=500_000.0)
    assert isinstance(found, tuple)
    assert found[1] == 2 * DAY_NS
    due = _forecast(kept, RetentionPolicy(size_bytes=needed // 2))
    assert isinstance(due, tuple)
    assert due[:2] == (f"more than {needed // 2 / GB:g} GB on disk", None)
    assert 40 <= due[2] <= 60


def test_nothing_is_forecast_without_limits_or_of_stars(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=31 * DAY_NS)
    assert _forecast(kept, OFF, growth=1.0) is None
    kept.starred.add(hex_id(1))
    assert _forecast(kept, MONTH) is None
