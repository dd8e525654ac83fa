"""The storage report counts what is stored, and every file that takes space."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from junjo_desktop.paths import DataDir
from junjo_desktop.store.database import Store
from junjo_desktop.store.retention import RetentionPolicy
from junjo_desktop.store.retention_clock import DAY_NS, HOUR_NS
from junjo_desktop.store.statistics import StorageReport, next_removal, report_json, storage_report
from tests.store.keeping import MONTH, NOW_NS, Kept, fill, hex_id
from tests.store.telemetry_model import SentLog, SentMetric, SentSpan
from tests.support.engines import make_engine, otlp_port
from tests.support.eventually import eventually
from tests.support.otlp import span, trace_id, trace_request
from tests.support.sending import export


def _report(kept: Kept, policy: RetentionPolicy = MONTH) -> StorageReport:
    starred = frozenset(kept.starred)
    return storage_report(kept.store, kept.data_dir, policy, kept.retention.preview(policy), starred, 3)


@pytest.fixture
def kept(data_dir: DataDir) -> Iterator[Kept]:
    store = Store.open(data_dir.telemetry)
    yield Kept(store, data_dir)
    store.close()


def test_an_empty_store_has_nothing_to_say(kept: Kept) -> None:
    report = _report(kept)
    assert (report.spans, report.traces, report.logs, report.metrics, report.starred) == (0, 0, 0, 0, 0)
    assert (report.oldest_ns, report.newest_ns, report.growth_bytes_a_day, report.next_removal) == (None,) * 4
    assert report.bytes_a_span == 0


def test_everything_stored_is_counted(kept: Kept) -> None:
    kept.receive(SentSpan(1, 1, "s"), SentSpan(1, 2, "t"), SentLog(1, "s"), SentMetric("t"), ago_ns=2 * DAY_NS)
    kept.receive(SentSpan(2, 1, "s"), SentLog(0, "s"), ago_ns=HOUR_NS)
    kept.starred.update({hex_id(2), hex_id(77)})
    report = _report(kept)
    assert (report.spans, report.traces, report.logs, report.metrics, report.starred) == (3, 2, 2, 1, 1)
    assert (report.oldest_ns, report.newest_ns) == (NOW_NS - 2 * DAY_NS, NOW_NS - HOUR_NS)
    assert report.quarantined == 3
    removal = report.next_removal
    assert removal is not None
    assert (removal.traces, removal.spans, removal.when_ns) == (1, 2, NOW_NS + 28 * DAY_NS)


def test_growth_is_what_the_last_days_brought(kept: Kept) -> None:
    fill(kept.store, range(1, 101), first_ns=NOW_NS - 40 * DAY_NS, step_ns=1)
    fill(kept.store, range(101, 171), first_ns=NOW_NS - 5 * DAY_NS, step_ns=1)
    report = _report(kept)
    assert report.growth_bytes_a_day == pytest.approx(10 * report.bytes_a_span)


def test_growth_of_a_new_store_counts_for_a_day(kept: Kept) -> None:
    fill(kept.store, range(1, 11), first_ns=NOW_NS - HOUR_NS, step_ns=1)
    report = _report(kept)
    assert report.growth_bytes_a_day == pytest.approx(10 * report.bytes_a_span)


def test_what_deletions_left_free_is_said(kept: Kept) -> None:
    kept.run()
    fill(kept.store, range(1, 401), first_ns=NOW_NS - 20 * DAY_NS, step_ns=1)
    kept.store.checkpoint()
    before = _report(kept)
    fill(kept.store, range(401, 411), first_ns=NOW_NS - HOUR_NS, step_ns=1)
    kept.run(RetentionPolicy(days=10))
    kept.store.checkpoint()
    after = _report(kept)
    assert (before.spans, after.spans) == (400, 10)
    assert after.reclaimable_bytes - before.reclaimable_bytes > 3_000_000


def test_every_file_is_named_with_its_size_the_database_first(kept: Kept) -> None:
    folder = kept.data_dir
    kept.receive_trace(1)
    folder.journal.write_bytes(b"j" * 10)
    folder.journal.with_name(folder.journal.name + "-wal").write_bytes(b"w" * 20)
    folder.log_file.write_bytes(b"l" * 30)
    folder.root.joinpath("telemetry.duckdb.damaged-20260101T000000.000000Z").write_bytes(b"d" * 40)
    folder.root.joinpath("intake.damaged-20260101T000000.000000Z.sqlite3").write_bytes(b"d" * 50)
    folder.settings.write_text("")
    found = {file.name: file.size_bytes for file in _report(kept).files}
    database, log = found.pop("telemetry.duckdb"), found.pop("telemetry.duckdb.wal")
    assert database == folder.telemetry.stat().st_size
    assert log > 0
    assert found == {
        "intake.sqlite3": 10,
        "intake.sqlite3-wal": 20,
        "logs/junjo-desktop.log": 30,
        "telemetry.duckdb.damaged-20260101T000000.000000Z": 40,
        "intake.damaged-20260101T000000.000000Z.sqlite3": 50,
    }
    assert _report(kept).files[0].path == folder.telemetry


def test_the_report_is_one_json_object(kept: Kept) -> None:
    kept.receive_trace(1)
    document = orjson.loads(report_json(_report(kept)))
    assert document["spans"] == 1
    assert document["files"][0]["path"] == str(kept.data_dir.telemetry)
    assert document["next_removal"]["reason"] == "older than 30 days"


def test_other_limits_can_be_tried_in_thought(kept: Kept) -> None:
    kept.receive_trace(1, ago_ns=8 * DAY_NS)
    kept.receive_trace(2)
    week = RetentionPolicy(days=7)
    removal = next_removal(kept.store, kept.data_dir, week, kept.retention.preview(week), frozenset())
    assert removal is not None
    assert removal.traces == 1
    assert kept.traces() == [1, 2]


def test_a_running_engine_tells_keeps_and_gives_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = make_engine(DataDir(tmp_path_factory.mktemp("engine") / "data"))
    engine.start()
    try:
        port = otlp_port(engine)
        key = engine.api_keys.secret_of(engine.api_keys.list()[0].id)
        export(port, trace_request(span(trace=trace_id(5))), key=str(key))
        assert eventually(lambda: engine.storage().spans == 1)
        engine.set_starred(hex_id(5), is_starred=True)
        assert engine.starred() == {hex_id(5)}
        assert engine.storage().starred == 1
        assert engine.retention_forecast(engine.settings) is None
        engine.set_starred(hex_id(5), is_starred=False)
        removal = engine.retention_forecast(engine.settings)
        assert removal is not None
        assert removal.traces == 1
        assert engine.give_back_space() is not None
        assert engine.storage().spans == 1
    finally:
        engine.stop()
