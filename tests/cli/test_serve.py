"""`serve`: ports, keys, signals, and never losing what was acknowledged."""

from __future__ import annotations

import json
import signal
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from junjo_desktop.wire import auth_pb2
from tests.cli.program import Serving, answer, call, program, run, serving
from tests.support import otlp


def _stored(folder: Path) -> int:
    found = answer("sql", "select count(*) as n from spans", "--json", "--data-dir", folder)
    return int(found[0]["n"])


def test_every_open_port_is_told_once_it_listens(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--otlp-port", "0", "--otlp-port=0", lines=3) as served:
        for port in (*served.ports, served.validator_port):
            socket.create_connection(("127.0.0.1", port), timeout=10).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_indexes_everything_acknowledged_and_ends_well(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "data"
    with serving(folder, "--no-auth") as served:
        served.send(*(otlp.trace_request(*(otlp.span() for _ in range(500))) for _ in range(8)))
        assert served.end(number) == (0, "", "")
    # Nothing waits in the journal any more, so this reads the store alone.
    (folder / "intake.sqlite3").unlink()
    assert _stored(folder) == 4000
    assert not (folder / "workbench.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_end_in_the_middle_of_receiving_loses_nothing_acknowledged(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "data"
    acknowledged: list[str] = []
    enough = threading.Event()

    def send_on(served: Serving) -> None:
        while True:
            spans = [otlp.span() for _ in range(50)]
            try:
                served.send(otlp.trace_request(*spans))
            except grpc.RpcError:
                return
            acknowledged.extend(span.trace_id.hex() for span in spans)
            if len(acknowledged) > 2_000:
                enough.set()

    with serving(folder, "--no-auth") as served, ThreadPoolExecutor(4) as senders:
        sending = [senders.submit(send_on, served) for _ in range(4)]
        assert enough.wait(60)
        status, out, err = served.end(number)
        for sender in sending:
            sender.result(60)
    assert (status, out, err) == ((0, "", "") if number == signal.SIGTERM else (-number, "", ""))
    rows = answer("sql", "select trace_id from spans", "--limit", "1000000", "--json", "--data-dir", folder)
    stored = [row["trace_id"] for row in rows]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))


def test_what_was_acknowledged_before_a_crash_is_found_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, "--no-auth") as served:
        served.send(*(otlp.trace_request(*(otlp.span() for _ in range(200))) for _ in range(10)))
        served.process.kill()
        served.process.wait()
    assert _stored(folder) == 2000
    with serving(folder, "--no-auth") as served:
        served.send(otlp.trace_request(otlp.span()))
        served.settle()
        assert _stored(folder) == 2001
        assert served.end() == (0, "", "")


def test_a_taken_port_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with serving(tmp_path / "data", "--otlp-port", str(number), "--otlp-port", "0", "--no-auth") as served:
            served.send(otlp.trace_request(otlp.span()))
            status, out, err = served.end()
    assert (status, out) == (0, "")
    assert f"Port {number} is taken" in err
    assert err.startswith("junjo-desktop: ")


def test_without_any_port_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        outcome = run("serve", "--otlp-port", str(number), "--validator-port", "0", "--data-dir", tmp_path / "data")
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert f"Port {number} is taken" in outcome.stderr
    assert "--otlp-port" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_second_serve_of_the_same_folder_is_told_of_the_first(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as served:
        outcome = run("serve", "--otlp-port", "0", "--validator-port", "0", "--data-dir", tmp_path / "data")
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert f"process {served.process.pid}" in outcome.stderr
        assert "--data-dir" in outcome.stderr
        assert served.end() == (0, "", "")


def test_many_short_commands_at_once_wait_for_each_other(stored: Path) -> None:
    with ThreadPoolExecutor(5) as threads:
        outcomes = list(threads.map(lambda _: run("services", "--json", "--data-dir", stored), range(5)))
    assert {(outcome.returncode, outcome.stdout, outcome.stderr) for outcome in outcomes} == {
        (0, outcomes[0].stdout, "")
    }
    assert "shop" in json.loads(outcomes[0].stdout)


def test_a_key_made_and_revoked_beside_the_running_app_counts_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    request = otlp.trace_request(otlp.span())
    with serving(folder) as served:
        assert [key["name"] for key in answer("keys", "list", "--json", "--data-dir", folder)] == ["default"]
        with pytest.raises(grpc.RpcError) as refused:
            served.send(request)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
        made = json.loads(call("keys", "create", "ci", "--json", "--data-dir", folder).stdout)
        served.send(request, key=made["secret"])
        assert _is_valid(served.validator_port, made["secret"])
        revoked = call("keys", "revoke", made["id"], "--data-dir", folder)
        assert (revoked.returncode, revoked.stdout) == (0, "")
        with pytest.raises(grpc.RpcError):
            served.send(request, key=made["secret"])
        assert not _is_valid(served.validator_port, made["secret"])
        assert served.end()[0] == 0
    log = (folder / "logs" / "junjo-desktop.log").read_text(encoding="utf-8")
    assert "listening" in log
    assert made["secret"] not in log


def _is_valid(port: int, secret: str) -> bool:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        ask = channel.unary_unary(
            "/ingestion.InternalAuthService/ValidateApiKey",
            request_serializer=auth_pb2.ValidateApiKeyRequest.SerializeToString,
            response_deserializer=auth_pb2.ValidateApiKeyResponse.FromString,
        )
        return bool(ask(auth_pb2.ValidateApiKeyRequest(api_key=secret), timeout=30).is_valid)


def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with serving(tmp_path / "a" / "data") as served:
        assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
        assert served.end() == (0, "", "")


def test_a_signal_during_the_start_ends_well(tmp_path: Path) -> None:
    with program("serve", "--otlp-port", "0", "--validator-port", "0", "--data-dir", str(tmp_path / "data")) as process:
        # As soon as the folder is claimed, before or after the ports are open.
        while not (tmp_path / "data" / "workbench.lock").exists():
            assert process.poll() is None
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
