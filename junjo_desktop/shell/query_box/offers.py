"""What a query box offers: fields, stored values, views, recent queries. What is stored is read in the background."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.completing import (
    HeldValue,
    Offer,
    Wanted,
    field_offers,
    fixed_values,
    key_offers,
    term_offers,
    value_offers,
    wanted_at,
)
from junjo_desktop.telemetry.query.parsing import prepare
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Field
from junjo_desktop.widgets.offer_list import OfferLike

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST = 50
_MOST_TERMS = 16
_MOST_OTHERS = 4
_RECENT = 20
_FRESH_S = 2.0
_TYPING_MS = 100
_LEAST_CHARACTERS = 2
"""A shorter text is held by nearly everything."""


class QueryOffers(QObject):
    """`changed` when more is known. An answer for what is no longer written is forgotten."""

    changed = Signal()
    view_chosen = Signal(str)
    """The name of a saved view."""

    def __init__(self, workbench: Workbench, subject: Subject, parent: QObject) -> None:
        super().__init__(parent)
        self._subject = subject
        self._views = workbench.views
        self._keys: tuple[str, ...] = ()
        self._keys_read_s = float("-inf")
        self._values: dict[Field, tuple[float, tuple[str, ...]]] = {}
        self._held = _Held()
        self._typed = ""
        self._recent: tuple[str, ...] = ()
        self._key_reader = workbench.reader(self, self._keys_found, self._not_found)
        self._value_reader = workbench.reader(self, self._values_found, self._not_found)
        self._held_reader = workbench.reader(self, self._held_found, self._not_found)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_TYPING_MS)
        self._rest.timeout.connect(self._read_held)

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

    # What the list of offers asks

    def focused(self) -> None:
        """Read the keys, and load the parser, before they are needed."""
        self._read_keys()

    def offers(self, text: str, cursor: int, *, asked: bool) -> tuple[Sequence[Offer], int, int]:
        """Return what may stand at the cursor, and the place it takes."""
        if not text.strip():
            return (tuple(chain(self._view_offers(""), self._recent_offers(""))) if asked else (), 0, len(text))
        wanted = wanted_at(text, cursor) or (Wanted("", cursor, cursor) if asked else None)
        if wanted is None:
            return (), cursor, cursor
        found = tuple(islice(self._matching(wanted, text), _MOST))
        is_written = len(found) == 1 and found[0].text.strip() == text[wanted.start : wanted.end]
        return () if is_written else found, wanted.start, wanted.end

    def take(self, offer: OfferLike) -> bool:
        """Open the view that was chosen; False for what is to be inserted."""
        if isinstance(offer, Offer) and offer.view:
            self.view_chosen.emit(offer.view)
            return True
        return False

    def _matching(self, wanted: Wanted, text: str) -> Iterable[Offer]:
        if wanted.field is not None:
            values = fixed_values(wanted.field)
            return value_offers(wanted.typed, self._known_values(wanted.field) if values is None else values)
        self._read_keys()
        typed = wanted.typed
        self._look_for(typed)
        return chain(
            field_offers(typed, self._subject),
            islice(term_offers(typed, self._held.of(typed), self._subject), _MOST_TERMS),
            islice(self._view_offers(text), _MOST_OTHERS) if typed else (),
            islice(self._recent_offers(text), _MOST_OTHERS) if typed else (),
            key_offers(typed, self._keys),
        )

    def _view_offers(self, text: str) -> Iterator[Offer]:
        low = text.strip().lower()
        for view in self._views.all:
            if low in view.name.lower():
                yield Offer("", view.name, f"saved view of {view.page}", view=view.name, icon="bookmark")

    def _recent_offers(self, text: str) -> Iterator[Offer]:
        low = text.strip().lower()
        for query in self._recent:
            if low in query.lower() and query.lower() != low:
                yield Offer(query, query, "asked before", takes_all=True, icon="clock")

    # What is stored

    def _read_keys(self) -> None:
        now = time.monotonic()
        if now - self._keys_read_s > _FRESH_S:
            self._keys_read_s = now
            self._key_reader.submit(_KeyRead(self._subject))

    def _known_values(self, field: Field) -> tuple[str, ...]:
        read_s, values = self._values.get(field, (float("-inf"), ()))
        if time.monotonic() - read_s > _FRESH_S:
            self._values[field] = (time.monotonic(), values)
            self._value_reader.submit(_ValueRead(field, self._subject))
        return values

    def _look_for(self, typed: str) -> None:
        self._typed = typed
        if len(typed) >= _LEAST_CHARACTERS and not self._held.is_fresh(typed):
            self._rest.start()

    def _read_held(self) -> None:
        self._held_reader.submit(_HeldRead(self._typed, self._subject))

    def _keys_found(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self.changed.emit()

    def _values_found(self, found: tuple[Field, tuple[str, ...]]) -> None:
        field, values = found
        self._values[field] = (time.monotonic(), values)
        self.changed.emit()

    def _held_found(self, found: _Held) -> None:
        self._held = found
        if found.of(self._typed):
            self.changed.emit()

    def _not_found(self, _error: Exception) -> None:
        """Nothing is offered then; what is wrong with the store is told by the list."""


@dataclass(frozen=True, slots=True)
class _Held:
    """The values that hold a text, as read at some time."""

    typed: str = ""
    values: tuple[HeldValue, ...] = ()
    read_s: float = float("-inf")

    def of(self, typed: str) -> tuple[HeldValue, ...]:
        """Return what is known of a text: something already when it goes on where this one ended."""
        return self.values if self.typed and typed.lower().startswith(self.typed.lower()) else ()

    def is_fresh(self, typed: str) -> bool:
        return self.typed == typed and time.monotonic() - self.read_s <= _FRESH_S


@dataclass(frozen=True, slots=True)
class _KeyRead:
    subject: Subject

    def __call__(self, cursor: DuckDBPyConnection) -> tuple[str, ...]:
        from junjo_desktop.store.query_offers import attribute_keys

        prepare()
        return attribute_keys(cursor, self.subject)


@dataclass(frozen=True, slots=True)
class _ValueRead:
    field: Field
    subject: Subject

    def __call__(self, cursor: DuckDBPyConnection) -> tuple[Field, tuple[str, ...]]:
        from junjo_desktop.store.query_offers import stored_values

        return self.field, stored_values(cursor, self.field, self.subject)


@dataclass(frozen=True, slots=True)
class _HeldRead:
    typed: str
    subject: Subject

    def __call__(self, cursor: DuckDBPyConnection) -> _Held:
        from junjo_desktop.store.query_offers import values_holding

        return _Held(self.typed, values_holding(cursor, self.typed, self.subject), time.monotonic())
