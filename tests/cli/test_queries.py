"""The six queries through the real command: with `serve` running and with nothing running."""

from __future__ import annotations

import itertools
import json
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest

from junjo_desktop.store.schema import known_migrations, migrate, schema_version
from tests.cli.conftest import CALL, HOSTILE, ROOT, SHOP_TRACE, START_NS, send_samples
from tests.cli.program import answer, call, run, serving
from tests.support import otlp

TRACE = SHOP_TRACE.hex()
QUERIES: tuple[tuple[str, ...], ...] = (
    ("services",),
    ("spans", "--service", "shop"),
    ("spans", "--service", HOSTILE),
    ("traces",),
    ("traces", "--service", "shop", "--limit", "3"),
    ("traces", "--has-llm"),
    ("workflows",),
    ("workflows", "--service", "depot"),
    ("trace", TRACE),
    ("trace", otlp.trace_id(77).hex()),
    ("span", TRACE, ROOT.hex()),
    ("span", TRACE, CALL.hex()),
    ("span", otlp.trace_id(66).hex(), otlp.span_id(4).hex()),
    ("sql", "select * from spans order by all"),
    ("sql", "select * from traces order by all"),
)


def test_answers_are_the_same_with_and_without_a_running_app(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    commands = [(*query, *form, "--data-dir", folder) for query in QUERIES for form in ((), ("--json",))]
    with serving(folder, "--no-auth") as served:
        send_samples(served)
        served.settle()
        asked = [call(*command) for command in commands]
        other_process = run("traces", "--json", "--data-dir", folder)
        assert served.end() == (0, "", "")
    assert other_process.stdout == asked[commands.index(("traces", "--json", "--data-dir", folder))].stdout
    for command, through_the_app in zip(commands, asked, strict=True):
        alone = call(*command)
        assert (alone.returncode, alone.stdout, alone.stderr) == (
            through_the_app.returncode,
            through_the_app.stdout,
            through_the_app.stderr,
        ), command
        assert alone.returncode == 0, command


def test_asking_changes_nothing(stored: Path) -> None:
    before = {file.name: file.read_bytes() for file in stored.iterdir() if file.is_file()}
    for query in QUERIES:
        assert call(*query, "--data-dir", stored).returncode == 0
    assert {file.name: file.read_bytes() for file in stored.iterdir() if file.is_file()} == before


def test_a_store_of_an_older_version_is_brought_up_to_date_and_asked(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "telemetry.duckdb")) as connection:
        migrate(connection, known_migrations()[:1])
    for _ in range(2):
        assert answer("traces", "--json", "--data-dir", tmp_path) == []
    with duckdb.connect(str(tmp_path / "telemetry.duckdb"), read_only=True) as connection:
        assert schema_version(connection) == known_migrations()[-1].number


def test_services_are_an_array_of_names_in_order(stored: Path) -> None:
    assert answer("services", "--json", "--data-dir", stored) == sorted(["depot", HOSTILE, "shop"])


def test_traces_come_newest_first_with_those_whose_root_has_not_arrived(stored: Path) -> None:
    rows = answer("traces", "--json", "--data-dir", stored)
    assert [int(row["start_time_unix_nano"]) for row in rows] == sorted(
        (int(row["start_time_unix_nano"]) for row in rows), reverse=True
    )
    assert len(rows) == 28
    assert [row["name"] for row in rows if row["root_missing"]] == ["orphan"]
    assert [row["name"] for row in answer("traces", "--has-llm", "--json", "--data-dir", stored)] == ["answer"]
    assert [row["name"] for row in answer("workflows", "--json", "--data-dir", stored)] == ["answer"]


def test_a_span_is_told_whole_in_the_upstream_shape(stored: Path) -> None:
    span = answer("span", TRACE, ROOT.hex(), "--json", "--data-dir", stored)
    assert span["attributes_json"] == {
        "junjo.span_type": "workflow",
        "big": 2**63 - 1,
        "whole": 1.0,
        "raw": {"bytesValue": "AP8="},
        "nested": {"list": [1, "two", None]},
    }
    assert isinstance(span["attributes_json"]["whole"], float)
    assert span["start_time_unix_nano"] == str(START_NS)
    assert span["end_time_unix_nano"] == str(START_NS + 1_420_000_000)
    assert span["parent_span_id"] is None
    assert {
        "trace_id", "span_id", "service_name", "name", "kind", "start_time", "end_time", "status_code",
        "status_message", "events_json", "links_json", "trace_flags", "flags", "trace_state",
        "dropped_attributes_count", "dropped_events_count", "dropped_links_count", "resource_attributes_json",
        "resource_dropped_attributes_count", "resource_schema_url", "scope", "scope_schema_url",
    } <= span.keys()  # fmt: skip
    assert span["scope"]["name"] == "tests"
    call = answer("span", TRACE, CALL.hex(), "--json", "--data-dir", stored)
    assert (call["status_code"], call["status_message"], call["parent_span_id"]) == ("2", "it broke", ROOT.hex())


def test_every_row_of_every_list_is_reached_page_by_page(stored: Path) -> None:
    lists: dict[tuple[str, ...], list[Any]] = {
        query: answer(*query, "--json", "--data-dir", stored)
        for query in (("services",), ("spans", "--service", "shop"), ("traces",), ("trace", TRACE))
    }
    for query, whole in lists.items():
        paged: list[Any] = []
        before: tuple[str, ...] = ()
        for _ in itertools.count():
            outcome = call(*query, *before, "--limit", "6" if len(whole) > 6 else "1", "--json", "--data-dir", stored)
            assert outcome.returncode == 0, outcome
            rows = json.loads(outcome.stdout)
            paged += rows
            if not outcome.stderr:
                break
            cursor = rows[-1] if query == ("services",) else rows[-1]["cursor"]
            before = ("--before", cursor)
            assert "--limit" in outcome.stderr
            if query != ("services",):
                assert f"--before {cursor}" in outcome.stderr
        assert paged == whole, query


def test_the_remark_that_there_is_more_is_not_made_of_control_characters(stored: Path) -> None:
    outcome = call("services", "--limit", "2", "--data-dir", stored)
    assert "There is more" in outcome.stderr
    assert _acting(outcome.stderr) == set()


@pytest.mark.parametrize("query", QUERIES, ids=" ".join)
def test_no_text_of_others_reaches_the_terminal_as_a_command(stored: Path, query: tuple[str, ...]) -> None:
    for form in ((), ("--json",)):
        outcome = call(*query, *form, "--data-dir", stored)
        assert _acting(outcome.stdout) | _acting(outcome.stderr) == set()


def _acting(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and sign != "\n"}


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_lists_fit_the_terminal(stored: Path, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for query in (("services",), ("traces",), ("spans", "--service", "shop"), ("workflows",), ("trace", TRACE)):
        outcome = call(*query, "--data-dir", stored)
        longest = max(outcome.stdout.splitlines(), key=len)
        assert len(longest) <= columns, longest


def test_a_trace_is_shown_as_a_tree_with_offsets(stored: Path) -> None:
    outcome = call("trace", TRACE, "--data-dir", stored)
    lines = outcome.stdout.splitlines()
    assert lines[1].startswith("answer ")
    assert "1.42 s" in lines[1]
    assert lines[2].startswith("  chat ")
    assert "+38 ms" in lines[2]
    assert "error" in lines[2]
    orphan = call("trace", otlp.trace_id(77).hex(), "--data-dir", stored).stdout
    assert "(parent missing) orphan" in orphan


def test_a_span_for_people_has_its_values_one_below_the_other(stored: Path) -> None:
    text = call("span", TRACE, CALL.hex(), "--data-dir", stored).stdout
    assert "status    error: it broke" in text
    assert "  prompt =\n    line one\n    line two\n" in text


def test_an_unknown_span_is_null_and_a_failure(stored: Path) -> None:
    outcome = call("span", TRACE, "f" * 16, "--json", "--data-dir", stored)
    assert (outcome.returncode, outcome.stdout) == (1, "null\n")
    assert f"No span {'f' * 16} is stored in trace {TRACE}." in outcome.stderr
    assert "junjo-desktop traces" in outcome.stderr
    table = call("span", TRACE, "f" * 16, "--data-dir", stored)
    assert (table.returncode, table.stdout, table.stderr) == (1, "", outcome.stderr)


def test_an_unknown_trace_is_empty_and_a_failure(stored: Path) -> None:
    outcome = call("trace", "e" * 32, "--json", "--data-dir", stored)
    assert (outcome.returncode, outcome.stdout) == (1, "[]\n")
    assert f"No trace {'e' * 32} is stored." in outcome.stderr


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (("trace", "abc"), "32 hexadecimal digits"),
        (("span", TRACE, "xyz"), "16 hexadecimal digits"),
        (("traces", "--before", "nonsense"), "not a cursor"),
        (("traces", "--limit", "10001"), "between 1 and 10,000"),
    ],
)
def test_a_query_written_wrongly_is_a_sentence_and_status_2(stored: Path, query: tuple[str, ...], says: str) -> None:
    outcome = call(*query, "--data-dir", stored)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert says in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_ids_are_taken_in_either_case(stored: Path) -> None:
    assert answer("span", TRACE.upper(), ROOT.hex().upper(), "--json", "--data-dir", stored)["name"] == "answer"


@pytest.mark.parametrize(
    ("query", "document"),
    [
        (("services",), []),
        (("spans", "--service", "shop"), []),
        (("traces",), []),
        (("workflows",), []),
        (("sql", "select count(*) as n from spans"), [{"n": 0}]),
    ],
)
def test_where_nothing_was_ever_received_answers_are_empty_and_nothing_is_made(
    tmp_path: Path, query: tuple[str, ...], document: object
) -> None:
    assert answer(*query, "--json", "--data-dir", tmp_path / "never") == document
    assert call(*query, "--data-dir", tmp_path / "never").returncode == 0
    assert not (tmp_path / "never").exists()


def test_the_data_folder_can_come_from_the_environment(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNJO_DESKTOP_DATA_DIR", str(stored))
    assert "shop" in answer("services", "--json")
