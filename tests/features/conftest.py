"""A real engine on free ports and a workbench on top of it, for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.feed import Feed
from junjo_desktop.shell.workbench import Workbench

FREE = Settings(otlp_ports=(0,), validator_port=0)


@pytest.fixture
def engine(data_dir: DataDir) -> Iterator[Engine]:
    """A started engine; its secrets are kept in memory as if that were the keyring."""
    engine = Engine(data_dir, FREE, secrets=MemorySecretStore())
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def workbench(engine: Engine, qtbot: QtBot) -> Iterator[Workbench]:  # noqa: ARG001 - the fixture makes the application
    """A workbench that is fed by the engine."""
    readers = ThreadPoolExecutor(2, "test-reader")
    workers = ThreadPoolExecutor(2, "test-worker")
    workbench = Workbench(engine, readers, workers)
    feed = Feed(engine, workbench)
    feed.start()
    yield workbench
    feed.stop()
    for executor in (readers, workers):
        executor.shutdown(wait=True, cancel_futures=True)
    workbench.deleteLater()
