"""What the user has set of model providers: their addresses, and which secrets of theirs are in the keyring."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from junjo_desktop.state.database import open_state, translated


@dataclass(frozen=True, slots=True)
class ProviderSetting:
    """What is set of one provider. The values of the headers, and the key, are secrets and not here."""

    name: str
    base_url: str | None = None
    header_names: tuple[str, ...] = ()
    has_key: bool = False


class ProviderSettings:
    """The settings of one state file, which another process may change at any time. Thread-safe.

    Methods raise `DatabaseError` when the file cannot be read or written.
    """

    def __init__(self, state_db: Path) -> None:
        self._path = state_db
        self._lock = threading.Lock()
        self._connection = open_state(state_db)

    def all(self) -> tuple[ProviderSetting, ...]:
        """Return what is set, by name."""
        with self._using() as connection:
            rows = connection.execute("SELECT name, base_url, header_names, has_key FROM providers ORDER BY name")
            return tuple(
                ProviderSetting(name, base_url, tuple(json.loads(names)), bool(has_key))
                for name, base_url, names, has_key in rows
            )

    def of(self, name: str) -> ProviderSetting:
        """Return what is set of one; nothing is set of one that is not there."""
        return next((one for one in self.all() if one.name == name), ProviderSetting(name))

    def put(self, setting: ProviderSetting) -> None:
        """Set everything of one anew."""
        row = (setting.name, setting.base_url, json.dumps(setting.header_names), setting.has_key)
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO providers VALUES (?, ?, ?, ?)", row)

    def remove(self, name: str) -> bool:
        """Forget what is set of one; say whether anything was."""
        with self._using() as connection:
            return bool(connection.execute("DELETE FROM providers WHERE name = ?", (name,)).rowcount)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
