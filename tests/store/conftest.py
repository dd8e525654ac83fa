"""An open store in the test's own folder, and an indexer that fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.entries import Source

DRAIN_S = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "telemetry.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new, open store."""
    opened = Store.open(path)
    yield opened
    opened.close()


@pytest.fixture
def source() -> Source:
    """An empty intake source."""
    return Source()


@pytest.fixture
def index(store: Store, source: Source) -> Iterator[Callable[[], None]]:
    """Store everything that is now in `source`; may be called again."""
    indexer = Indexer(store, source, lambda: None)
    indexer.start()

    def drain() -> None:
        assert indexer.drain(DRAIN_S), indexer.last_error

    yield drain
    indexer.stop()
