"""The keys a snippet can carry. Qt-free; every function may block in the key store or the keyring."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from junjo_desktop.receiver.api_keys import ApiKey, ApiKeys


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """All keys, the chosen one, and its secret when it can still be read. The secret is in no repr."""

    keys: tuple[ApiKey, ...] = ()
    chosen: str | None = None
    secret: str | None = field(default=None, repr=False)


def load_known_keys(api_keys: ApiKeys, wanted: str | None) -> KnownKeys:
    """Choose `wanted` if it still exists, else the first key whose secret can be read, else the first key."""
    keys = tuple(api_keys.list())
    if any(key.id == wanted for key in keys) and wanted is not None:
        return KnownKeys(keys, wanted, api_keys.secret_of(wanted))
    for key in keys:
        secret = api_keys.secret_of(key.id)
        if secret is not None:
            return KnownKeys(keys, key.id, secret)
    return KnownKeys(keys, keys[0].id if keys else None)


def create_known_key(api_keys: ApiKeys) -> KnownKeys:
    """Create a key named after this moment and choose it."""
    new = api_keys.create(f"connect {datetime.now().astimezone():%Y-%m-%d %H:%M}")
    return KnownKeys(tuple(api_keys.list()), new.id, new.secret)
