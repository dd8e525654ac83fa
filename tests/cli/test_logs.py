"""`logs` through the real command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import answer, call


def test_log_records_are_listed_as_a_table_and_as_json(stored: Path) -> None:
    [record] = answer("logs", "--json", "--data-dir", stored)
    assert (record["service_name"], record["body_text"], record["severity"]) == ("shop", "hello", "unknown")
    assert (record["trace_id"], record["body_json"]) == (None, "hello")
    shown = call("logs", "--data-dir", stored)
    assert shown.stdout.splitlines()[0].split() == ["TIME", "SEVERITY", "SERVICE", "BODY", "TRACE", "ID", "SPAN", "ID"]
    assert shown.stdout.splitlines()[1].split()[1:] == ["unknown", "shop", "hello"]
    assert answer("logs", "--before", record["cursor"], "--json", "--data-dir", stored) == []
    assert answer("logs", "--service", "nobody", "--json", "--data-dir", stored) == []


def test_a_severity_that_is_none_is_wrong_usage(stored: Path) -> None:
    wrong = call("logs", "--severity", "loud", "--data-dir", stored)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "'loud' is no severity. Give one of trace, debug, info, warn, error, fatal." in wrong.stderr
