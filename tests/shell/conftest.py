"""A real engine on free ports, and the window on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.paths import DataDir
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.launch import OpenWindow, build_window
from tests.support.engines import FREE_PORTS, make_engine

OpenIt = Callable[[Sequence[Feature]], OpenWindow]


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """A started engine."""
    engine = make_engine(data_dir, replace(FREE_PORTS, theme="light"))
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def open_window(engine: Engine, qtbot: QtBot) -> Iterator[OpenIt]:
    """Opens windows on the engine with the given features and closes them again."""
    opened: list[OpenWindow] = []

    def build(features: Sequence[Feature]) -> OpenWindow:
        one = build_window(engine, features)
        opened.append(one)
        one.window.show()
        qtbot.waitExposed(one.window)
        return one

    yield build
    for one in opened:
        one.close()
        if shiboken6.isValid(one.window):
            one.window.deleteLater()
