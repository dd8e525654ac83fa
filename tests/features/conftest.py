"""For the pages: a workbench on a real engine with free ports, or on a store alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.shell.feed import Feed
from junjo_desktop.shell.workbench import Workbench
from tests.support.stored import StoredTelemetry, workbench_over

FREE = Settings(otlp_ports=(0,), validator_port=0)


P = TypeVar("P", bound=QWidget)
Show = Callable[[P], P]


@pytest.fixture
def keyring_problem() -> str | None:
    """Why there is no keyring; a test may override it."""
    return None


@pytest.fixture
def engine(data_dir: DataDir, keyring_problem: str | None) -> Iterator[Engine]:
    """A started engine; its secrets are kept in memory, which stands for the keyring unless it has a problem."""
    engine = Engine(data_dir, FREE, secrets=MemorySecretStore(keyring_problem))
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


@pytest.fixture
def show(workbench: Workbench) -> Iterator[Show[P]]:  # noqa: ARG001 - pages go before what they use
    """Shows a page, and destroys it before the workbench goes."""
    shown: list[QWidget] = []

    def show_page(page: P) -> P:
        page.resize(1200, 800)
        page.show()
        shown.append(page)
        return page

    yield show_page
    for page in shown:
        shiboken6.delete(page)


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store, for pages that only read."""
    stored = StoredTelemetry(tmp_path)
    yield stored
    stored.close()


@pytest.fixture
def pages() -> list[QWidget]:
    """Pages to be deleted once nothing reads for them any more."""
    return []


@pytest.fixture
def bench(
    telemetry: StoredTelemetry,
    pages: list[QWidget],
    qtbot: QtBot,  # noqa: ARG001 - makes the application
) -> Iterator[Workbench]:
    """A workbench over the store."""
    with workbench_over(telemetry, pages) as workbench:
        yield workbench


@pytest.fixture
def places(bench: Workbench) -> list[object]:
    """The destinations the page asked for; every place has a page."""
    asked: list[object] = []

    def navigate(destination: object) -> bool:
        asked.append(destination)
        return True

    bench.connect_shell(navigate, lambda error: pytest.fail(f"reported: {error}"), lambda _place: True)
    return asked
