"""`delete`: says what it takes, asks, deletes; with the app open and with nothing running."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.cli.when import when_ns
from junjo_desktop.paths import DataDir
from junjo_desktop.state.stars import Stars
from junjo_desktop.store import deletion, victims
from tests.cli.conftest import HOSTILE, SHOP_TRACE, send_samples
from tests.cli.program import COMMAND, ROOT, TIMEOUT_S, answer, call, environment, run, serving
from tests.support import otlp
from tests.support.engines import FREE_PORTS, make_engine, otlp_port
from tests.support.sending import export

TRACE = SHOP_TRACE.hex()
ALL_TRACES = 28
NOW = 1_790_000_000 * 10**9


@pytest.fixture
def folder(stored: Path, tmp_path: Path) -> Path:
    """A copy of the samples' folder that may be changed."""
    return Path(shutil.copytree(stored, tmp_path / "data"))


def _deleted(*arguments: str | Path) -> Any:
    return answer("delete", *arguments, "--yes", "--json")


def _counts(folder: Path) -> list[int]:
    query = "SELECT (SELECT count(*) FROM spans) AS spans, (SELECT count(*) FROM traces) AS traces, \
        (SELECT count(*) FROM logs) AS logs"
    [row] = answer("sql", query, "--json", "--data-dir", folder)
    return list(row.values())


def _document(traces: int, spans: int, logs: int = 0, kept: int = 0) -> dict[str, object]:
    return {
        "traces": traces,
        "spans": spans,
        "logs": logs,
        "metrics": 0,
        "kept_starred_traces": kept,
        "noted_traces": 0,
        "finished": True,
    }


def _star(folder: Path, trace: str) -> None:
    stars = Stars(DataDir(folder).state)
    stars.star(trace)
    stars.close()


def _check_every_kind(folder: Path) -> None:
    assert _deleted("--service", "depot", "--data-dir", folder) == _document(traces=1, spans=1)
    _star(folder, TRACE)
    assert _deleted("--before", "2001-01-01", "--data-dir", folder) == _document(0, 0)
    assert _deleted("--trace", otlp.trace_id(1000).hex(), otlp.trace_id(1001).hex(), "--data-dir", folder) == _document(
        traces=2, spans=2
    )
    assert _deleted("--service", HOSTILE, "--data-dir", folder) == _document(traces=1, spans=1)
    assert _deleted("--before", "9999-01-01", "--data-dir", folder) == _document(traces=23, spans=23, logs=1, kept=1)
    assert _counts(folder) == [2, 1, 0]
    assert _deleted("--all", "--data-dir", folder) == _document(0, 0, kept=1)
    assert _deleted("--all", "--starred", "too", "--data-dir", folder) == _document(traces=1, spans=2)
    assert _counts(folder) == [0, 0, 0]
    assert answer("services", "--json", "--data-dir", folder) == []


def test_every_kind_is_deleted_with_nothing_running(folder: Path) -> None:
    _check_every_kind(folder)


def test_every_kind_is_deleted_by_the_running_app_and_it_goes_on_receiving(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, "--no-auth") as served:
        # Not settled: what is acknowledged counts, stored or not.
        send_samples(served)
        _check_every_kind(folder)
        served.send(otlp.trace_request(otlp.span(trace=SHOP_TRACE)))
        assert served.settle().stored_spans == 1
        assert served.end() == (0, "", "")
    assert _counts(folder) == [1, 1, 0]


def test_what_waits_in_the_journal_is_deleted_too(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, "--no-auth") as served:
        for number in range(50):
            served.send(otlp.trace_request(*(otlp.span() for _ in range(40)), service=f"s{number}"))
        served.process.kill()
        served.process.communicate()
    assert _deleted("--all", "--data-dir", folder) == _document(traces=2000, spans=2000)
    assert _counts(folder) == [0, 0, 0]


def test_without_a_terminal_nothing_is_deleted_unasked(folder: Path) -> None:
    outcome = run("delete", "--all", "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "Nothing was deleted" in outcome.stderr
    assert "--yes" in outcome.stderr
    assert _counts(folder)[1] == ALL_TRACES


@contextmanager
def _at_a_terminal(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the command with a terminal of its own; yield it and the other end."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, env=environment(), stdin=its, stdout=its, stderr=its,
        start_new_session=True,
    )  # fmt: skip
    os.close(its)
    try:
        yield process, ours
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(TIMEOUT_S)
        os.close(ours)


def _read_until(terminal: int, words: str) -> str:
    said = b""
    while words not in said.decode(errors="replace"):
        assert select.select([terminal], [], [], TIMEOUT_S)[0], said
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # what Linux says at the end of a terminal
            piece = b""
        assert piece, said
        said += piece
    return said.decode()


@pytest.mark.parametrize(("reply", "status", "left"), [("y", 0, 1), ("n", 1, ALL_TRACES), ("", 1, ALL_TRACES)])
def test_at_a_terminal_it_says_what_it_takes_and_waits_for_a_yes(
    folder: Path, reply: str, status: int, left: int
) -> None:
    _star(folder, TRACE)
    with _at_a_terminal("delete", "--all", "--data-dir", folder) as (process, terminal):
        question = _read_until(terminal, "[y/N]")
        assert "27 spans (27 whole traces) and 1 log record" in question
        assert "1 starred trace stays (--starred too" in question
        assert str(folder) in question.replace("\r\n", "")
        # While the user thinks, nobody has to wait for the folder.
        assert _counts(folder)[1] == ALL_TRACES
        os.write(terminal, f"{reply}\n".encode())
        _read_until(terminal, "Deleted 27 spans" if reply == "y" else "Nothing was deleted.")
        assert process.wait(TIMEOUT_S) == status
    assert _counts(folder)[1] == left


def test_hostile_names_do_nothing_to_the_terminal(folder: Path) -> None:
    with _at_a_terminal("delete", "--service", HOSTILE, "--data-dir", folder) as (process, terminal):
        question = _read_until(terminal, "[y/N]")
        assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(question)
        os.write(terminal, b"\n")
        assert process.wait(TIMEOUT_S) == 1


# One trace a transaction and long rests, so that Ctrl-C comes in the middle.
SLOWLY = """
import sys
from junjo_desktop.cli import delete
from junjo_desktop.cli.main import main
from junjo_desktop.store import deletion, victims

victims._TRACES_AT_ONCE = 1
deletion._REST_S = 0.3
take = delete._Progress.take


def tell(progress, deleted):
    take(progress, deleted)
    print("so far", deleted.traces, file=sys.stderr, flush=True)


delete._Progress.take = tell
sys.exit(main(sys.argv[1:]))
"""


def _interrupt(*arguments: str | Path) -> tuple[int, Any, str]:
    with subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *map(str, arguments)],
        cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stderr is not None
            first = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=TIMEOUT_S)
            assert first.startswith("so far "), first + err
        finally:
            process.kill()
    return process.returncode, json.loads(out), err


def test_ctrl_c_stops_and_says_exactly_what_is_deleted(folder: Path) -> None:
    status, document, err = _interrupt("delete", "--before", "9999-01-01", "--yes", "--json", "--data-dir", folder)
    assert status == 130
    assert document["finished"] is False
    assert 0 < document["traces"] < ALL_TRACES
    assert _counts(folder)[1] == ALL_TRACES - document["traces"]
    assert "Stopped. Deleted so far:" in err
    assert "Traceback" not in err


def test_ctrl_c_stops_the_running_app_too_and_it_says_the_same(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(victims, "_TRACES_AT_ONCE", 1)
    monkeypatch.setattr(deletion, "_REST_S", 0.05)
    monkeypatch.setattr("junjo_desktop.link.server._DELETE_FOR_S", 0.01)
    engine = make_engine(data_dir, replace(FREE_PORTS, accept_without_key=True))
    engine.start()
    try:
        export(otlp_port(engine), otlp.trace_request(*(otlp.span() for _ in range(200))))
        status, document, _ = _interrupt("delete", "--service", "shop", "--yes", "--json", "--data-dir", data_dir.root)
        assert (status, document["finished"]) == (130, False)
        left = engine.read(lambda cursor: cursor.execute("SELECT count(*) FROM traces").fetchall())
        assert left == [(200 - document["traces"],)]
        assert 0 < document["traces"] < 200
    finally:
        engine.stop()


def test_nothing_to_delete_is_no_failure_but_an_unknown_trace_is(folder: Path, tmp_path: Path) -> None:
    for empty in ("--service", "nobody"), ("--before", "2001-01-01"):
        outcome = call("delete", *empty, "--yes", "--data-dir", folder)
        assert (outcome.returncode, outcome.stdout) == (0, "")
        assert "There is nothing" in outcome.stderr
    outcome = call("delete", "--trace", "ab" * 16, "--yes", "--data-dir", folder)
    assert outcome.returncode == 1
    assert "not stored" in outcome.stderr
    nowhere = tmp_path / "nowhere"
    assert call("delete", "--all", "--yes", "--data-dir", nowhere).returncode == 0
    assert not nowhere.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all", "--service", "s"),
        ("--trace",),
        ("--trace", "xyz", "--yes"),
        ("--before", "soon"),
        ("--before", ""),
        ("--all", "--starred", "maybe"),
    ],
)
def test_what_makes_no_sense_is_refused(folder: Path, arguments: tuple[str, ...]) -> None:
    outcome = call("delete", *arguments, "--data-dir", folder)
    assert outcome.returncode == 2
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", NOW - 30 * 86_400 * 10**9),
        ("12h", NOW - 12 * 3600 * 10**9),
        ("90m", NOW - 5400 * 10**9),
        ("2w", NOW - 14 * 86_400 * 10**9),
        ("0s", NOW),
        ("999999w", -(2**63)),
        ("1970-01-01T00:00:01.000001Z", 1_000_001_000),
        ("2026-11-20T10:00:00+02:00", 1_795_161_600 * 10**9),
        ("9999-12-30T00:00Z", 2**63 - 1),
        ("0001-01-01T00:00:00+23:59", -(2**63)),
    ],
)
def test_moments_are_dates_times_and_ages(text: str, expected: int) -> None:
    assert when_ns(text, NOW) == expected


def test_a_moment_without_a_zone_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Etc/GMT-5")
    time.tzset()
    try:
        assert when_ns("1970-01-01", NOW) == -5 * 3600 * 10**9
        assert when_ns("1970-01-01T05:00", NOW) == 0
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "d", "-1d", "1.5d", "yesterday", "2026-13-01", "30 d", "1e3d"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        when_ns(text, NOW)
