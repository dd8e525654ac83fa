"""`rebuild`, and what `doctor` and `stats` say about it."""

from __future__ import annotations

import json
import shutil
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.errors import DatabaseError
from junjo_desktop.link.server import LinkServer, OnHangUp
from junjo_desktop.paths import DataDir
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.database import Store
from junjo_desktop.store.derivation import Position, Rebuilt, Step, derivation_of, save
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.telemetry.semantics import DERIVED_VERSION
from tests.cli.program import answer, call, program, serving
from tests.store.derivable import contents, disagreements, execute

OUTDATED = (
    "UPDATE spans SET span_type = 'x', is_error = true",
    "UPDATE traces SET span_count = 9",
    "UPDATE derivation SET version = 1",
)
HALFWAY = Position(DERIVED_VERSION, Step.SPANS, 1_000, 500, 0, 0, 500, 3, 0, 1, 1)


@pytest.fixture
def folder(stored: Path, tmp_path: Path) -> Path:
    """A copy of the samples of which all derived data is wrong."""
    copy = tmp_path / "data"
    shutil.copytree(stored, copy)
    store = Store.open(copy / "telemetry.duckdb")
    execute(store, *OUTDATED)
    store.close()
    return copy


def _check_rebuilt(folder: Path, stored: Path) -> None:
    shutil.copytree(stored, folder.with_name("fresh"))
    fresh = Store.open(folder.with_name("fresh") / "telemetry.duckdb")
    store = Store.open(folder / "telemetry.duckdb")
    assert contents(store) == contents(fresh)
    assert disagreements(store) == []
    assert store.read(derivation_of).is_current
    store.close()
    fresh.close()


def test_it_rebuilds_a_folder_that_nobody_has_open(folder: Path, stored: Path) -> None:
    outcome = call("rebuild", "--data-dir", folder)
    assert outcome.returncode == 0
    assert outcome.stdout.startswith("Rebuilt: of 29 spans, 29 changed; ")
    assert "Reading spans: 100%" in outcome.stderr
    assert "\x1b" not in outcome.stderr
    _check_rebuilt(folder, stored)
    assert call("rebuild", "--data-dir", folder).stdout == "Rebuilt: 29 spans read, and everything was right.\n"


def test_it_says_so_in_json(folder: Path, stored: Path) -> None:
    document = answer("rebuild", "--data-dir", folder, "--json")
    known = ("finished", "resumed", "step", "spans", "spans_changed", "spans_unreadable")
    assert {name: document[name] for name in known} == {
        "finished": True,
        "resumed": False,
        "step": None,
        "spans": 29,
        "spans_changed": 29,
        "spans_unreadable": 0,
    }
    _check_rebuilt(folder, stored)


def test_the_running_app_rebuilds_what_it_has_open(folder: Path, stored: Path) -> None:
    with serving(folder, "--no-auth") as served:
        assert answer("rebuild", "--data-dir", folder, "--json")["spans_changed"] == 29
        assert answer("rebuild", "--restart", "--data-dir", folder, "--json")["spans_changed"] == 0
        assert served.end() == (0, "", "")
    _check_rebuilt(folder, stored)


def test_it_goes_on_where_it_was_stopped(folder: Path) -> None:
    store = Store.open(folder / "telemetry.duckdb")
    with store.write() as writer:
        save(writer, replace(HALFWAY, first_row=29, below_row=10, spans=19))
    store.close()
    document = answer("rebuild", "--data-dir", folder, "--json")
    assert (document["resumed"], document["spans"], document["spans_changed"]) == (True, 29, 13)
    assert not answer("rebuild", "--restart", "--data-dir", folder, "--json")["resumed"]


def test_there_is_nothing_to_rebuild_where_nothing_is_stored(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert call("rebuild", "--data-dir", folder).stdout == "Nothing is stored, so there is nothing to rebuild.\n"
    assert not folder.exists()


class _Endless:
    """An app whose rebuild never ends by itself, or fails."""

    has_window = False

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.error: DatabaseError | None = None

    def answer(self, name: str, params: Mapping[str, Any], on_hang_up: OnHangUp) -> bytes:
        raise NotImplementedError

    def report(self) -> IntakeReport:
        raise NotImplementedError

    def raise_window(self) -> bool:
        raise NotImplementedError

    def open_link(self, link: str) -> bool:
        raise NotImplementedError

    def toll_of(self, selection: Selection) -> Toll:
        raise NotImplementedError

    def delete(
        self, selection: Selection, on_progress: Callable[[Toll], None] | None, token: CancelToken | None
    ) -> Toll:
        raise NotImplementedError

    def rebuild(
        self, on_progress: Callable[[Position], None] | None, token: CancelToken | None, *, restart: bool
    ) -> Rebuilt:
        assert on_progress is not None
        assert token is not None
        if self.asked.is_set() and self.error is not None:
            raise self.error
        self.asked.set()
        return Rebuilt(is_finished=False, is_resumed=not restart, position=HALFWAY)


@pytest.fixture
def endless(tmp_path: Path) -> Any:
    """The app, with its socket in `tmp_path / "data"`."""
    data_dir = DataDir(tmp_path / "data")
    data_dir.prepare()
    backend = _Endless()
    server = LinkServer(data_dir, backend)
    server.start()
    yield backend
    server.stop(0)


def test_ctrl_c_stops_it_and_says_how_to_go_on(endless: _Endless, tmp_path: Path) -> None:
    with program("rebuild", "--data-dir", str(tmp_path / "data"), "--json") as process:
        assert endless.asked.wait(30)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    document = json.loads(out)
    assert (document["finished"], document["step"], document["spans"]) == (False, "spans", 500)
    assert err == "Stopped with 50% of the spans read. What was done stays; `junjo-desktop rebuild` goes on there.\n"


def test_what_stops_it_is_said_with_how_to_go_on(endless: _Endless, tmp_path: Path) -> None:
    endless.error = DatabaseError("The disk is full.", "Free some space.")
    outcome = call("rebuild", "--data-dir", tmp_path / "data")
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines() == [
        "Reading spans: 50% …",
        "Stopped with 50% of the spans read. What was done stays; `junjo-desktop rebuild` goes on there.",
        "junjo-desktop: The disk is full. Free some space.",
    ]


def _titles(folder: Path) -> list[str]:
    findings = json.loads(call("doctor", "--data-dir", folder, "--json").stdout)["findings"]
    return [finding["title"] for finding in findings if "rebuild`" in finding["next_step"]]


def test_doctor_and_stats_say_when_it_is_worth_it(folder: Path) -> None:
    old = "What stored spans mean was read by another version of Junjo Desktop, and this one reads it otherwise."
    assert _titles(folder) == [old]
    assert old in call("stats", "--data-dir", folder).stdout
    with serving(folder, "--no-auth"):
        assert _titles(folder) == [old]
        call("rebuild", "--data-dir", folder)
        assert _titles(folder) == []
        assert answer("stats", "--data-dir", folder, "--json")["derivation"]["rebuild"] is None
    store = Store.open(folder / "telemetry.duckdb")
    with store.write() as writer:
        save(writer, HALFWAY)
    store.close()
    assert _titles(folder) == ["Reading stored spans again was stopped on the way."]
