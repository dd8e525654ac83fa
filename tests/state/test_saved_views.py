"""Saved views are kept in the state file, under names that are told apart without regard to case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from junjo_desktop.errors import NotFoundError, UsageError
from junjo_desktop.paths import DataDir
from junjo_desktop.state.saved_views import SavedView, SavedViews

SLOW = SavedView(
    name="Slow checkouts",
    page="traces",
    subject="traces",
    query="service:checkout duration > 2s",
    filters='{"errors_only": true}',
    columns='[{"key": "name", "width": 210, "hidden": false}]',
    sort_key="duration",
    descending=True,
)


@pytest.fixture
def views(data_dir: DataDir) -> Iterator[SavedViews]:
    with closing(SavedViews(data_dir.state)) as found:
        yield found


def test_a_view_is_kept_whole_after_closing(data_dir: DataDir) -> None:
    with closing(SavedViews(data_dir.state)) as first:
        assert first.all() == ()
        first.save(SLOW)
    with closing(SavedViews(data_dir.state)) as second:
        assert second.all() == (SLOW,)
        assert second.named(" slow CHECKOUTS ") == SLOW


def test_saving_under_the_same_name_overwrites(views: SavedViews) -> None:
    views.save(SLOW)
    views.save(replace(SLOW, name="SLOW checkouts", query="tea"))
    assert [(view.name, view.query) for view in views.all()] == [("SLOW checkouts", "tea")]


def test_a_view_is_renamed_but_not_over_another(views: SavedViews) -> None:
    views.save(SLOW)
    views.save(replace(SLOW, name="Tea", page="logs", subject="logs"))
    with pytest.raises(UsageError, match="There is a view “tea” already"):
        views.rename("Slow checkouts", "tea")
    views.rename("tea", "TEA")
    views.rename("Slow checkouts", "Quick ones")
    assert [view.name for view in views.all()] == ["Quick ones", "TEA"]
    with pytest.raises(NotFoundError):
        views.rename("Slow checkouts", "x")


def test_a_deleted_view_is_gone_and_told_so(views: SavedViews) -> None:
    views.save(SLOW)
    views.delete("slow checkouts")
    views.delete("slow checkouts")
    with pytest.raises(NotFoundError, match="There is no view “Slow checkouts”"):
        views.named("Slow checkouts")


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 81, "\x00", "a\u202eb"])
def test_a_name_is_one_line_that_can_be_read(views: SavedViews, name: str) -> None:
    with pytest.raises(UsageError, match="This is no name for a view"):
        views.save(replace(SLOW, name=name))
    assert views.all() == ()


def test_what_another_process_saves_is_seen(views: SavedViews, data_dir: DataDir) -> None:
    assert views.all() == ()
    with closing(SavedViews(data_dir.state)) as other:
        other.save(SLOW)
    assert views.all() == (SLOW,)
