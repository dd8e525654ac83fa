"""`stats` says what is stored and what it takes, `star` keeps a trace; with the app open and closed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP_TRACE, send_samples
from tests.cli.program import Serving, answer, call, serving

SHOP = SHOP_TRACE.hex()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running app with the samples."""
    with serving(tmp_path_factory.mktemp("served") / "data", "--no-auth") as found:
        send_samples(found)
        found.settle()
        yield found


@pytest.fixture
def closed(stored: Path, tmp_path: Path) -> Path:
    """A folder with the samples that may be changed; nothing runs."""
    return Path(shutil.copytree(stored, tmp_path / "data"))


@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_report_is_the_same_whether_or_not_the_app_runs(request: pytest.FixtureRequest, state: str) -> None:
    folder = request.getfixturevalue("served").data_dir if state == "open" else request.getfixturevalue("closed")
    report = answer("stats", "--json", "--data-dir", folder)
    assert report["data_dir"] == str(folder)
    assert (report["traces"], report["spans"], report["logs"], report["metrics"]) == (28, 29, 1, 0)
    assert (report["starred"], report["quarantined"]) == (0, 0)
    assert report["files"][0]["name"] == "telemetry.duckdb"
    assert {"telemetry.duckdb", "intake.sqlite3", "state.sqlite3"} <= {file["name"] for file in report["files"]}
    assert report["next_removal"]["reason"] == "older than 30 days"
    assert report["next_removal"]["traces"] == 28


def test_people_read_it_in_a_few_lines(closed: Path) -> None:
    outcome = call("stats", "--data-dir", closed)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    facts = dict(line.split(None, 1) for line in outcome.stdout.split("\n\n")[0].splitlines() if line[0] != "d")
    assert facts["traces"] == "28"
    assert facts["spans"] == "29"
    assert "28 traces with 29 spans, in about 29 d" in outcome.stdout
    assert "older than 30 days" in outcome.stdout
    assert "telemetry.duckdb" in outcome.stdout


def test_limits_of_the_settings_count(closed: Path) -> None:
    closed.joinpath("settings.toml").write_text("retention_days = 0\nretention_gb = 0\n", encoding="utf-8")
    assert answer("stats", "--json", "--data-dir", closed)["next_removal"] is None
    closed.joinpath("settings.toml").write_text("retention_days = -4\n", encoding="utf-8")
    assert "retention_days must be a whole number" in call("stats", "--data-dir", closed).stderr


def test_nothing_was_ever_received_and_asking_leaves_nothing_behind(tmp_path: Path) -> None:
    report = answer("stats", "--json", "--data-dir", tmp_path / "none")
    assert (report["spans"], report["files"], report["next_removal"]) == (0, [], None)
    assert "none: nothing comes near a limit" in call("stats", "--data-dir", tmp_path / "none").stdout
    assert not tmp_path.joinpath("none").exists()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_star_is_counted_and_can_be_taken_away(request: pytest.FixtureRequest, state: str) -> None:
    folder = request.getfixturevalue("served").data_dir if state == "open" else request.getfixturevalue("closed")
    outcome = call("star", SHOP.upper(), "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert f"Trace {SHOP} is starred" in outcome.stderr
    assert answer("stats", "--json", "--data-dir", folder)["starred"] == 1
    assert "1 of them starred" in call("stats", "--data-dir", folder).stdout
    assert call("unstar", SHOP, "--data-dir", folder).returncode == 0
    assert answer("stats", "--json", "--data-dir", folder)["starred"] == 0


def test_only_what_is_there_can_be_starred_and_unstarred(closed: Path) -> None:
    outcome = call("star", "ab" * 16, "--data-dir", closed)
    assert outcome.returncode == 1
    assert f"No trace {'ab' * 16} is stored." in outcome.stderr
    outcome = call("unstar", SHOP, "--data-dir", closed)
    assert outcome.returncode == 1
    assert "has no star" in outcome.stderr
