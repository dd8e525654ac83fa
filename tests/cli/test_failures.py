"""What the environment can do to a command, each with its sentence, and nothing stored touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psutil  # type: ignore[import-untyped]  # it comes without types
import pytest

from junjo_desktop.link.endpoint import Endpoint, write_endpoint
from junjo_desktop.paths import DataDir
from tests.cli.program import COMMAND, ROOT, TIMEOUT_S, answer, call, environment, program, run, serving
from tests.support import otlp
from tests.support.holder import held_by_another_process

ASKING = (("traces",), ("sql", "select 1"), ("serve", "--otlp-port", "0", "--validator-port", "0"))
SLOW_SQL = "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3"


@pytest.fixture(scope="module")
def one_span(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one span, to be copied."""
    made = tmp_path_factory.mktemp("one") / "data"
    with serving(made, "--no-auth") as served:
        served.send(otlp.trace_request(otlp.span()))
        assert served.end()[0] == 0
    return made


@pytest.fixture
def folder(tmp_path: Path, one_span: Path) -> Path:
    """A data folder with one span, to be spoiled."""
    return Path(shutil.copytree(one_span, tmp_path / "data"))


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command[0])
def test_a_newer_database_is_left_alone(folder: Path, command: tuple[str, ...]) -> None:
    database = folder / "telemetry.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("insert into schema_migrations values (9999, 'from the future', 0)")
    before = database.read_bytes()
    outcome = run(*command, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert "9999" in outcome.stderr
    assert str(database) in outcome.stderr
    assert "Install the newer version" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert database.read_bytes() == before


@pytest.mark.parametrize("command", ASKING[:2], ids=lambda command: command[0])
def test_a_damaged_database_is_left_alone_by_those_who_only_ask(folder: Path, command: tuple[str, ...]) -> None:
    database = folder / "telemetry.duckdb"
    database.write_bytes(b"this was a database once" * 1000)
    outcome = run(*command, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert f"{database} is not readable as a database" in outcome.stderr
    assert "Start Junjo Desktop: it keeps the file under another name" in outcome.stderr
    assert database.read_bytes() == b"this was a database once" * 1000


@pytest.mark.parametrize("command", [*ASKING, ("keys", "create", "x")], ids=lambda command: command[0])
def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("mine")
    outcome = run(*command, "--data-dir", tmp_path / "file")
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert str(tmp_path / "file") in outcome.stderr
    assert "--data-dir" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """The same folder where nothing may be written: its permissions say so, or for root, a read-only mount."""
    if os.geteuid():
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
        return
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not mount or not umount or subprocess.run([mount, "--bind", "-o", "ro", folder, folder], check=False).returncode:
        pytest.skip("root may write everywhere, and cannot mount here")
    yield folder
    subprocess.run([umount, folder], check=True)


def test_a_read_only_folder_can_be_asked_and_not_served(read_only: Path) -> None:
    asked = run("traces", "--json", "--data-dir", read_only)
    assert (asked.returncode, asked.stdout.count("trace_id") > 0) == (0, True)
    assert "read-only" in asked.stderr
    served = run("serve", "--otlp-port", "0", "--validator-port", "0", "--data-dir", read_only)
    assert (served.returncode, served.stdout) == (1, "")
    assert f"The data folder {read_only} cannot be written" in served.stderr
    examined = run("doctor", "--data-dir", read_only)
    assert examined.returncode == 1
    assert f"The data folder {read_only} cannot be written" in examined.stdout


def test_a_stale_endpoint_does_not_stand_in_the_way(folder: Path) -> None:
    write_endpoint(DataDir(folder), Endpoint(f"unix:{folder}/gone.sock", "token", os.getpid()))
    assert len(answer("traces", "--json", "--data-dir", folder)) == 1
    with serving(folder, "--no-auth") as served:
        assert len(answer("traces", "--json", "--data-dir", folder)) == 1
        assert served.end() == (0, "", "")


def test_a_process_that_never_ends_is_named_after_a_while(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junjo_desktop.cli.access.PATIENCE_S", 0.3)
    with held_by_another_process(folder):
        outcome = call("traces", "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert f"uses the data folder {folder}" in outcome.stderr


def test_a_reader_that_goes_away_is_no_error(stored: Path) -> None:
    with program(
        "sql", "select * from range(100000)", "--limit", "100000", "--json", "--data-dir", str(stored)
    ) as asked:
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdout.readline()
        asked.stdout.close()
        assert asked.wait(TIMEOUT_S) == 141
        assert asked.stderr.read() == ""
        asked.stderr.close()


def test_help_that_nobody_reads_to_the_end_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as nobody:  # noqa: PTH123 - a file descriptor has no path
        outcome = subprocess.run(
            [*COMMAND, "--help"], cwd=ROOT, env=environment(), stdout=nobody, stderr=subprocess.PIPE, check=False
        )
    assert outcome.returncode in {0, 141}  # argparse keeps to itself that nobody listened, where nothing is buffered
    assert outcome.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_the_output_is_a_sentence(stored: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        outcome = subprocess.run(
            [*COMMAND, "traces", "--json", "--data-dir", str(stored)],
            cwd=ROOT, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
    assert outcome.returncode == 1
    assert "cannot be written" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_ctrl_c_ends_a_slow_query(stored: Path) -> None:
    with program("sql", SLOW_SQL, "--data-dir", str(stored)) as asking:
        lock = stored / "workbench.lock"
        _wait_until_held(lock)
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=TIMEOUT_S)
    assert (asking.returncode, out, err) == (130, "", "")


def _wait_until_held(lock: Path) -> None:
    import fcntl

    give_up = time.monotonic() + TIMEOUT_S
    while time.monotonic() < give_up:
        with lock.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
        time.sleep(0.01)
    raise AssertionError("nobody took the lock")


def test_ctrl_c_stops_a_slow_query_in_the_running_app_too(folder: Path) -> None:
    with serving(folder, "--no-auth") as served:
        for _ in range(10):  # more than the app has threads for questions
            with program("sql", SLOW_SQL, "--data-dir", str(folder)) as asking:
                _wait_until_connected(asking.pid)
                asking.send_signal(signal.SIGINT)
                out, err = asking.communicate(timeout=TIMEOUT_S)
                assert (asking.returncode, out, err) == (130, "", "")
        assert len(answer("traces", "--json", "--data-dir", folder)) == 1
        assert served.end() == (0, "", "")


def _wait_until_connected(pid: int) -> None:
    """Wait for the process to have a unix socket, and a moment for its question."""
    asking = psutil.Process(pid)
    give_up = time.monotonic() + TIMEOUT_S
    while not asking.net_connections("unix"):
        assert time.monotonic() < give_up, "it never connected"
        time.sleep(0.01)
    time.sleep(0.2)
