"""The private socket, both ends real."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from junjo_desktop import __version__
from junjo_desktop.errors import DamagedDatabaseError, DataFolderError, PortUnavailableError, UsageError, UserError
from junjo_desktop.link.client import LinkClient, NobodyThereError
from junjo_desktop.link.endpoint import Endpoint, read_endpoint, write_endpoint
from junjo_desktop.link.server import LinkServer
from junjo_desktop.paths import DataDir
from junjo_desktop.store.derivation import Rebuilt
from junjo_desktop.store.selection import Selection, Toll
from tests.link.backend import POSITION, REPORT, TOLL, RecordingBackend


def endpoint_of(data_dir: DataDir) -> Endpoint:
    endpoint = read_endpoint(data_dir)
    assert endpoint is not None
    return endpoint


@contextmanager
def connected(data_dir: DataDir) -> Iterator[LinkClient]:
    """A client of whoever wrote the folder's endpoint."""
    client = LinkClient(endpoint_of(data_dir))
    try:
        yield client
    finally:
        client.close()


@contextmanager
def serving(data_dir: DataDir, backend: RecordingBackend) -> Iterator[LinkServer]:
    """A server that listens until the block ends."""
    server = LinkServer(data_dir, backend)
    server.start()
    try:
        yield server
    finally:
        server.stop(0)


@pytest.fixture
def backend() -> RecordingBackend:
    return RecordingBackend()


@pytest.fixture
def server(data_dir: DataDir, backend: RecordingBackend) -> Iterator[LinkServer]:
    with serving(data_dir, backend) as server:
        yield server


@pytest.fixture
def client(data_dir: DataDir, server: LinkServer) -> Iterator[LinkClient]:  # noqa: ARG001 - the server must listen
    with connected(data_dir) as client:
        yield client


def test_a_query_and_its_parameters_arrive_whole(client: LinkClient) -> None:
    params = {"service": "größe \x00 😀", "limit": 2**60}
    assert json.loads(client.query("spans", params)) == {"name": "spans", "params": params}


def test_an_answer_larger_than_one_message_arrives_whole(client: LinkClient) -> None:
    answer = json.loads(client.query("echo", {"text": "x" * 3_000_001}))
    assert answer["params"]["text"] == "x" * 3_000_001


def test_hello_says_who_answers(client: LinkClient, backend: RecordingBackend) -> None:
    assert (client.hello().version, client.hello().has_window) == (__version__, False)
    backend.window = True
    assert client.hello().has_window


def test_the_report_is_the_same_on_both_ends(client: LinkClient) -> None:
    found = client.report()
    error = found.listeners[1].error
    assert isinstance(error, PortUnavailableError)
    assert (error.message, error.hint) == ("Port 50053 is taken.", "Stop the other program.")
    assert found.listeners[0] == REPORT.listeners[0]
    assert (found.spans, found.services, found.refusals, found.last_error) == (
        REPORT.spans,
        REPORT.services,
        REPORT.refusals,
        REPORT.last_error,
    )


def test_raising_says_whether_there_was_a_window(client: LinkClient, backend: RecordingBackend) -> None:
    assert not client.raise_window()
    backend.window = True
    assert client.raise_window()


def test_a_link_arrives_whole_and_the_answer_says_whether_there_was_a_window(
    client: LinkClient, backend: RecordingBackend
) -> None:
    link = "junjo://run/" + "%C3%BC" * 300
    assert not client.open_link(link)
    backend.window = True
    assert client.open_link(link)
    assert backend.links == [link, link]


@pytest.mark.parametrize(
    "error",
    [
        UsageError("The query is wrong: «é».", "Write it otherwise."),
        DamagedDatabaseError("The file is damaged.", "Move it away."),
        UserError("plain", ""),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_keeps_its_kind_and_words(client: LinkClient, backend: RecordingBackend, error: UserError) -> None:
    backend.error = error
    with pytest.raises(type(error)) as caught:
        client.query("spans", {})
    assert type(caught.value) is type(error)
    assert (caught.value.message, caught.value.hint) == (error.message, error.hint)


def test_a_very_long_error_still_arrives(client: LinkClient, backend: RecordingBackend) -> None:
    backend.error = UsageError("й" * 100_000, "hint")
    with pytest.raises(UsageError) as caught:
        client.query("sql", {})
    assert caught.value.message.startswith("йййй")
    assert caught.value.hint == "hint"


def test_a_bug_in_the_app_is_a_sentence_without_its_text(client: LinkClient, backend: RecordingBackend) -> None:
    backend.error = ZeroDivisionError("secret detail")
    with pytest.raises(UserError, match="failed to answer") as caught:
        client.query("spans", {})
    assert "secret detail" not in str(caught.value)


@pytest.mark.usefixtures("server")
def test_a_wrong_token_is_refused(data_dir: DataDir) -> None:
    endpoint = endpoint_of(data_dir)
    for token in ("", "wrong", endpoint.token[:-1]):
        stranger = LinkClient(Endpoint(endpoint.address, token, endpoint.pid))
        with pytest.raises(NobodyThereError):
            stranger.hello()
        with pytest.raises(NobodyThereError):
            stranger.query("spans", {})
        stranger.close()


@pytest.mark.usefixtures("server")
def test_hanging_up_interrupts_the_query(data_dir: DataDir, backend: RecordingBackend) -> None:
    with connected(data_dir) as client, ThreadPoolExecutor(1) as asking:
        answer = asking.submit(client.query, "long", {})
        assert backend.asked.wait(30)
        client.close()
        assert backend.interrupted.wait(30)
        assert isinstance(answer.exception(30), UserError | ValueError)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(trace_ids=("a" * 32, "b" * 32)),
        Selection(service="", starred_too=True),
        Selection(service="shop \u202e\x1b[31m"),
        Selection(before_ns=0),
        Selection(before_ns=-(2**63)),
        Selection(everything=True),
    ],
    ids=repr,
)
def test_a_selection_and_its_toll_are_the_same_on_both_ends(
    client: LinkClient, backend: RecordingBackend, selection: Selection
) -> None:
    assert client.toll_of(selection) == TOLL
    backend.left = 0
    assert client.delete_some(selection) == (Toll(), True)
    assert backend.selections == [selection, selection]


def test_a_long_deletion_comes_back_again_and_again_until_it_is_finished(
    client: LinkClient, backend: RecordingBackend
) -> None:
    some, finished = client.delete_some(Selection(everything=True))
    assert some.spans > 0
    assert not finished
    backend.left = 2
    assert client.delete_some(Selection(everything=True)) == (Toll(spans=2), True)


def test_a_deletion_ends_when_its_asker_dies(
    data_dir: DataDir, backend: RecordingBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("junjo_desktop.link.server._DELETE_FOR_S", 60.0)
    with serving(data_dir, backend), ThreadPoolExecutor(1) as pool, connected(data_dir) as client:
        asked = pool.submit(client.delete_some, Selection(everything=True))
        assert backend.asked.wait(30)
        client.close()
        assert backend.interrupted.wait(30)
        assert asked.exception() is not None


def test_a_long_rebuild_comes_back_again_and_again_until_it_is_finished(
    client: LinkClient, backend: RecordingBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("junjo_desktop.link.server._REBUILD_FOR_S", 0.01)
    some = client.rebuild_some(restart=True)
    assert not some.is_finished
    assert not some.is_resumed
    assert some.position.spans > 0
    backend.left = 3
    monkeypatch.setattr("junjo_desktop.link.server._REBUILD_FOR_S", 60.0)
    assert client.rebuild_some(restart=False) == Rebuilt(True, True, replace(POSITION, spans=3))


@pytest.mark.usefixtures("server")
def test_only_the_owner_can_read_the_token_and_reach_the_socket(data_dir: DataDir) -> None:
    assert stat.S_IMODE(data_dir.endpoint.stat().st_mode) == 0o600
    assert stat.S_IMODE((data_dir.root / "link").stat().st_mode) == 0o700


def test_stopping_leaves_nothing_behind(data_dir: DataDir, backend: RecordingBackend) -> None:
    before = set(data_dir.root.rglob("*"))
    with serving(data_dir, backend):
        assert set(data_dir.root.rglob("*")) != before
    assert set(data_dir.root.rglob("*")) == before
    assert read_endpoint(data_dir) is None


@pytest.mark.parametrize("name", ["with space", "per%20cent", "ha#sh", "quest?ion", "größe", "semi;colon", "com,ma"])
def test_a_folder_of_any_name_works(tmp_path: Path, backend: RecordingBackend, name: str) -> None:
    folder = DataDir(tmp_path / name)
    folder.prepare()
    with serving(folder, backend), connected(folder) as client:
        assert client.hello().version == __version__


def test_a_path_too_long_for_a_socket_uses_a_short_private_folder(
    tmp_path: Path, backend: RecordingBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = tmp_path / "s"
    session.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))
    folder = DataDir(tmp_path / ("deep" * 20) / "er")
    folder.prepare()
    with serving(folder, backend), connected(folder) as client:
        assert client.hello().version == __version__
        assert [stat.S_IMODE(found.stat().st_mode) for found in session.iterdir()] in ([0o700], [])
    assert list(session.iterdir()) == []


def test_a_loopback_port_serves_where_no_socket_can_be_made(
    data_dir: DataDir, backend: RecordingBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("socket.AF_UNIX")
    with serving(data_dir, backend), connected(data_dir) as client:
        assert endpoint_of(data_dir).address.startswith("127.0.0.1:")
        assert client.hello().version == __version__


def test_the_endpoint_of_a_dead_process_is_ignored(data_dir: DataDir) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_endpoint(data_dir, Endpoint("unix:/nowhere", "token", ended.pid))
    assert read_endpoint(data_dir) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": 1}', "\x00\xff", '{"address":"a","token":"b","pid":"x"}'])
def test_a_damaged_endpoint_file_is_ignored(data_dir: DataDir, text: str) -> None:
    data_dir.endpoint.write_text(text, encoding="utf-8")
    assert read_endpoint(data_dir) is None


def test_nobody_behind_a_living_process_is_told_apart(data_dir: DataDir) -> None:
    write_endpoint(data_dir, Endpoint(f"unix:{data_dir.root}/none.sock", "token", os.getpid()))
    with connected(data_dir) as client, pytest.raises(NobodyThereError):
        client.hello()


def test_what_a_crash_left_does_not_stand_in_the_way(data_dir: DataDir, backend: RecordingBackend) -> None:
    with serving(data_dir, backend):
        left = data_dir.endpoint.read_bytes()
    (data_dir.root / "link").mkdir()
    (data_dir.root / "link" / "workbench.sock").write_bytes(b"")
    data_dir.endpoint.write_bytes(left)
    with serving(data_dir, backend), connected(data_dir) as client:
        assert client.hello().version == __version__


def test_a_folder_that_takes_no_endpoint_is_named_and_nothing_listens(
    data_dir: DataDir, backend: RecordingBackend
) -> None:
    data_dir.endpoint.mkdir()
    server = LinkServer(data_dir, backend)
    with pytest.raises(DataFolderError, match="cannot be written") as refused:
        server.start()
    assert str(data_dir.root) in refused.value.message
    assert not (data_dir.root / "link").exists()
    server.stop(0)


@pytest.mark.usefixtures("server")
def test_the_token_shows_in_no_repr(data_dir: DataDir) -> None:
    endpoint = endpoint_of(data_dir)
    assert endpoint.token not in repr(endpoint)
