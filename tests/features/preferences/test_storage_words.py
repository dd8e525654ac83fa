"""Sentences about what is stored and what is removed next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from junjo_desktop.features.preferences.file_parts import parts_of
from junjo_desktop.features.preferences.storage_words import facts, forecast_words, is_due, preview_words
from junjo_desktop.store.statistics import FileSize, RetentionForecast, StorageReport

DAY_NS = 86_400 * 10**9
NOW_NS = int(datetime(2026, 11, 20, 12, 0).astimezone().timestamp()) * 10**9
AGED = RetentionForecast("older than 30 days", None, 1_204, 34_000, NOW_NS - 30 * DAY_NS)


def report(*files: tuple[str, int], reclaimable_bytes: int = 0) -> StorageReport:
    return StorageReport(
        files=tuple(FileSize(name, Path("/data") / name, size) for name, size in files),
        spans=34_000,
        traces=1_204,
        logs=3,
        metrics=0,
        starred=2,
        oldest_ns=NOW_NS - 38 * DAY_NS,
        newest_ns=NOW_NS,
        bytes_a_span=342.4,
        growth_bytes_a_day=12_400_000.0,
        next_removal=None,
        reclaimable_bytes=reclaimable_bytes,
        quarantined=0,
    )


def test_what_is_due_is_said_with_its_reason() -> None:
    assert forecast_words(AGED, NOW_NS) == (
        "In the next minutes: 1,204 traces with 34,000 spans, last received before 21 Oct 2026 12:00"
        " (older than 30 days)."
    )
    assert preview_words(AGED, NOW_NS).startswith("These limits remove in the next minutes: 1,204 traces")
    assert is_due(AGED, NOW_NS)


@pytest.mark.parametrize(
    ("wait_ns", "words"),
    [(23 * DAY_NS, "In about 23 days:"), (DAY_NS // 3, "In about 8 h:"), (90 * 60 * 10**9, "In about 90 min:")],
)
def test_what_is_due_later_is_said_without_false_precision(wait_ns: int, words: str) -> None:
    later = RetentionForecast("more than 10 GB on disk", NOW_NS + wait_ns, 1, 1, NOW_NS - DAY_NS)
    assert forecast_words(later, NOW_NS).startswith(f"{words} 1 trace with 1 span")
    assert preview_words(later, NOW_NS).startswith(f"These limits remove nothing now. {words}")
    assert not is_due(later, NOW_NS)


def test_nothing_to_remove_and_only_logs_are_said() -> None:
    assert forecast_words(None).startswith("Nothing")
    assert preview_words(None) == "These limits remove nothing of what is stored."
    logs = RetentionForecast("older than a day", None, 0, 0, NOW_NS - DAY_NS)
    assert "logs and metrics received before 19 Nov 2026 12:00" in forecast_words(logs, NOW_NS)


def test_facts_name_their_units() -> None:
    found = dict(facts(report(), NOW_NS))
    assert found["Spans"] == "34,000"
    assert found["Oldest"] == "13 Oct 2026 12:00, 38 days ago"
    assert found["Growth"] == "about 12 MB a day"
    assert found["A span takes"] == "342 B"
    assert "Set aside" not in found


def test_files_are_ordered_by_family_and_logs_are_one() -> None:
    parts = parts_of(
        report(
            ("telemetry.duckdb", 4_000),
            ("intake.sqlite3", 10),
            ("logs/junjo-desktop.log", 5),
            ("logs/junjo-desktop.log.1", 7),
            ("state.sqlite3", 20),
            ("telemetry.duckdb.damaged-1", 30),
            ("telemetry.duckdb.wal", 40),
            reclaimable_bytes=1_000,
        )
    )
    assert [(part.name, part.size_bytes) for part in parts] == [
        ("telemetry.duckdb", 4_000),
        ("telemetry.duckdb.wal", 40),
        ("intake.sqlite3", 10),
        ("state.sqlite3", 20),
        ("telemetry.duckdb.damaged-1", 30),
        ("logs", 12),
    ]
    assert [part.free_bytes for part in parts] == [1_000, 0, 0, 0, 0, 0]


def test_many_files_that_were_set_aside_take_few_lines() -> None:
    parts = parts_of(report(*((f"telemetry.duckdb.damaged-{number}", 10) for number in range(12))))
    assert [part.name for part in parts][-1] == "9 more"
    assert sum(part.size_bytes for part in parts) == 120
