"""What a query box offers: fields, their stored values, recent queries. Read in the background."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.completing import (
    Offer,
    Wanted,
    field_offers,
    fixed_values,
    value_offers,
    wanted_at,
)
from junjo_desktop.telemetry.query.parsing import prepare
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST = 50
_RECENT = 20
_FRESH_S = 2.0


class QueryOffers(QObject):
    """`changed` when more is known. An answer for a field that is no longer written is forgotten."""

    changed = Signal()

    def __init__(self, workbench: Workbench, subject: Subject, parent: QObject) -> None:
        super().__init__(parent)
        self._subject = subject
        self._keys: tuple[str, ...] = ()
        self._keys_read_s = float("-inf")
        self._values: dict[Field, tuple[float, tuple[str, ...]]] = {}
        self._recent: tuple[str, ...] = ()
        self._key_reader = workbench.reader(self, self._keys_found, self._not_found)
        self._value_reader = workbench.reader(self, self._values_found, self._not_found)

    @property
    def recent(self) -> tuple[str, ...]:
        """The queries that were asked, the newest first."""
        return self._recent

    def remember(self, text: str) -> None:
        """Keep a query that was asked."""
        text = text.strip()
        if text:
            self.restore((text, *self._recent))

    def restore(self, queries: Sequence[str]) -> None:
        """Offer these as the recent ones."""
        self._recent = tuple(islice(dict.fromkeys(queries), _RECENT))

    def focused(self) -> None:
        """Read the keys, and load the parser, before they are needed."""
        self._read_keys()

    def _read_keys(self) -> None:
        now = time.monotonic()
        if now - self._keys_read_s > _FRESH_S:
            self._keys_read_s = now
            self._key_reader.submit(_prepared_keys)

    def offers(self, text: str, cursor: int, *, asked: bool) -> tuple[Sequence[Offer], int, int]:
        """Return what may stand at the cursor, and the place it takes."""
        if not text.strip():
            recent = [Offer(query, query, "asked before") for query in self._recent]
            return (recent, 0, len(text)) if asked else ((), 0, 0)
        wanted = wanted_at(text, cursor) or (Wanted("", cursor, cursor) if asked else None)
        if wanted is None:
            return (), cursor, cursor
        found = tuple(islice(self._matching(wanted), _MOST))
        is_written = len(found) == 1 and found[0].text.strip() == text[wanted.start : wanted.end]
        return () if is_written else found, wanted.start, wanted.end

    def _matching(self, wanted: Wanted) -> Sequence[Offer]:
        if wanted.field is None:
            self._read_keys()
            return tuple(field_offers(wanted.typed, self._keys))
        values = fixed_values(wanted.field)
        if values is None:
            values = self._known_values(wanted.field)
        return tuple(value_offers(wanted.typed, values))

    def _known_values(self, field: Field) -> tuple[str, ...]:
        read_s, values = self._values.get(field, (float("-inf"), ()))
        if time.monotonic() - read_s > _FRESH_S:
            self._values[field] = (time.monotonic(), values)
            self._value_reader.submit(_ValueRead(field))
        return values

    def _keys_found(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self.changed.emit()

    def _values_found(self, found: tuple[Field, tuple[str, ...]]) -> None:
        field, values = found
        self._values[field] = (time.monotonic(), values)
        self.changed.emit()

    def _not_found(self, _error: Exception) -> None:
        """Nothing is offered then; what is wrong with the store is told by the list."""


def _prepared_keys(cursor: DuckDBPyConnection) -> tuple[str, ...]:
    from junjo_desktop.store.query_offers import attribute_keys

    prepare()
    return attribute_keys(cursor)


@dataclass(frozen=True, slots=True)
class _ValueRead:
    field: Field

    def __call__(self, cursor: DuckDBPyConnection) -> tuple[Field, tuple[str, ...]]:
        from junjo_desktop.store.query_offers import stored_values

        return self.field, stored_values(cursor, self.field)
