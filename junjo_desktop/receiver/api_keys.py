"""API keys: made, listed, revoked and checked. Only hashes are stored; another process may change them at any time."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets as randomness
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from junjo_desktop.credentials import KeptIn, Secret, SecretStore
from junjo_desktop.errors import UsageError, UserError
from junjo_desktop.state import BUSY_MS, open_state

logger = logging.getLogger(__name__)

DEFAULT_NAME = "default"
NAME_CHARACTERS = 100
_MARK = "jd_"
_RANDOM_BYTES = 48  # 64 URL-safe characters
_PREFIX_CHARACTERS = 8
_WRITE_USE_EVERY_NS = 60 * 10**9


class KeyStoreError(UserError):
    """The keys cannot be read or written at the moment."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key as it is stored. Times are nanoseconds since the epoch."""

    id: str
    name: str
    prefix: str
    created_ns: int
    last_used_ns: int | None
    revoked_ns: int | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; the only time its secret is at hand for sure."""

    id: str
    name: str
    prefix: str
    secret: Secret = field(repr=False)
    kept_in: KeptIn


class KeyStatus(Enum):
    """What a presented secret turned out to be."""

    VALID = "valid"
    MISSING = "missing"
    WRONG = "wrong"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The answer for one presented secret; `key` is the stored key it belongs to, if any."""

    status: KeyStatus
    key: ApiKey | None = None


ApiKeyList = list[ApiKey]  # inside the class, `list` is a method


class ApiKeys:
    """The keys of one state file. Thread-safe; may block on the disk and the keyring, so not for the GUI thread.

    Methods raise `KeyStoreError` when the file cannot be read or written.
    """

    def __init__(self, state_db: Path, secrets: SecretStore, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._path = state_db
        self._secrets = secrets
        self._now_ns = now_ns
        # `PRAGMA data_version` tells of other connections' commits only, so our own writes go through a second one.
        self._reader = open_state(state_db)
        try:
            self._writer = open_state(state_db)
        except BaseException:
            self._reader.close()
            raise
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._seen_version: int | None = None
        self._known: tuple[tuple[bytes, ApiKey], ...] = ()
        self._used_ns: dict[str, int] = {}
        self._use_written_ns = now_ns()

    @property
    def secret_store_problem(self) -> str | None:
        """Why secrets are not kept in the system keyring; None when they are."""
        return self._secrets.problem

    def create(self, name: str) -> NewKey:
        """Make a key and keep its secret in the secret store. Raises `UsageError` for an unusable name."""
        name = _checked_name(name)
        with self._transaction() as connection:
            id_, secret = _insert(connection, name, self._now_ns())
        return self._keep(id_, name, secret)

    def ensure_default(self) -> NewKey | None:
        """Make the key "default" if there never was one of this name; None otherwise, also when that was revoked."""
        with self._transaction() as connection:
            # Two processes may start for the first time at once; the lock makes one of them second.
            if connection.execute("SELECT 1 FROM api_keys WHERE name = ?", (DEFAULT_NAME,)).fetchone():
                return None
            id_, secret = _insert(connection, DEFAULT_NAME, self._now_ns())
        return self._keep(id_, DEFAULT_NAME, secret)

    def revoke(self, id: str) -> bool:  # noqa: A002 - the field's own name
        """Make the key invalid from the next request on; False when there is no valid key of that id."""
        with self._transaction() as connection:
            revoked = connection.execute(
                "UPDATE api_keys SET revoked_ns = ? WHERE id = ? AND revoked_ns IS NULL", (self._now_ns(), id)
            ).rowcount
        if revoked:
            self._secrets.delete(_secret_name(id))
        return bool(revoked)

    def secret_of(self, id: str) -> Secret | None:  # noqa: A002 - the field's own name
        """Return the secret, if the secret store still has it."""
        return self._secrets.get(_secret_name(id))

    def is_valid(self, secret: str) -> bool:
        """Whether the secret belongs to a key that is not revoked."""
        return self.check(secret).status is KeyStatus.VALID

    def check(self, secret: str | None) -> KeyCheck:
        """Say what the secret is. Costs microseconds; sees what another process changed a moment ago."""
        if not secret:
            return KeyCheck(KeyStatus.MISSING)
        digest = _digest(secret)
        found: ApiKey | None = None
        now = self._now_ns()
        with self._reading:
            # Every stored digest is compared, in constant time each: how long it takes tells nothing.
            for stored, key in self._current():
                if hmac.compare_digest(stored, digest):
                    found = key
            if found is not None and found.revoked_ns is None:
                self._used_ns[found.id] = now
        if now - self._use_written_ns >= _WRITE_USE_EVERY_NS:
            self._write_use()
        if found is None:
            return KeyCheck(KeyStatus.WRONG)
        return KeyCheck(KeyStatus.VALID if found.revoked_ns is None else KeyStatus.REVOKED, found)

    def close(self) -> None:
        """Write down when keys were last used and close the file."""
        self._write_use()
        with self._writing:
            self._writer.close()
        with self._reading:
            self._reader.close()

    def list(self, *, include_revoked: bool = False) -> ApiKeyList:
        """Return the keys, oldest first, with their last use up to this moment."""
        with self._reading:
            return [
                replace(key, last_used_ns=self._used_ns.get(key.id, key.last_used_ns))
                for _, key in self._current()
                if include_revoked or key.revoked_ns is None
            ]

    def _keep(self, id_: str, name: str, secret: Secret) -> NewKey:
        kept_in = self._secrets.set(_secret_name(id_), secret)
        return NewKey(id_, name, _prefix(secret), secret, kept_in)

    def _current(self) -> tuple[tuple[bytes, ApiKey], ...]:
        try:
            version = self._reader.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen_version:
                rows = self._reader.execute(
                    "SELECT sha256, id, name, prefix, created_ns, last_used_ns, revoked_ns FROM api_keys "
                    "ORDER BY created_ns, id"
                ).fetchall()
                self._known = tuple((sha256, ApiKey(*rest)) for sha256, *rest in rows)
                self._seen_version = version
        except sqlite3.Error as error:
            raise _translated(error, self._path) from error
        return self._known

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                finally:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise _translated(error, self._path) from error

    def _write_use(self) -> None:
        """Store last uses: seldom, without an fsync and without waiting for anyone. Late or lost, nobody is hurt."""
        if not self._writing.acquire(blocking=False):
            return
        try:
            self._use_written_ns = self._now_ns()
            self._writer.execute("PRAGMA busy_timeout = 0")
            self._writer.execute("PRAGMA synchronous = NORMAL")
            self._writer.executemany(
                "UPDATE api_keys SET last_used_ns = ? WHERE id = ? AND coalesce(last_used_ns, 0) < ?",
                [(ns, id_, ns) for id_, ns in tuple(self._used_ns.items())],
            )
        except sqlite3.Error:
            logger.debug("last uses of API keys are written later", exc_info=True)
        finally:
            with suppress(sqlite3.Error):
                self._writer.execute("PRAGMA synchronous = FULL")
                self._writer.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            self._writing.release()


def _insert(connection: sqlite3.Connection, name: str, now_ns: int) -> tuple[str, Secret]:
    secret = Secret(_MARK + randomness.token_urlsafe(_RANDOM_BYTES))
    id_ = randomness.token_hex(4)
    connection.execute(
        "INSERT INTO api_keys (id, name, prefix, sha256, created_ns) VALUES (?, ?, ?, ?, ?)",
        (id_, name, _prefix(secret), _digest(secret), now_ns),
    )
    return id_, secret


def _translated(error: sqlite3.Error, path: Path) -> KeyStoreError:
    return KeyStoreError(
        f"The API keys in {path} cannot be used ({error}).",
        "Free some space or correct the file's permissions; then try again.",
    )


def _prefix(secret: str) -> str:
    return secret[:_PREFIX_CHARACTERS]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _secret_name(id_: str) -> str:
    return f"api-key:{id_}"


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UsageError("An API key needs a name.", "Give it one, for example the name of your program.")
    if len(name) > NAME_CHARACTERS or not name.isprintable():
        raise UsageError(
            f"The name of an API key must be at most {NAME_CHARACTERS} printable characters.", "Shorten it."
        )
    return name
