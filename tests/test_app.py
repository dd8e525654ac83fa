"""The engine: what starts is stopped, in order, whatever happens on the way."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import grpc
import pytest

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.errors import AlreadyRunningError, DataFolderError, NewerDatabaseError, UserError
from junjo_desktop.link.claim import claim
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import load_settings
from tests.support import otlp
from tests.support.engines import FREE_PORTS, otlp_port
from tests.support.sending import export


def _engine(data_dir: DataDir, **options: object) -> Engine:
    return Engine(
        data_dir,
        replace(FREE_PORTS, accept_without_key=True),
        secrets=MemorySecretStore(),
        **options,  # type: ignore[arg-type]  # the tests' own keywords
    )


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    engine = _engine(data_dir)
    engine.start()
    yield engine
    engine.stop()


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_what_is_received_is_reported_and_announced(engine: Engine) -> None:
    told = threading.Event()
    unsubscribe = engine.subscribe(told.set)
    export(otlp_port(engine), otlp.trace_request(otlp.span(), otlp.span()))
    assert told.wait(30)
    assert engine.indexer.drain(30)
    report = engine.report()
    assert (report.requests, report.spans, report.stored_spans, report.waiting) == (1, 2, 2, 0)
    assert report.store_bytes > 0
    assert not report.keys_required
    assert report.last_error is None
    unsubscribe()
    told.clear()
    export(otlp_port(engine), otlp.trace_request(otlp.span()))
    assert engine.indexer.drain(30)
    assert engine.report().stored_spans == 3
    assert not told.is_set()


def test_a_listener_with_a_bug_stops_nobody(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    told = threading.Event()
    engine.subscribe(lambda: 1 // 0)  # type: ignore[arg-type]  # it is a bug on purpose
    engine.subscribe(told.set)
    export(otlp_port(engine), otlp.trace_request(otlp.span()))
    assert told.wait(30)
    assert "A listener for stored batches failed" in caplog.text


def test_the_first_start_makes_a_default_key(engine: Engine) -> None:
    assert [key.name for key in engine.api_keys.list()] == ["default"]


def test_stopping_gives_everything_back(data_dir: DataDir) -> None:
    threads = set(threading.enumerate())
    interval, handlers = sys.getswitchinterval(), list(logging.getLogger().handlers)
    for _ in range(2):
        engine = _engine(data_dir)
        engine.start()
        port = otlp_port(engine)
        assert _is_open(port)
        engine.stop()
        engine.stop()
        assert not _is_open(port)
        claim(data_dir, 0).release()
        assert not data_dir.endpoint.exists()
        assert (sys.getswitchinterval(), logging.getLogger().handlers) == (interval, handlers)
        assert {thread.name for thread in threading.enumerate() if not thread.daemon} == {
            thread.name for thread in threads if not thread.daemon
        }


def test_stopping_indexes_what_was_acknowledged(data_dir: DataDir) -> None:
    engine = _engine(data_dir)
    engine.start()
    export(otlp_port(engine), *(otlp.trace_request(*(otlp.span() for _ in range(300))) for _ in range(10)))
    engine.stop()
    assert engine.left_in_journal == 0
    with duckdb.connect(str(data_dir.telemetry), read_only=True) as connection:
        assert connection.execute("select count(*) from main.spans").fetchone() == (3000,)


def test_what_cannot_be_indexed_at_the_end_is_kept_and_said(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junjo_desktop.store.database._ROOM_BYTES", 1 << 62)
    engine = _engine(data_dir)
    engine.start()
    export(otlp_port(engine), otlp.trace_request(otlp.span(), otlp.span()))
    engine.stop()
    assert engine.left_in_journal == 2
    monkeypatch.undo()
    again = _engine(data_dir)
    again.start()
    assert again.indexer.drain(30)
    assert again.report().stored_spans == 2
    again.stop()


@pytest.mark.parametrize("trouble", ["newer", "journal", "state", "held"])
def test_a_start_that_fails_leaves_nothing_running(data_dir: DataDir, trouble: str) -> None:
    first = _engine(data_dir)
    first.start()
    if trouble != "held":
        first.stop()
    expected: type[UserError] = UserError
    if trouble == "newer":
        expected = NewerDatabaseError
        with duckdb.connect(str(data_dir.telemetry)) as connection:
            connection.execute("insert into schema_migrations values (9999, 'future', 0)")
    elif trouble == "held":
        expected = AlreadyRunningError
    else:
        file = data_dir.journal if trouble == "journal" else data_dir.state
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        file.mkdir()
    threads = {thread for thread in threading.enumerate() if not thread.daemon}
    failing = _engine(data_dir)
    with pytest.raises(expected):
        failing.start()
    failing.stop()
    assert {thread for thread in threading.enumerate() if not thread.daemon} == threads
    if trouble == "held":
        first.stop()
    claim(data_dir, 0).release()
    assert not data_dir.endpoint.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="cannot be written"):
        _engine(DataDir(tmp_path / "file" / "data")).start()


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    DataDir(tmp_path / "new").prepare()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_settings_take_effect_at_once_and_are_kept(engine: Engine) -> None:
    before = otlp_port(engine)
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        free = reserved.getsockname()[1]
    assert engine.apply_settings(replace(engine.settings, otlp_ports=(free,), accept_without_key=False)) == ()
    assert otlp_port(engine) == free
    assert not _is_open(before)
    assert engine.report().keys_required
    with pytest.raises(grpc.RpcError):
        export(free, otlp.trace_request(otlp.span()))
    export(free, otlp.trace_request(otlp.span()), key=str(engine.api_keys.create("k").secret))
    assert load_settings(engine.data_dir.settings) == (engine.settings, ())


def test_a_port_that_cannot_be_had_is_returned_and_reported(engine: Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        (problem,) = engine.apply_settings(replace(engine.settings, otlp_ports=(0, number)))
    assert f"Port {number} is taken" in problem.message
    assert [listener.error for listener in engine.report().listeners if listener.port == number] == [problem]


def test_the_command_line_wins_until_that_setting_is_changed(data_dir: DataDir) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        asked_for = reserved.getsockname()[1]
    engine = _engine(data_dir, otlp_ports=(asked_for,), keys_required=True)
    engine.start()
    try:
        assert otlp_port(engine) == asked_for
        assert engine.apply_settings(replace(engine.settings, theme="dark")) == ()
        assert otlp_port(engine) == asked_for
        assert engine.report().keys_required
    finally:
        engine.stop()


def test_what_is_logged_goes_to_the_file_of_the_data_folder(data_dir: DataDir) -> None:
    engine = _engine(data_dir)
    engine.start()
    logging.getLogger("junjo_desktop.test").warning("seen by nobody else")
    engine.stop()
    assert "seen by nobody else" in data_dir.log_file.read_text(encoding="utf-8")


def test_a_link_reaches_the_window_that_is_there(engine: Engine) -> None:
    assert not engine.open_link("junjo://run/r1")
    links: list[str] = []
    engine.on_link = links.append
    assert engine.open_link("junjo://run/r1")
    assert links == ["junjo://run/r1"]


def test_asking_for_a_window_reaches_the_one_that_is_there(engine: Engine) -> None:
    assert not engine.raise_window()
    raised = threading.Event()
    engine.on_raise = raised.set
    assert engine.has_window
    assert engine.raise_window()
    assert raised.is_set()
