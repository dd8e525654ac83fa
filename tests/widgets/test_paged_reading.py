"""What a list of any length reads, and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from pytestqt.qtbot import QtBot

from junjo_desktop.theme.tokens import ROW_PX
from tests.support.reads import Numbers, Reads
from tests.widgets.number_table import Table, refresh, top_text


def test_rows_come_in_pages_as_they_are_looked_at(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(1_000_000)
    load(source)
    assert source.rows_loaded <= 512

    table.view.scrollTo(table.model.index(500_000, 0), table.view.ScrollHint.PositionAtTop)
    assert table.model.index(500_000, 1).data() == ""
    qtbot.waitUntil(lambda: table.model.index(500_000, 1).data() == "row 499999 v1")
    assert source.rows_loaded <= 2048


def test_only_the_last_pages_looked_at_are_fetched(qtbot: QtBot, table: Table, load: Callable[..., None]) -> None:
    source = Numbers(100_000)
    load(source)
    before = source.rows_loaded
    for row in range(0, 100_000, 256):
        table.model.index(row, 1).data()
    qtbot.waitUntil(lambda: table.model.index(99_840, 1).data() != "")
    assert source.rows_loaded - before <= 8 * 256


def test_rows_that_come_with_the_listing_are_shown_without_another_read(qtbot: QtBot, table: Table) -> None:
    source = Numbers(600, first_rows=100)
    with qtbot.waitSignal(table.listed):
        table.set_source(source)
    assert top_text(table) == "row 599 v1"
    table.grab()
    table.view.selectRow(0)
    source.version = 2
    source.grow(1)
    refresh(qtbot, table)
    assert (top_text(table), table.news) == ("row 599 v2", 1)
    assert source.rows_loaded == 0


def test_an_answer_under_way_does_not_undo_rows_that_came_with_a_newer_listing(qtbot: QtBot, table: Table) -> None:
    class Slow(Numbers):
        def load_rows(self, cursor: Any, ids: Sequence[int]) -> Any:
            rows = super().load_rows(cursor, ids)
            asked.set()
            assert go_on.wait(10)
            return rows

    asked, go_on = threading.Event(), threading.Event()
    source = Slow(600)
    with qtbot.waitSignal(table.listed):
        table.set_source(source)
    table.view.selectRow(0)
    table.grab()
    assert asked.wait(10)
    source.version, source.first_rows = 2, 100
    refresh(qtbot, table)
    with qtbot.waitSignal(table.model.dataChanged):
        go_on.set()
    assert top_text(table) == "row 599 v2"


def test_the_rest_of_a_quick_first_look_comes_in_below_what_is_looked_at(qtbot: QtBot, table: Table) -> None:
    source = Numbers(600, first_look=100, first_rows=100)
    with qtbot.waitSignal(table.listed):
        table.set_source(source)
    assert table.model.rowCount() == 100
    table.view.selectRow(12)
    table.view.verticalScrollBar().setValue(7 * ROW_PX + 3)
    with qtbot.assertNotEmitted(table.current_changed):
        refresh(qtbot, table)
    assert (table.model.rowCount(), table.news, table.current_id) == (600, 0, 587)
    assert (top_text(table), table.view.verticalScrollBar().value()) == ("row 592 v1", 7 * ROW_PX + 3)


def test_an_answer_for_an_older_source_is_forgotten(qtbot: QtBot, table: Table) -> None:
    table.set_source(Numbers(10))
    table.set_source(Numbers(20))
    qtbot.waitUntil(lambda: table.model.rowCount() == 20)


def test_a_refresh_during_a_read_is_not_lost_and_starves_nobody(qtbot: QtBot, table: Table) -> None:
    source = Numbers(10)
    table.set_source(source)
    for _ in range(50):
        table.refresh()
    source.grow(1)
    qtbot.waitUntil(lambda: table.model.rowCount() == 11)
    assert source.listings <= 3


def test_a_failing_read_is_reported_once_and_tried_again_later(qtbot: QtBot, table: Table, reads: Reads) -> None:
    class Failing(Numbers):
        def load_rows(self, cursor: Any, ids: Sequence[int]) -> Any:
            if self.version == 1:
                raise ValueError("no rows today")
            return super().load_rows(cursor, ids)

    source = Failing(50)
    table.set_source(source)
    qtbot.waitUntil(lambda: bool(reads.errors))
    for row in range(50):
        table.model.index(row, 1).data()
    assert len(reads.errors) == 1

    source.version = 2
    table.refresh()
    qtbot.waitUntil(lambda: table.model.index(0, 1).data() == "row 49 v2")
