"""`note`, `tag` and `untag`, the real commands, with nothing running and beside a running app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE, ROOT, SHOP_TRACE, send_samples
from tests.cli.program import answer, call, serving

TRACE, SPAN = SHOP_TRACE.hex(), ROOT.hex()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with samples, and nothing running."""
    data = tmp_path_factory.mktemp("noted") / "data"
    with serving(data, "--no-auth") as served:
        send_samples(served)
        served.settle()
        assert call("tag", TRACE, "while it runs", "--data-dir", data).returncode == 0
        found = answer("find", "tag:runs", "--json", "--data-dir", data)
        assert [row["trace_id"] for row in found] == [TRACE]
        assert served.end() == (0, "", "")
    return data


def test_what_is_written_is_shown_and_found_and_taken_off(folder: Path) -> None:
    for command in (
        ("tag", TRACE, SPAN, "slow"),
        ("note", TRACE, f"first {HOSTILE}"),
        ("untag", TRACE, "WHILE it runs"),
    ):
        outcome = call(*command, "--data-dir", folder)
        assert (outcome.returncode, outcome.stdout) == (0, "")
    rows = answer("trace", TRACE, "--json", "--data-dir", folder)
    assert {row["span_id"]: row["tags"] for row in rows}[SPAN] == ["slow"]
    assert {tuple(row["trace_tags"]) for row in rows} == {()}
    assert rows[0]["trace_note"].startswith("first ")
    text = call("trace", TRACE, "--data-dir", folder).stdout
    assert f"span {SPAN}  tags: slow" in text
    assert "\x1b" not in text
    for query in ("tag = slow", "note:first", "{tag:slow}"):
        assert [row["trace_id"] for row in answer("find", query, "--json", "--data-dir", folder)] == [TRACE]
    assert call("note", TRACE, "", "--data-dir", folder).returncode == 0
    assert answer("find", "note exists", "--json", "--data-dir", folder) == []


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (("tag", "f" * 32, "x"), 1),
        (("note", TRACE, "f" * 16, "x"), 1),
        (("untag", TRACE, "never given"), 1),
        (("tag", TRACE, "a,b"), 2),
        (("tag", "nonsense", "x"), 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence(folder: Path, command: tuple[str, ...], status: int) -> None:
    outcome = call(*command, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout, outcome.stderr.count("\n")) == (status, "", 1)


def test_notes_go_with_their_trace(folder: Path) -> None:
    assert call("tag", TRACE, "last", "--data-dir", folder).returncode == 0
    deleted = answer("delete", "--trace", TRACE, "--yes", "--json", "--data-dir", folder)
    assert (deleted["traces"], deleted["noted_traces"]) == (1, 1)
    assert call("untag", TRACE, "last", "--data-dir", folder).returncode == 1
