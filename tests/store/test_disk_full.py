"""A disk that fills loses nothing, is told, and once there is room again everything is stored exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from junjo_desktop.errors import DataFolderError
from junjo_desktop.store import database
from junjo_desktop.store.database import Store
from tests.store import scenarios
from tests.store.scenarios import run_scenario


def test_a_write_that_the_disk_refuses_is_tried_again_until_it_succeeds(path: Path) -> None:
    outcome = run_scenario(scenarios.refuse_writes_for_a_while, path)
    assert outcome.returncode == 0, outcome.stderr
    assert "File too large" in outcome.stdout
    assert str(path) in outcome.stdout
    assert "nanobind" not in outcome.stderr


def test_a_disk_that_fills_during_a_checkpoint_costs_a_reopening_and_nothing_else(path: Path) -> None:
    outcome = run_scenario(scenarios.refuse_checkpoints_for_a_while, path)
    assert outcome.returncode == 0, outcome.stderr
    assert "stopped after a failed write (File too large)" in outcome.stdout
    assert "nanobind" not in outcome.stderr


def test_readers_open_a_database_again_that_was_given_up(path: Path) -> None:
    outcome = run_scenario(scenarios.read_after_a_failed_checkpoint, path)
    assert outcome.returncode == 0, outcome.stderr
    assert "stopped after a failed write" in outcome.stdout


def test_a_full_disk_at_the_first_start_is_told_and_the_next_start_succeeds(path: Path) -> None:
    outcome = run_scenario(scenarios.open_on_a_full_disk, path)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert str(path) in outcome.stdout
    assert "File too large" in outcome.stdout
    Store.open(path).close()


def test_nothing_is_written_when_little_room_is_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_ROOM_BYTES", 2**62)
    with pytest.raises(DataFolderError, match=r"only \d+ MB left"), store.write() as writer:
        writer.execute("DELETE FROM spans")
    assert store.read(lambda cursor: cursor.execute("SELECT 1").fetchall()) == [(1,)]
