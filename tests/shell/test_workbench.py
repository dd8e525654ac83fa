"""Queries that nobody waits for any more do not hold a thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.errors import UserError
from junjo_desktop.theme.apply import current
from tests.shell.conftest import OpenIt

ENDLESS = "SELECT count(*) FROM range(10_000_000_000) a, range(1000) b WHERE hash(a.range + b.range) = 1"


class Asker(QObject):
    """Keeps answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Any] = []

    def take(self, answer: Any) -> None:
        self.answers.append(answer)


class Endless:
    """A query without end; tells when it began and when it was ended."""

    def __init__(self) -> None:
        self.began, self.ended = threading.Event(), threading.Event()

    def __call__(self, cursor: Any) -> Any:
        self.began.set()
        try:
            return cursor.execute(ENDLESS).fetchone()
        finally:
            self.ended.set()


def test_a_newer_query_ends_the_one_before(qtbot: QtBot, open_window: OpenIt) -> None:
    workbench, asker, endless = open_window([]).workbench, Asker(), Endless()
    reader = workbench.reader(asker, asker.take)
    reader.submit(endless)
    assert endless.began.wait(10)
    reader.submit(lambda cursor: cursor.execute("SELECT 42").fetchone())
    qtbot.waitUntil(lambda: asker.answers == [(42,)])
    assert endless.ended.wait(10)


def test_closing_the_window_ends_what_still_reads(open_window: OpenIt) -> None:
    opened, asker, endless = open_window([]), Asker(), Endless()
    reader = opened.workbench.reader(asker, asker.take)
    reader.submit(endless)
    assert endless.began.wait(10)
    opened.close()
    assert endless.ended.is_set()


def test_errors_of_a_query_are_told_by_default(qtbot: QtBot, open_window: OpenIt) -> None:
    opened, asker = open_window([]), Asker()

    def fail(_cursor: Any) -> Any:
        raise UserError("The disk is full.")

    opened.workbench.reader(asker, asker.take).submit(fail)
    qtbot.waitUntil(lambda: opened.window.notices.texts == ("The disk is full.",))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_theme_chosen_in_the_settings_is_put_on(
    qtbot: QtBot, engine: Engine, open_window: OpenIt, theme: str
) -> None:
    opened = open_window([])
    engine.apply_settings(replace(engine.settings, theme="dark" if theme == "light" else "light"))
    opened.workbench.settings_changed.emit()
    engine.apply_settings(replace(engine.settings, theme=theme))
    with qtbot.waitSignal(opened.workbench.theme_changed):
        opened.workbench.settings_changed.emit()
    assert current().name == theme
