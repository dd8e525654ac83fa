"""Fixtures and safety nets for every test."""

from __future__ import annotations

import gc
import os

# Before any Qt or gRPC import: no screen is needed, no keyring of the person who runs the tests is touched.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest

from junjo_desktop.paths import DataDir
from junjo_desktop.shell.binding_guard import guard_singletons

guard_singletons()


def pytest_configure(config: pytest.Config) -> None:
    """Every Qt warning fails a test, but for the one that Qt's offscreen platform gives for each window shown."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


def pytest_sessionfinish() -> None:
    """Delete what the last tests left to be deleted: else its parts are alive at the end, and DuckDB complains."""
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()


# Tests say what holds, not how fast this machine is today.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def mouse_let_go() -> Iterator[None]:
    """Release what a test has left pressed: Qt remembers it, and no list would follow news any more."""
    yield
    pressed = QGuiApplication.mouseButtons() if QGuiApplication.instance() is not None else Qt.MouseButton.NoButton
    if pressed != Qt.MouseButton.NoButton:
        window = QWindow()
        window.show()
        QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(0, 0))
        window.destroy()


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """A prepared, empty data folder."""
    folder = DataDir(tmp_path / "data")
    folder.prepare()
    return folder
