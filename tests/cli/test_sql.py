"""`sql`: formats, values, bounds, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.program import answer, call, serving


def test_a_result_is_an_array_of_objects_in_the_order_of_its_columns(stored: Path) -> None:
    sql = "select name, count(*) as n from spans where service_name = 'shop' group by name order by name limit 2"
    assert answer("sql", sql, "--json", "--data-dir", stored) == [{"name": "answer", "n": 1}, {"name": "chat", "n": 1}]
    outcome = call("sql", "select 1 as b, 2 as a", "--format", "json", "--data-dir", stored)
    assert outcome.stdout == '[\n{"b":1,"a":2}\n]\n'


def test_a_result_is_a_table(stored: Path) -> None:
    outcome = call(
        "sql", "select 'a' as name, 7 as n, null as x union all select 'bcd', 1000, null", "--data-dir", stored
    )
    assert outcome.stdout.splitlines() == ["name     n  x", "a        7  NULL", "bcd   1000  NULL"]


def test_a_result_is_csv_that_reads_back(stored: Path) -> None:
    sql = """select 'a "quoted", text' as t, 'two
lines' as l, null as n, true as b, [1, 2] as a"""
    outcome = call("sql", sql, "--format", "csv", "--data-dir", stored)
    assert list(csv.reader(io.StringIO(outcome.stdout))) == [
        ["t", "l", "n", "b", "a"],
        ['a "quoted", text', "two\nlines", "", "true", "[1,2]"],
    ]


def test_values_keep_what_json_can_say(stored: Path) -> None:
    sql = """select 9223372036854775807 as big, 1.50::decimal(9,2) as money, 0.1 as tenth, 'x'::blob as raw,
             {'a': [1, null]} as nested, 'nan'::double as nan, timestamp '2026-11-20 08:00:00.5' as t, true as yes"""
    outcome = call("sql", sql, "--json", "--data-dir", stored)
    row = json.loads(outcome.stdout)[0]
    assert (row["big"], row["money"], row["tenth"]) == (9223372036854775807, 1.5, 0.1)
    assert (row["nested"], row["yes"]) == ({"a": [1, None]}, True)
    assert row["t"].startswith("2026-11-20T08:00:00.5")
    assert "NaN" not in outcome.stdout.replace('"NaN"', "")


def test_columns_of_the_same_name_stay_apart(stored: Path) -> None:
    assert answer("sql", "select 1 as a, 2 as a, 3 as a", "--json", "--data-dir", stored) == [
        {"a": 1, "a_1": 2, "a_2": 3}
    ]


def test_rows_beyond_the_limit_are_said_to_be_there(stored: Path) -> None:
    outcome = call("sql", "select * from range(10) t(n)", "--limit", "3", "--json", "--data-dir", stored)
    assert [row["n"] for row in json.loads(outcome.stdout)] == [0, 1, 2]
    assert "first 3 rows" in outcome.stderr
    assert call("sql", "select * from range(3) t(n)", "--limit", "3", "--data-dir", stored).stderr == ""


def test_without_a_statement_the_views_are_explained(stored: Path) -> None:
    rows = answer("sql", "--json", "--data-dir", stored)
    assert {row["view"] for row in rows} >= {"spans", "traces", "services", "logs"}
    assert all(row["comment"] for row in rows)
    assert "service_name" in call("sql", "--data-dir", stored).stdout


REFUSED = (
    "insert into main.spans select * from main.spans",
    "delete from main.traces",
    "drop view spans",
    "create table x as select 1",
    "copy spans to 'out.csv'",
    "attach 'other.db'",
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "install httpfs",
    "set threads = 1",
    "select 1; drop table main.spans",
    "pragma database_list",
    "explain analyze delete from main.spans",
    "call pragma_version()",
    "selct 1",
    "select nothing from spans",
    "",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_anything_but_one_reading_statement_is_refused(stored: Path, statement: str) -> None:
    before = stored.joinpath("telemetry.duckdb").read_bytes()
    outcome = call("sql", statement, "--data-dir", stored)
    assert (outcome.returncode, outcome.stdout) == (2, ""), outcome
    assert outcome.stderr.startswith("junjo-desktop: ")
    assert outcome.stderr.count("\n") == 1
    assert stored.joinpath("telemetry.duckdb").read_bytes() == before


def test_a_running_app_refuses_in_the_same_words(stored: Path, tmp_path: Path) -> None:
    alone = {statement: call("sql", statement, "--data-dir", stored) for statement in REFUSED}
    with serving(tmp_path / "data", "--no-auth") as served:
        for statement in REFUSED:
            outcome = call("sql", statement, "--data-dir", tmp_path / "data")
            assert (outcome.returncode, outcome.stdout, outcome.stderr) == (
                alone[statement].returncode,
                alone[statement].stdout,
                alone[statement].stderr,
            )
        assert served.end() == (0, "", "")
