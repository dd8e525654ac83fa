"""`tail`: what arrives, line by line, from a running app."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from opentelemetry.proto.logs.v1.logs_pb2 import SeverityNumber

from junjo_desktop.cli.tail import Whole
from tests.cli.conftest import HOSTILE
from tests.cli.program import call, program, serving
from tests.support.otlp import log, log_request, span, trace_id, trace_request


def test_it_prints_what_arrives_and_matches_until_it_is_stopped(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--no-auth") as served,
        program("tail", "name:pay", "--json", "--data-dir", str(tmp_path)) as tail,
    ):
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert "Waiting for traces" in tail.stderr.readline()
        served.send(trace_request(span("browse")), trace_request(span("pay the bill", trace=trace_id(7))))
        row = json.loads(tail.stdout.readline())
        assert (row["name"], row["trace_id"]) == ("pay the bill", trace_id(7).hex())
        served.send(trace_request(span("pay again")))
        assert json.loads(tail.stdout.readline())["name"] == "pay again"
        tail.send_signal(signal.SIGINT)
        assert tail.wait(20) == 130


def test_it_prints_log_records_on_lines_that_fit(tmp_path: Path) -> None:
    arguments = ("tail", "--in", "logs", "--data-dir", str(tmp_path))
    with serving(tmp_path, "--no-auth") as served, program(*arguments) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        tail.stderr.readline()
        served.send(log_request(log(HOSTILE, severity=SeverityNumber.SEVERITY_NUMBER_ERROR)))
        assert tail.stdout.readline().split() == ["TIME", "SEVERITY", "SERVICE", "BODY", "TRACE", "ID"]
        line = tail.stdout.readline()
        assert "error" in line
        assert "evil" in line
        assert line.rstrip("\n").isprintable()


def test_without_a_running_app_it_says_what_to_start(tmp_path: Path) -> None:
    outcome = call("tail", "--data-dir", tmp_path)
    assert outcome.returncode == 1
    assert "Nothing receives into" in outcome.stderr
    assert "serve" in outcome.stderr


def test_a_mistake_in_the_query_is_shown_with_its_place(tmp_path: Path) -> None:
    outcome = call("tail", "status:", "--data-dir", tmp_path)
    assert outcome.returncode == 2
    assert "^" in outcome.stderr


def _row(name: str, *, root_missing: bool) -> dict[str, object]:
    return {"trace_id": "ab", "name": name, "root_missing": root_missing}


def test_a_trace_is_told_once_by_its_root() -> None:
    whole = Whole()
    assert whole.settled([_row("child", root_missing=True)], 0.0) == []
    assert [row["name"] for row in whole.settled([_row("root", root_missing=False)], 1.0)] == ["root"]
    assert whole.settled([_row("root", root_missing=False)], 2.0) == []


def test_a_trace_whose_root_does_not_come_is_told_without() -> None:
    whole = Whole()
    assert whole.settled([_row("child", root_missing=True)], 0.0) == []
    assert whole.settled([], 4.9) == []
    assert [row["name"] for row in whole.settled([], 5.0)] == ["child"]
