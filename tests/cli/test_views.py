"""Saved views on the command line: listed, and asked by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from junjo_desktop.paths import DataDir
from junjo_desktop.state.saved_views import SavedView, SavedViews
from junjo_desktop.state.stars import Stars
from tests.cli.conftest import HOSTILE, SHOP_TRACE
from tests.cli.program import answer, call

SHOP = SavedView("In the shop", "traces", "traces", "service:shop -name:plain", "{}", "[]", "started", True)


@pytest.fixture
def views(stored: Path) -> Iterator[SavedViews]:
    with closing(SavedViews(DataDir(stored).state)) as kept:
        kept.save(SHOP)
        kept.save(SavedView("Hostile", "traces", "traces", "", json.dumps({"service": HOSTILE})))
        kept.save(SavedView("Starred", "traces", "traces", "", '{"starred_only": true, "min_duration_ns": 0}'))
        kept.save(SavedView("Slow spans", "spans", "spans", "duration > 2s", "{}", "[]"))
        kept.save(SavedView("Shop spans", "spans", "spans", "name:chat", '{"service": "shop"}'))
        kept.save(SavedView("Failed spans", "spans", "spans", "", '{"failed": true}'))
        kept.save(SavedView("Flows", "workflows", "runs", ""))
        yield kept
        for view in kept.all():
            kept.delete(view.name)


def _names(folder: Path, *arguments: str) -> list[str]:
    return [row["name"] for row in answer("find", "--json", "--data-dir", folder, *arguments)]


@pytest.mark.usefixtures("views")
def test_they_are_listed_with_all_that_they_keep(stored: Path) -> None:
    listed = answer("views", "--json", "--data-dir", stored)
    assert [view["name"] for view in listed] == [
        "Failed spans",
        "Flows",
        "Hostile",
        "In the shop",
        "Shop spans",
        "Slow spans",
        "Starred",
    ]
    assert listed[3] == {
        "name": "In the shop",
        "list": "traces",
        "subject": "traces",
        "query": "service:shop -name:plain",
        "filters": {},
        "columns": [],
        "sort": {"key": "started", "descending": True},
    }
    table = call("views", "--data-dir", stored)
    assert (table.returncode, table.stderr) == (0, "")
    assert "In the shop" in table.stdout
    assert "service:shop -name:plain" in table.stdout
    assert "\x1b" not in table.stdout


@pytest.mark.usefixtures("views")
def test_find_asks_what_a_view_asks_with_its_filters(stored: Path) -> None:
    assert _names(stored, "--view", "in the SHOP") == _names(stored, "service:shop -name:plain") == ["answer"]
    assert _names(stored, "--view", "In the shop", "model:nothing") == []
    assert {row["service_name"] for row in answer("find", "--json", "--data-dir", stored, "--view", "Hostile")} == {
        HOSTILE
    }
    assert _names(stored, "--view", "Starred") == []
    with closing(Stars(DataDir(stored).state)) as stars:
        stars.star(SHOP_TRACE.hex())
        assert _names(stored, "--view", "Starred") == ["answer"]
        stars.unstar(SHOP_TRACE.hex())


@pytest.mark.usefixtures("views")
def test_a_view_of_another_list_is_asked_of_what_that_lists(stored: Path) -> None:
    spans = answer("find", "--json", "--data-dir", stored, "--view", "Shop spans")
    assert spans == answer("find", "--json", "--data-dir", stored, "--in", "spans", "name:chat service = shop")
    assert [span["name"] for span in spans] == ["chat"]
    runs = answer("find", "--json", "--data-dir", stored, "--view", "Flows")
    assert runs == answer("find", "--json", "--data-dir", stored, "--in", "runs", "type = workflow")


@pytest.mark.usefixtures("views")
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--view", "Nothing"), 1, "There is no view “Nothing”. `junjo-desktop views` lists"),
        (("--view", "Failed spans"), 2, "narrows its list by failed, which only the window does."),
        (("--view", "In the shop", "severity:error"), 2, "Traces have no field `severity`."),
        ((), 2, "Nothing is asked for."),
    ],
)
def test_what_cannot_be_asked_is_told(stored: Path, arguments: tuple[str, ...], status: int, words: str) -> None:
    outcome = call("find", "--data-dir", stored, *arguments)
    assert (outcome.returncode, outcome.stdout) == (status, "")
    assert words in outcome.stderr


def test_a_folder_without_views_says_where_they_come_from(tmp_path: Path) -> None:
    outcome = call("views", "--data-dir", tmp_path)
    assert outcome.returncode == 0
    assert outcome.stderr.startswith("No view is saved.")
    assert answer("views", "--json", "--data-dir", tmp_path) == []
