"""What models cost, as the user says."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from junjo_desktop.state.database import open_state, translated
from junjo_desktop.telemetry.llm.prices.own_price import OwnPrice, checked_model, checked_price


class OwnPrices:
    """The prices of one state file, which another process may change at any time. Thread-safe.

    Methods raise `DatabaseError` when the file cannot be read or written.
    """

    def __init__(self, state_db: Path) -> None:
        self._path = state_db
        self._lock = threading.Lock()
        # Opened with the first question: a start needs none.
        self._connection: sqlite3.Connection | None = None

    def all(self) -> Mapping[str, OwnPrice]:
        """Return the prices by the names of models, in their order."""
        with self._using() as connection:
            found = connection.execute(
                "SELECT model, input, output, cache_read, cache_write FROM own_prices ORDER BY lower(model), model"
            ).fetchall()
        return {model: OwnPrice(*prices) for model, *prices in found}

    def write(self, model: str, price: OwnPrice) -> str:
        """Set the price of a model; return its name as kept. Raises `UsageError`."""
        name, checked = checked_model(model), checked_price(price)
        told = (name, checked.input, checked.output, checked.cache_read, checked.cache_write)
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO own_prices VALUES (?, ?, ?, ?, ?)", told)
        return name

    def remove(self, model: str) -> bool:
        """Take the price of a model away; say whether there was one."""
        with self._using() as connection:
            return connection.execute("DELETE FROM own_prices WHERE model = ?", (model.strip(),)).rowcount > 0

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = open_state(self._path)
                yield self._connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
