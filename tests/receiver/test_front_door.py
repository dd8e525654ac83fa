"""The ports: taken ones are named, wrong protocols are answered and counted, and bytes pass through unharmed."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.receiver.first_bytes import PREFACE
from junjo_desktop.receiver.front_door import FrontDoor
from junjo_desktop.receiver.private_address import (
    HAS_UNIX_SOCKETS,
    LoopbackAddress,
    UnixAddress,
    clear_what_crashes_left,
    private_address,
)
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.telemetry.intake import Purpose, RefusalReason
from tests.receiver.raw import connect, exchange, read_all
from tests.support.eventually import eventually

_LINGERING = PREFACE + b"x"


class _Behind:
    """Stands where the gRPC server stands: a listening socket whose connections a test takes by hand."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        self._next = 0

    def connect(self) -> tuple[socket.socket, str]:
        connection = socket.create_connection(self.listener.getsockname())
        connection.setblocking(False)
        self._next += 1
        return connection, str(self._next)

    def bind(self, server: object) -> None:
        raise NotImplementedError(server)

    def close(self) -> None:
        self.listener.close()

    def accept(self) -> socket.socket:
        connection, _ = self.listener.accept()
        connection.settimeout(20)
        return connection


@pytest.fixture
def behind() -> Iterator[_Behind]:
    stands = _Behind()
    yield stands
    stands.close()


@pytest.fixture
def reception() -> Reception:
    return Reception()


@pytest.fixture
def door(reception: Reception) -> Iterator[FrontDoor]:
    opened = FrontDoor(reception)
    yield opened
    opened.close()


@pytest.fixture
def port(door: FrontDoor, behind: _Behind) -> int:
    (listener,) = door.listen(Purpose.OTLP, (0,), behind)
    assert listener.error is None
    return listener.port


def _counts(reception: Reception) -> dict[RefusalReason, int]:
    return {refusal.reason: refusal.count for refusal in reception.snapshot().refusals}


def test_bytes_pass_both_ways_and_the_end_is_passed_on(port: int, behind: _Behind) -> None:
    with connect(port) as client:
        client.sendall(PREFACE[:10])
        client.sendall(PREFACE[10:] + b"hello")
        with behind.accept() as server:
            assert _read(server, len(PREFACE) + 5) == PREFACE + b"hello"
            server.sendall(b"answer")
            assert _read(client, 6) == b"answer"
            client.shutdown(socket.SHUT_WR)
            assert server.recv(1) == b"", "the client's half close arrives"
            server.sendall(b"still answering")
            assert _read(client, 15) == b"still answering"
            server.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""


def test_a_slow_reader_stops_the_writer_and_loses_nothing(port: int, behind: _Behind) -> None:
    sent = os.urandom(24 << 20)
    with connect(port) as client, ThreadPoolExecutor(1) as pool:
        client.sendall(PREFACE)
        with behind.accept() as server:
            writing = pool.submit(client.sendall, sent)
            assert not threading.Event().wait(0.2), "the reader takes its time"
            assert not writing.done(), "buffers are finite: the writer must have been stopped"
            assert _read(server, len(PREFACE) + len(sent)) == PREFACE + sent
            writing.result(20)


def test_both_directions_flow_at_once(port: int, behind: _Behind) -> None:
    upload, download = os.urandom(8 << 20), os.urandom(8 << 20)
    with connect(port) as client, ThreadPoolExecutor(3) as pool:
        client.sendall(PREFACE)
        with behind.accept() as server:
            assert _read(server, len(PREFACE)) == PREFACE
            writing = [pool.submit(client.sendall, upload), pool.submit(server.sendall, download)]
            reading = pool.submit(_read, server, len(upload))
            assert _read(client, len(download)) == download
            assert reading.result(20) == upload
            for done in writing:
                done.result(20)


def test_one_stuck_connection_does_not_hold_up_another(port: int, behind: _Behind) -> None:
    with connect(port) as stuck, connect(port) as lively, ThreadPoolExecutor(1) as pool:
        stuck.sendall(PREFACE)
        with behind.accept() as ignored:
            pool.submit(_send_until_closed, stuck)
            lively.sendall(PREFACE + b"ping")
            with behind.accept() as server:
                assert _read(server, len(PREFACE) + 4).endswith(b"ping")
                server.sendall(b"pong")
                assert _read(lively, 4) == b"pong"
            ignored.close()


def test_a_lost_client_ends_the_server_s_side_and_the_other_way_round(port: int, behind: _Behind) -> None:
    with connect(port) as client:
        client.sendall(PREFACE)
        with behind.accept() as server:
            assert _read(server, len(PREFACE))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # close with a reset
            client.close()
            assert server.recv(1) == b""
    with connect(port) as client:
        client.sendall(PREFACE)
        behind.accept().close()
        assert _is_closed_soon(client)


def test_many_connections_at_once(port: int, behind: _Behind) -> None:
    def talk(number: int) -> bool:
        with connect(port) as client:
            client.sendall(PREFACE + b"%04d" % number)
            return _read(client, 4) == b"%04d" % number

    def serve(_: int) -> None:
        with behind.accept() as server:
            server.sendall(_read(server, len(PREFACE) + 4)[-4:])
            server.recv(1)

    with ThreadPoolExecutor(64) as pool:
        serving = [pool.submit(serve, number) for number in range(32)]
        assert all(pool.map(talk, range(32)))
        for done in serving:
            done.result(20)


def test_more_connections_than_allowed_wait_their_turn(reception: Reception, behind: _Behind) -> None:
    door = FrontDoor(reception, most_connections=1)
    (listener,) = door.listen(Purpose.OTLP, (0,), behind)
    first = connect(listener.port)
    first.sendall(PREFACE)
    with behind.accept() as server, connect(listener.port) as second:
        second.sendall(PREFACE + b"second")
        assert eventually(lambda: RefusalReason.OVERLOADED in _counts(reception))
        first.close()
        assert _read(server, len(PREFACE)) == PREFACE
        assert server.recv(1) == b""
        server.close()
        with behind.accept() as later:
            assert _read(later, len(PREFACE) + 6).endswith(b"second")
    door.close()


def test_tls_is_answered_with_an_alert_and_counted_with_the_remedy(port: int, reception: Reception) -> None:
    context = ssl.create_default_context()
    with connect(port) as plain, pytest.raises(ssl.SSLError, match=r"(?i)alert"):
        context.wrap_socket(plain, server_hostname="localhost")
    refusal = reception.snapshot().refusals[0]
    assert refusal.reason is RefusalReason.TLS
    assert "insecure=True" in refusal.hint
    assert str(port) in refusal.detail


def test_http1_is_answered_in_words_and_counted(port: int, reception: Reception) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/traces", data=b"x" * 300_000)
    with pytest.raises(urllib.error.HTTPError) as answered:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 - it is http
    with answered.value as answer:
        assert answer.code == 415
        assert "gRPC port" in answer.read().decode()
    refusal = reception.snapshot().refusals[0]
    assert refusal.reason is RefusalReason.HTTP1
    assert "POST /v1/traces" in refusal.detail
    assert "OTEL_EXPORTER_OTLP_PROTOCOL=grpc" in refusal.hint


def test_anything_else_is_closed_and_counted(port: int, reception: Reception) -> None:
    assert exchange(port, b"SSH-2.0-x\r\n") == b""
    assert _counts(reception) == {RefusalReason.NOT_HTTP2: 1}


def test_a_connection_without_a_word_is_nobody_s_fault(port: int, reception: Reception) -> None:
    connect(port).close()
    assert exchange(port, b"GET / HTTP/1.1\r\n\r\n")
    assert _counts(reception) == {RefusalReason.HTTP1: 1}


def test_half_a_preface_and_no_more_is_counted(port: int, reception: Reception) -> None:
    with connect(port) as client:
        client.sendall(PREFACE[:12])
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == b""
    assert _counts(reception) == {RefusalReason.NOT_HTTP2: 1}


def test_patience_with_slow_beginnings_ends(reception: Reception, behind: _Behind) -> None:
    door = FrontDoor(reception, preface_time_s=0.05)
    (listener,) = door.listen(Purpose.OTLP, (0,), behind)
    with connect(listener.port) as slow, connect(listener.port) as silent:
        slow.sendall(PREFACE[:5])
        assert read_all(slow) == b""
        assert read_all(silent) == b""
    assert _counts(reception) == {RefusalReason.NOT_HTTP2: 1}
    with connect(listener.port) as quick:
        quick.sendall(PREFACE)
        with behind.accept() as server:
            assert _read(server, len(PREFACE))
            with connect(listener.port) as silent:
                assert read_all(silent) == b"", "time is over for one that began later"
            server.sendall(b"alive")
            assert _read(quick, 5) == b"alive"
    door.close()


def test_a_taken_port_is_reported_with_its_holder_and_the_others_go_on(door: FrontDoor, behind: _Behind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        refused, opened = door.listen(Purpose.OTLP, (taken, 0), behind)
    assert isinstance(refused.error, PortUnavailableError)
    assert refused.port == taken
    assert f"Port {taken} is taken" in refused.error.message
    if os.path.exists("/proc/net/tcp"):  # noqa: PTH110 - asks for the kernel's table, not for a file
        assert f"process {os.getpid()}" in refused.error.message
    assert "another port" in refused.error.hint
    assert opened.error is None
    connect(opened.port).close()


def test_a_port_is_not_shared(door: FrontDoor, port: int, behind: _Behind) -> None:
    (again,) = door.listen(Purpose.VALIDATOR, (port,), behind)
    assert isinstance(again.error, PortUnavailableError)


def test_ports_can_be_changed_and_those_that_stay_keep_their_connections(door: FrontDoor, behind: _Behind) -> None:
    first, second = (listener.port for listener in door.listen(Purpose.OTLP, (0, 0), behind))
    with connect(first) as kept, connect(second) as dropped:
        kept.sendall(PREFACE)
        with behind.accept() as kept_server:
            dropped.sendall(PREFACE)
            with behind.accept() as dropped_server:
                (listener,) = door.listen(Purpose.OTLP, (0,), behind)
                assert listener.port == first
                assert _read(dropped_server, len(PREFACE))
                assert dropped_server.recv(1) == b""
                kept_server.sendall(b"alive")
                assert _read(kept, 5) == b"alive"
    with pytest.raises(ConnectionRefusedError):
        connect(second)
    (taken_back,) = door.listen(Purpose.OTLP, (second,), behind)
    assert (taken_back.port, taken_back.error) == (second, None)


def test_closing_frees_the_ports_and_ends_every_connection(reception: Reception, behind: _Behind) -> None:
    door = FrontDoor(reception)
    (listener,) = door.listen(Purpose.OTLP, (0,), behind)
    with connect(listener.port) as client:
        client.sendall(_LINGERING)
        with behind.accept() as server:
            assert _read(server, len(_LINGERING))
            door.close()
            assert server.recv(1) == b""
            assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(listener.port)
    assert not [thread for thread in threading.enumerate() if thread.name == "front-door"]


@pytest.mark.skipif(not HAS_UNIX_SOCKETS, reason="this system has no unix sockets")
def test_the_private_socket_is_for_its_owner_only_and_leaves_nothing_behind() -> None:
    address = UnixAddress()
    assert address.folder.stat().st_mode & 0o777 == 0o700
    address.close()
    assert not address.folder.exists()


def test_where_temporary_files_cannot_be_written_a_loopback_port_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert isinstance(private_address(), LoopbackAddress)


@pytest.mark.skipif(not HAS_UNIX_SOCKETS, reason="this system has no unix sockets")
def test_what_a_killed_process_left_is_removed_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not the test's own folder: its path may be too long for a socket.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        alive, killed, fresh = UnixAddress(), UnixAddress(), UnixAddress()
        (Path(folder) / "junjo-of-something-else").mkdir()
        with socket.socket(socket.AF_UNIX) as living, socket.socket(socket.AF_UNIX) as dead:
            for server, address in ((living, alive), (dead, killed)):
                server.bind(str(address.folder / "server"))
                server.listen()
            dead.close()
            clear_what_crashes_left()
        left = {path.name for path in Path(folder).iterdir()}
    assert left == {"junjo-of-something-else", alive.folder.name, fresh.folder.name}


def test_a_server_that_is_not_there_closes_the_connection_and_is_counted(door: FrontDoor, reception: Reception) -> None:
    nobody = LoopbackAddress()
    (listener,) = door.listen(Purpose.OTLP, (0,), nobody)
    with connect(listener.port) as client:
        client.sendall(PREFACE)
        assert _is_closed_soon(client)
    assert _counts(reception) == {RefusalReason.UNAVAILABLE: 1}


def _read(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(min(1 << 20, size - len(received)))
        assert piece, f"ended after {len(received)} of {size} bytes"
        received += piece
    return bytes(received)


def _is_closed_soon(connection: socket.socket) -> bool:
    try:
        return read_all(connection) == b""
    except ConnectionError:
        return True


def _send_until_closed(connection: socket.socket) -> None:
    try:
        while True:
            connection.sendall(b"x" * 65_536)
    except OSError:
        return
