"""Secrets: kept in the system keyring where there is a usable one, in memory for this run where there is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE_NAME = "junjo-desktop"
ANSWER_TIME_S = 10.0

KeptIn = Literal["keyring", "memory"]
"""Where a secret was put: the system keyring, or this process, which forgets it when it ends."""

_AND_SO = "Keys work all the same, but a secret is shown only once and not kept after this run."
_ABSENT = (
    "This computer offers no usable keyring. Start one (on Linux GNOME Keyring or KWallet) and start Junjo Desktop "
    f"again to have secrets kept. {_AND_SO}"
)


class Secret(str):
    """Text that must not be seen by accident: masked wherever a `repr` is printed, plain where used on purpose."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


class SecretStore(Protocol):
    """Keeps named secrets. No method raises for what a keyring does: `problem` says it, and memory takes over."""

    @property
    def problem(self) -> str | None:
        """Why the system keyring is not used, and what to do, or None when all is well."""

    def get(self, name: str) -> Secret | None:
        """Return the secret, or None when it is not (or no longer) kept."""

    def set(self, name: str, secret: str) -> KeptIn:
        """Keep the secret and say where."""

    def delete(self, name: str) -> None:
        """Forget the secret, if it is kept."""


class MemorySecretStore:
    """Keeps secrets until the process ends."""

    def __init__(self, problem: str | None = None) -> None:
        self._problem = problem
        self._secrets: dict[str, Secret] = {}

    @property
    def problem(self) -> str | None:
        """Why this store stands in for a keyring; None when nothing is wrong."""
        return self._problem

    def get(self, name: str) -> Secret | None:
        """Return the secret, or None."""
        return self._secrets.get(name)

    def set(self, name: str, secret: str) -> KeptIn:
        """Keep the secret for this run."""
        self._secrets[name] = Secret(secret)
        return "memory"

    def delete(self, name: str) -> None:
        """Forget the secret."""
        self._secrets.pop(name, None)


class KeyringSecretStore:
    """Keeps secrets in a keyring; what the keyring refuses or does not answer in time is kept in memory for this run.

    Blocks up to `answer_time_s` for each call (a keyring may be asking its user to unlock it): not for the GUI thread.
    """

    def __init__(self, keyring: KeyringBackend, *, answer_time_s: float = ANSWER_TIME_S) -> None:
        self._keyring = keyring
        self._caller = _TimedCaller(answer_time_s)
        self._this_run = MemorySecretStore()
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What went wrong at the last call; None again when the keyring answers."""
        return self._problem

    def get(self, name: str) -> Secret | None:
        """Return the secret, or None when it is nowhere or the keyring refuses."""
        kept = self._this_run.get(name)
        if kept is not None:
            return kept
        found = self._try(lambda: self._keyring.get_password(SERVICE_NAME, name))
        return None if found is None else Secret(found)

    def set(self, name: str, secret: str) -> KeptIn:
        """Keep the secret in the keyring, else in memory."""

        def keep() -> bool:
            self._keyring.set_password(SERVICE_NAME, name, str(secret))
            return True

        if self._try(keep):
            return "keyring"
        return self._this_run.set(name, secret)

    def delete(self, name: str) -> None:
        """Forget the secret, wherever it is."""
        self._this_run.delete(name)

        def forget() -> None:
            # Deleting what is not there is an error to every backend, each with its own words.
            if self._keyring.get_password(SERVICE_NAME, name) is not None:
                self._keyring.delete_password(SERVICE_NAME, name)

        self._try(forget)

    def _try(self, call: Callable[[], T]) -> T | None:
        try:
            answer = self._caller.call(call)
        except Exception as error:  # backends raise their own and their libraries' errors
            self._problem = f"The system keyring cannot be used ({_reason(error)}). {_AND_SO}"
            return None
        self._problem = None
        return answer


class DeferredSecretStore:
    """Opens the real store in the background: only who needs a secret waits for it, a start does not.

    Finding a keyring takes 0.1 s, and one that asks its user to unlock it as long as the user takes.
    """

    def __init__(self, open_store: Callable[[], SecretStore]) -> None:
        self._store: SecretStore | None = None
        self._opening = threading.Thread(target=self._open, args=(open_store,), name="keyring-opening", daemon=True)
        self._opening.start()

    @property
    def problem(self) -> str | None:
        """Why the keyring is not used; None when all is well, and as long as nobody knows."""
        return self._store.problem if self._store is not None else None

    def get(self, name: str) -> Secret | None:
        """Return the secret, or None. Waits for the store."""
        return self._opened().get(name)

    def set(self, name: str, secret: str) -> KeptIn:
        """Keep the secret and say where. Waits for the store."""
        return self._opened().set(name, secret)

    def delete(self, name: str) -> None:
        """Forget the secret. Waits for the store."""
        self._opened().delete(name)

    def _open(self, open_store: Callable[[], SecretStore]) -> None:
        self._store = open_store()

    def _opened(self) -> SecretStore:
        self._opening.join()
        if self._store is None:
            raise RuntimeError("the secret store could not be opened")
        return self._store


def open_secret_store(*, answer_time_s: float = ANSWER_TIME_S) -> SecretStore:
    """Return the system keyring's store after one trial read, or one in memory whose `problem` says why. May block."""
    try:
        keyring = _TimedCaller(answer_time_s).call(_usable_keyring)
    except Exception as error:  # finding a backend runs third-party code
        return MemorySecretStore(f"The system keyring cannot be used ({_reason(error)}). {_AND_SO}")
    if keyring is None:
        return MemorySecretStore(_ABSENT)
    store = KeyringSecretStore(keyring, answer_time_s=answer_time_s)
    store.get("trial")
    return MemorySecretStore(store.problem) if store.problem else store


def _usable_keyring() -> KeyringBackend | None:
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    return None if isinstance(backend, fail.Keyring | null.Keyring) else backend


def _reason(error: Exception) -> str:
    text = str(error).strip()
    return (text.splitlines()[0].rstrip(".!") if text else "") or type(error).__name__


class _TimedCaller:
    """Runs calls one at a time on threads of their own, so that one which never returns can be left behind."""

    def __init__(self, answer_time_s: float) -> None:
        self._answer_time_s = answer_time_s
        self._turn = threading.Lock()
        self._left_behind: threading.Thread | None = None

    def call(self, call: Callable[[], T]) -> T:
        """Return what `call` returns or raise what it raises; `TimeoutError` when it takes too long."""
        with self._turn:
            if self._left_behind is not None and self._left_behind.is_alive():
                raise TimeoutError("it still waits for an answer, perhaps for you to unlock it")
            outcome: list[T] = []
            failure: list[Exception] = []

            def run() -> None:
                try:
                    outcome.append(call())
                except Exception as error:  # handed to the caller's thread
                    failure.append(error)

            thread = threading.Thread(target=run, name="keyring", daemon=True)
            thread.start()
            thread.join(self._answer_time_s)
            if thread.is_alive():
                self._left_behind = thread
                raise TimeoutError(f"no answer within {self._answer_time_s:g} s, perhaps it waits for you to unlock it")
            if failure:
                raise failure[0]
            return outcome[0]
