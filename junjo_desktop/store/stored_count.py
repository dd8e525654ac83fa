"""How many spans are stored, for a report that is asked for every second."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from junjo_desktop.errors import UserError
from junjo_desktop.store.database import Store


class StoredCount:
    """The number, asked again only when something was stored or deleted."""

    def __init__(self) -> None:
        self._outdated = True
        self._spans = 0

    def outdate(self) -> None:
        """Say that the number may have changed."""
        self._outdated = True

    def count(self, store: Store) -> tuple[int, str | None]:
        """Return the number, or the last known one and what went wrong."""
        if not self._outdated:
            return self._spans, None
        # Before the query: a batch that is stored meanwhile must not be overlooked.
        self._outdated = False
        try:
            self._spans = store.read(_stored_spans)
        except UserError as error:
            self._outdated = True
            return self._spans, str(error)
        return self._spans, None


def _stored_spans(cursor: DuckDBPyConnection) -> int:
    found = cursor.execute("SELECT coalesce(sum(span_count), 0)::BIGINT FROM services").fetchone()
    return int(found[0]) if found else 0
