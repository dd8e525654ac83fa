"""Secrets go to the keyring where there is a usable one, and stay usable for this run where there is not."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError

from junjo_desktop.credentials import (
    SERVICE_NAME,
    DeferredSecretStore,
    KeyringSecretStore,
    MemorySecretStore,
    Secret,
    SecretStore,
)
from tests.support.child import run_child


class _Keyring(KeyringBackend):
    """A keyring that does what a test wants, as backends of the real library do."""

    priority = 0.1

    def __init__(self, trouble: Callable[[], None] = lambda: None) -> None:
        self.trouble = trouble
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self.trouble()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.trouble()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.trouble()
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not found")
        del self.kept[service, username]


def _raising(error: Exception) -> Callable[[], None]:
    def trouble() -> None:
        raise error

    return trouble


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("jd_abc")
    assert "abc" not in repr(secret)
    assert "abc" not in repr([secret]) + repr({"key": secret}) + f"{secret!r}"
    assert secret == "jd_abc"
    assert f"{secret}" == "jd_abc"


@pytest.mark.parametrize("make", [MemorySecretStore, lambda: KeyringSecretStore(_Keyring())])
def test_a_store_keeps_gives_and_forgets(make: Callable[[], SecretStore]) -> None:
    store = make()
    assert store.get("a") is None
    store.set("a", "one")
    store.set("b", "two")
    store.set("a", "three")
    assert (store.get("a"), store.get("b")) == ("three", "two")
    assert isinstance(store.get("a"), Secret)
    store.delete("a")
    store.delete("a")
    assert (store.get("a"), store.get("b")) == (None, "two")
    assert store.problem is None


def test_a_keyring_is_used_under_our_name() -> None:
    keyring = _Keyring()
    assert KeyringSecretStore(keyring).set("api-key:1", "x") == "keyring"
    assert keyring.kept == {(SERVICE_NAME, "api-key:1"): "x"}


@pytest.mark.parametrize(
    "error",
    [KeyringLocked("the user said no"), NoKeyringError("none here"), OSError(5, "no bus"), RuntimeError()],
)
def test_what_the_keyring_refuses_is_kept_for_this_run_and_said(error: Exception) -> None:
    keyring = _Keyring(_raising(error))
    store = KeyringSecretStore(keyring)
    assert store.set("a", "very secret") == "memory"
    assert store.problem is not None
    assert "very secret" not in store.problem
    assert "system keyring cannot be used" in store.problem
    assert store.get("a") == "very secret"
    store.delete("a")
    assert store.get("a") is None


def test_the_problem_passes_when_the_keyring_answers_again() -> None:
    keyring = _Keyring(_raising(KeyringLocked("locked")))
    store = KeyringSecretStore(keyring)
    store.set("a", "x")
    keyring.trouble = lambda: None
    assert store.set("b", "y") == "keyring"
    assert store.problem is None
    assert store.get("a") == "x"


def test_a_keyring_that_never_answers_is_left_behind() -> None:
    answer = threading.Event()

    def wait() -> None:
        answer.wait(60)

    keyring = _Keyring(wait)
    store = KeyringSecretStore(keyring, answer_time_s=0.05)
    assert store.set("a", "x") == "memory"
    assert store.problem is not None
    assert "unlock" in store.problem
    assert store.set("b", "y") == "memory", "the next call does not wait behind the first"
    (left_behind,) = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    answer.set()
    left_behind.join(10)
    assert store.set("c", "z") == "keyring"


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_computer_without_a_keyring_is_told_what_to_do(backend: str) -> None:
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": backend}
    found = json.loads(run_child(_OPEN, environment=environment))
    assert found["class"] == "MemorySecretStore"
    assert "no usable keyring" in found["problem"]
    assert (found["kept"], found["secret"], found["again"]) == ("memory", "abc", None)


def test_a_backend_that_cannot_be_loaded_is_no_reason_to_stop() -> None:
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "no.such.Backend"}
    found = json.loads(run_child(_OPEN, environment=environment))
    assert found["class"] == "MemorySecretStore"
    assert "cannot be used" in found["problem"]


def test_keyring_is_imported_only_when_a_store_is_opened() -> None:
    program = "import sys, junjo_desktop.credentials; print('keyring' in sys.modules)"
    assert run_child(program).strip() == "False"


_OPEN = """
import json
from junjo_desktop.credentials import open_secret_store
store = open_secret_store()
kept = store.set("tests", "abc")
again = open_secret_store().get("tests")
print(json.dumps({"class": type(store).__name__, "problem": store.problem, "kept": kept, "secret": store.get("tests"),
                  "again": again}))
store.delete("tests")
assert store.get("tests") is None
"""

_WITH_SECRET_SERVICE = """
import os, subprocess, sys
home, program = sys.argv[1:]
environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "XDG_RUNTIME_DIR": home,
               "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
inner = 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -c "$1"'
outcome = subprocess.run(["dbus-run-session", "--", "sh", "-c", inner, sys.executable, program], env=environment,
                         capture_output=True, text=True)
sys.stderr.write(outcome.stderr)
print(outcome.stdout.strip().splitlines()[-1] if outcome.returncode == 0 else "")
sys.exit(outcome.returncode)
"""


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None or shutil.which("gnome-keyring-daemon") is None,
    reason="needs dbus-run-session and gnome-keyring-daemon (Debian: dbus, gnome-keyring)",
)
def test_the_real_secret_service_keeps_secrets_between_openings(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    found = json.loads(run_child(_WITH_SECRET_SERVICE, home, _OPEN))
    assert found == {"class": "KeyringSecretStore", "problem": None, "kept": "keyring", "secret": "abc", "again": "abc"}


def test_a_deferred_store_is_opened_in_the_background_and_waited_for_only_by_who_needs_it() -> None:
    may_open = threading.Event()

    def open_slowly() -> SecretStore:
        may_open.wait(60)
        return MemorySecretStore("no keyring")

    store = DeferredSecretStore(open_slowly)
    problem_before = store.problem  # returns though the opening still waits
    may_open.set()
    assert store.set("a", "x") == "memory"
    assert store.get("a") == "x"
    assert [problem_before, store.problem] == [None, "no keyring"]
    store.delete("a")
    assert store.get("a") is None
