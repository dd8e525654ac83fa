"""A real engine on free ports, and the window on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.launch import OpenWindow, build_window

FREE = Settings(otlp_ports=(0,), validator_port=0, theme="light")
OpenIt = Callable[[Sequence[Feature] | None], OpenWindow]


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """A started engine."""
    engine = Engine(data_dir, FREE, secrets=MemorySecretStore())
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def open_window(engine: Engine, qtbot: QtBot) -> Iterator[OpenIt]:
    """Opens windows on the engine with the given features (None: those of the folders) and closes them again."""
    opened: list[OpenWindow] = []

    def build(features: Sequence[Feature] | None = None) -> OpenWindow:
        one = build_window(engine, features=features)
        opened.append(one)
        one.window.show()
        qtbot.waitExposed(one.window)
        return one

    yield build
    for one in opened:
        one.close()
        if shiboken6.isValid(one.window):
            one.window.deleteLater()
