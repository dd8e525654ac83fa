"""The rows of the Keys page, without secrets. Qt-free; reading them may block in the key store and the keyring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from junjo_desktop.widgets.row_source import Listing, OrderedIds

if TYPE_CHECKING:
    from junjo_desktop.receiver.api_keys import ApiKeys

Kept = Literal["looking …", "in the system keyring", "until the app ends", "not kept"]
"""Where a secret can still be read. A keyring may take seconds to tell; until then it is looked for."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key. Times are nanoseconds since the epoch; `kept` says where its secret can still be read."""

    id: str
    name: str
    prefix: str
    created_ns: int
    last_used_ns: int | None
    kept: Kept


@dataclass(frozen=True, slots=True)
class KeyRows:
    """All keys that are valid, and why secrets are not kept in the system keyring (None when they are)."""

    rows: tuple[KeyRow, ...] = ()
    problem: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it is known of every key where its secret is."""
        return all(row.kept != "looking …" for row in self.rows)

    @property
    def places(self) -> dict[str, Kept]:
        """Where secrets are, by key, as far as that is known."""
        return {row.id: row.kept for row in self.rows if row.kept != "looking …"}

    def row(self, key_id: object) -> KeyRow | None:
        """Return the row of a key."""
        return next((row for row in self.rows if row.id == key_id), None)


def list_key_rows(api_keys: ApiKeys, known: Mapping[str, Kept]) -> KeyRows:
    """Read the keys at once, without asking the keyring where the secrets are that `known` does not name."""
    return _key_rows(api_keys, {key.id: known.get(key.id, "looking …") for key in api_keys.list()})


def load_key_rows(api_keys: ApiKeys, known: Mapping[str, Kept]) -> KeyRows:
    """Read the keys. `known` spares asking the keyring again for keys whose place is known already."""
    return _key_rows(api_keys, {key.id: known.get(key.id) or _place(api_keys, key.id) for key in api_keys.list()})


def _key_rows(api_keys: ApiKeys, places: Mapping[str, Kept]) -> KeyRows:
    keys = [key for key in api_keys.list() if key.id in places]
    rows = tuple(KeyRow(key.id, key.name, key.prefix, key.created_ns, key.last_used_ns, places[key.id]) for key in keys)
    return KeyRows(rows, api_keys.secret_store_problem)


def _place(api_keys: ApiKeys, key_id: str) -> Kept:
    if api_keys.secret_of(key_id) is None:
        return "not kept"
    return "in the system keyring" if api_keys.secret_store_problem is None else "until the app ends"


SORTS: Mapping[str, Callable[[KeyRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "prefix": lambda row: row.prefix,
    "created": lambda row: row.created_ns,
    "used": lambda row: row.last_used_ns or 0,
    "kept": lambda row: row.kept,
}
"""What each column is sorted by."""


class KeySource:
    """The rows at hand as a source for the table, in the chosen order; the store is not asked.

    Read on reader threads while `update` may replace the rows: each answer is made from one state of them.
    """

    def __init__(self, rows: Sequence[KeyRow], sort_key: str, *, descending: bool) -> None:
        self._sort_key = sort_key
        self._descending = descending
        self._by_id = {row.id: row for row in rows}

    def update(self, rows: Sequence[KeyRow]) -> None:
        """Have these rows from now on; the table shows them after its next refresh."""
        self._by_id = {row.id: row for row in rows}

    def list_ids(self, _cursor: object, _shown: object) -> Listing:
        """List all keys."""
        ordered = sorted(self._by_id.values(), key=SORTS[self._sort_key], reverse=self._descending)
        return Listing(OrderedIds([row.id for row in ordered]))

    def load_rows(self, _cursor: object, ids: Sequence[Any]) -> Mapping[Any, KeyRow]:
        """Return the rows of these ids."""
        by_id = self._by_id
        return {key_id: by_id[key_id] for key_id in ids if key_id in by_id}
