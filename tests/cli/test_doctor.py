"""`doctor`: what the running app says, and what stands in the way of starting one."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.cli.program import answer, call, serving
from tests.support import otlp

FREE_PORTS = ("--otlp-port", "0", "--validator-port", "0")


def _titles(document: dict[str, Any]) -> str:
    return "\n".join(finding["title"] for finding in document["findings"])


def test_it_tells_what_listens_what_arrived_and_what_was_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder) as served:
        secret = call("keys", "create", "ci", "--data-dir", folder).stdout.strip()
        served.send(otlp.trace_request(otlp.span(), otlp.span(), service="shop"), key=secret)
        served.settle()
        document = answer("doctor", "--json", "--data-dir", folder)
        assert document["healthy"]
        assert document["running"]["pid"] == served.process.pid
        assert not document["running"]["window"]
        assert document["intake"]["spans"] == 2
        assert document["intake"]["stored_spans"] == 2
        assert document["intake"]["services"][0]["service_name"] == "shop"
        ports = {listener["port"] for listener in document["intake"]["listeners"]}
        assert ports == {*served.ports, served.validator_port}
        with pytest.raises(grpc.RpcError):
            served.send(otlp.trace_request(otlp.span()), key="wrong")
        refused = call("doctor", "--data-dir", folder)
        assert refused.returncode == 1
        assert "wrong key" in refused.stdout
        assert f"Listening on 127.0.0.1:{served.ports[0]} (OTLP/gRPC)" in refused.stdout
        assert f"serve, version 0.1.0, process {served.process.pid}" in refused.stdout
        assert served.end()[0] == 0


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path: Path) -> None:
    document = answer("doctor", "--json", *FREE_PORTS, "--data-dir", tmp_path / "data")
    assert document["healthy"]
    assert document["running"] is None
    assert "not running" in _titles(document)
    assert "first start makes" in _titles(document)
    assert not (tmp_path / "data").exists()


def test_it_looks_into_a_folder_that_nobody_uses_without_changing_it(stored: Path) -> None:
    before = {file: file.read_bytes() for file in stored.rglob("*") if file.is_file()}
    document = answer("doctor", "--json", *FREE_PORTS, "--data-dir", stored)
    assert "The database can be read" in _titles(document)
    assert "1 key can be used" in _titles(document)
    assert {file: file.read_bytes() for file in stored.rglob("*") if file.is_file()} == before


def test_a_taken_port_is_named_with_who_has_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        some = call("doctor", "--json", "--otlp-port", number, *FREE_PORTS, "--data-dir", tmp_path)
        none = call("doctor", "--json", "--otlp-port", number, "--validator-port", "0", "--data-dir", tmp_path)
    assert f"Port {number} is taken" in _titles(json.loads(some.stdout))
    assert (some.returncode, none.returncode) == (0, 1)


def test_a_damaged_database_needs_the_user(tmp_path: Path) -> None:
    (tmp_path / "telemetry.duckdb").write_bytes(b"no database" * 100)
    outcome = call("doctor", *FREE_PORTS, "--data-dir", tmp_path)
    assert outcome.returncode == 1
    assert "is not readable as a database" in outcome.stdout
    assert "it keeps the file under another name and makes a new one" in outcome.stdout


def test_a_wrong_setting_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('theme = "pink"\nunheard = 1\n')
    text = call("doctor", *FREE_PORTS, "--data-dir", tmp_path).stdout
    assert "theme must be one of" in text
    assert "unheard is not a setting" in text


def test_missing_keys_need_the_user_only_where_keys_are_required(tmp_path: Path) -> None:
    made = json.loads(call("keys", "create", "only", "--json", "--data-dir", tmp_path).stdout)
    call("keys", "revoke", made["id"], "--data-dir", tmp_path)
    required = call("doctor", *FREE_PORTS, "--data-dir", tmp_path)
    assert required.returncode == 1
    assert "There is no key" in required.stdout
    assert call("doctor", "--no-auth", *FREE_PORTS, "--data-dir", tmp_path).returncode == 0


def test_what_was_set_aside_is_named_by_serve_and_doctor(tmp_path: Path) -> None:
    (tmp_path / "telemetry.duckdb").write_bytes(b"no database" * 100)
    with serving(tmp_path) as served:
        [aside] = tmp_path.glob("telemetry.duckdb.damaged-*")
        running = call("doctor", "--data-dir", tmp_path)
        assert str(aside) in running.stdout
        assert "a new one was made" in running.stdout
        status, _, remarks = served.end()
        assert (status, str(aside) in remarks) == (0, True)
    afterwards = answer("doctor", "--json", *FREE_PORTS, "--data-dir", tmp_path)
    assert "found damaged are kept" in _titles(afterwards)
    assert any(aside.name in finding["detail"] for finding in afterwards["findings"])
