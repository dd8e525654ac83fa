"""`find`: the same traces whether an app runs or not, and a caret where a query is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE, SHOP_TRACE
from tests.cli.program import answer, call, serving
from tests.support import otlp


def _names(folder: Path, query: str, *more: str) -> list[str]:
    return [row["name"] for row in answer("find", query, "--json", "--data-dir", folder, *more)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("chat", ["answer"]),
        ("model:GPT", ["answer"]),
        ('"line one\nline two"', ["answer"]),
        ("{type:workflow} > {status:error}", ["answer"]),
        ("{status:error} > {type:workflow}", []),
        ("name = orphan", ["orphan"]),
        ("service:depot OR name ~ ^answer$", ["orphan", "answer"]),
        ("service:shop -name:plain", ["answer"]),
        ("big = 9223372036854775807", ["answer"]),
        ('name:plain "plain 3"', ["plain 3"]),
        (f"trace_id:{SHOP_TRACE.hex()}", ["answer"]),
        (SHOP_TRACE.hex().upper(), ["answer"]),
    ],
)
def test_it_finds_traces_newest_first(stored: Path, query: str, names: list[str]) -> None:
    assert _names(stored, query) == names


def test_an_empty_query_finds_everything(stored: Path) -> None:
    assert len(_names(stored, "")) == len(answer("traces", "--json", "--data-dir", stored))


def test_a_query_may_begin_with_a_hyphen(stored: Path) -> None:
    rows = answer("find", "--json", "--data-dir", stored, "--", "-service:shop -name:orphan")
    assert [row["service_name"] for row in rows] == [HOSTILE]


def test_it_goes_on_behind_a_row(stored: Path) -> None:
    outcome = call("find", "plain", "--json", "--limit", "2", "--data-dir", stored)
    first = json.loads(outcome.stdout)
    assert [row["name"] for row in first] == ["plain 0", "plain 1"]
    assert f"--before {first[-1]['cursor']}" in outcome.stderr
    assert _names(stored, "plain", "--before", first[-1]["cursor"])[:2] == ["plain 2", "plain 3"]


def test_a_terminal_gets_a_table(stored: Path) -> None:
    outcome = call("find", "model:gpt-5", "--data-dir", stored)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert SHOP_TRACE.hex() in outcome.stdout
    nothing = call("find", "kettle", "--data-dir", stored)
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "", "Nothing matches.\n")


@pytest.mark.parametrize(
    ("query", "sentence", "lines"),
    [
        ("duration > banana", "“banana” does not fit here.", ["  duration > banana", "             ^^^^^^"]),
        ("service:", "A value is missing after `:`.", ["  service:", "          ^"]),
        ("(a", "This bracket is never closed.", ["  (a", "  ^"]),
        ("a " * 40 + ") b", "This `)` closes nothing.", [f"  …{'a ' * 25}) b", f"  {' ' * 51}^"]),
        ('"\x1b[2J\u202e" > 3)', "This `)` closes nothing.", ['  "␛[2J\\u202e" > 3)', f"  {' ' * 16}^"]),
    ],
)
def test_a_mistake_is_shown_at_its_place(tmp_path: Path, query: str, sentence: str, lines: list[str]) -> None:
    outcome = call("find", query, "--data-dir", tmp_path / "never made")
    said = outcome.stderr.splitlines()
    assert (outcome.returncode, outcome.stdout, len(said)) == (2, "", 3)
    assert said[0].startswith(f"junjo-desktop: {sentence} ")
    assert said[1:] == lines
    assert not (tmp_path / "never made").exists()


def test_a_running_app_answers_the_same(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--no-auth") as served:
        served.send(otlp.trace_request(otlp.span("kettle", attributes={"n": 1})), otlp.trace_request(otlp.span("pot")))
        served.settle()
        assert _names(tmp_path / "data", "n = 1") == ["kettle"]
        refused = call("find", 'name ~ "(a{1000}){1000}"', "--data-dir", tmp_path / "data")
        assert refused.returncode == 2
        assert refused.stderr.startswith("junjo-desktop: This is no regular expression")
        assert served.end() == (0, "", "")


def test_it_finds_spans_runs_and_log_records(stored: Path) -> None:
    def found(subject: str, query: str) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = answer("find", query, "--in", subject, "--json", "--data-dir", stored)
        return rows

    spans = found("spans", "name:plain")
    assert [row["name"] for row in spans] == [row["name"] for row in found("traces", "name:plain")]
    failed = found("spans", "service:shop status:error")
    assert {row["trace_id"] for row in failed} == {SHOP_TRACE.hex()}
    runs = found("runs", "")
    assert {row["type"] for row in runs} <= {"workflow", "subflow", "agent"}
    assert [row["owner_span_id"] for row in found("runs", "type:workflow")] == [
        row["owner_span_id"] for row in runs if row["type"] == "workflow"
    ]
    logs = answer("logs", "--json", "--data-dir", stored)
    assert found("logs", "") == logs
    assert found("logs", "severity:error") == [row for row in logs if row["severity"] == "error"]


@pytest.mark.parametrize("subject", ["spans", "runs", "logs"])
def test_each_list_goes_on_behind_a_row(stored: Path, subject: str) -> None:
    every = answer("find", "", "--in", subject, "--json", "--data-dir", stored)
    assert every
    for text in ("", "-kettle"):
        behind = answer(
            "find", "--in", subject, "--json", "--before", every[0]["cursor"], "--data-dir", stored, "--", text
        )
        assert behind == every[1:]
    shown = call("find", "", "--in", subject, "--data-dir", stored)
    assert (shown.returncode, len(shown.stdout.splitlines())) == (0, 1 + len(every))


def test_a_field_of_another_list_is_told(stored: Path) -> None:
    outcome = call("find", "severity:error", "--data-dir", stored)
    assert outcome.returncode == 2
    assert "Traces have no field `severity`." in outcome.stderr
