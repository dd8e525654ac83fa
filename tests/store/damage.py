"""Fills database files and spoils them, as failing disks and power cuts do."""

from __future__ import annotations

from pathlib import Path

import duckdb

from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.conftest import DRAIN_S
from tests.store.entries import Source
from tests.support.child import start_child
from tests.support.otlp import span

_HEADER_BYTES = 12_288
_BLOCK_BYTES = 262_144

_STORE_AND_DIE = """
import os, pathlib, sys
from junjo_desktop.store.database import Store
from junjo_desktop.store.indexer import Indexer
from tests.store.entries import Source
from tests.support.otlp import span

source = Source("of the log")
indexer = Indexer(Store.open(pathlib.Path(sys.argv[1])), source, lambda: None)
indexer.start()
for number in range(int(sys.argv[2])):
    spans = [span("in the log", trace=os.urandom(16), id=os.urandom(8)) for _ in range(20)]
    source.append_spans(*spans)
    assert indexer.drain(60), indexer.last_error
os._exit(9)
"""


def fill(path: Path, count: int = 3) -> None:
    """Store a few requests of one span each and close the database."""
    store, source = Store.open(path), Source()
    for number in range(count):
        source.append_spans(span(f"{number}"))
    indexer = Indexer(store, source, lambda: None)
    indexer.start()
    assert indexer.drain(DRAIN_S)
    indexer.stop()
    store.close()


def fill_log(path: Path, batches: int) -> None:
    """Store batches of 20 spans and end suddenly: only the write-ahead log has them."""
    with start_child(_STORE_AND_DIE, path, batches) as child:
        child.communicate(timeout=120)


def flip(path: Path, offset: int, size: int = 8) -> None:
    """Turn the bits of a few bytes around."""
    with path.open("r+b") as file:
        file.seek(offset)
        found = file.read(size)
        file.seek(offset)
        file.write(bytes(byte ^ 0xFF for byte in found))


def spoil_blocks_of(path: Path, table: str) -> None:
    """Spoil every block with data of a table: the file opens as before, and reading the table fails."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            f"SELECT DISTINCT block_id FROM pragma_storage_info('{table}') WHERE block_id >= 0"  # noqa: S608 - our own names
        ).fetchall()
    assert found
    for (block,) in found:
        flip(path, _HEADER_BYTES + block * _BLOCK_BYTES + 100)
