"""API keys: what is stored of them, who they let in, and how soon a change is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.errors import UsageError
from junjo_desktop.receiver.api_keys import ApiKeys, KeyStatus, KeyStoreError
from tests.support.child import run_child


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
def keys(path: Path) -> Iterator[ApiKeys]:
    opened = ApiKeys(path, MemorySecretStore())
    yield opened
    opened.close()


class _Clock:
    def __init__(self) -> None:
        self.now_ns = 1_000_000_000

    def __call__(self) -> int:
        return self.now_ns


def test_a_new_key_is_valid_listed_and_its_secret_can_be_asked_for(keys: ApiKeys) -> None:
    new = keys.create("  my   program ")
    assert keys.is_valid(new.secret)
    assert keys.secret_of(new.id) == new.secret
    assert new.kept_in == "memory"
    (listed,) = keys.list()
    assert (listed.id, listed.name, listed.prefix) == (new.id, "my program", new.secret[:8])
    assert listed.revoked_ns is None


def test_secrets_are_long_and_never_alike(keys: ApiKeys) -> None:
    secrets = {str(keys.create(f"key {number}").secret) for number in range(50)}
    assert len(secrets) == 50
    assert all(len(secret) == 67 and secret.startswith("jd_") for secret in secrets)


def test_only_the_hash_and_a_prefix_reach_the_disk(keys: ApiKeys, path: Path) -> None:
    new = keys.create("a")
    keys.close()
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert hashlib.sha256(new.secret.encode()).digest() in stored
    assert new.secret[:8].encode() in stored
    assert new.secret[:9].encode() not in stored


def test_the_secret_is_in_no_repr(keys: ApiKeys) -> None:
    new = keys.create("a")
    assert new.secret not in f"{new!r} {new.secret!r} {keys.list()!r} {keys.check(new.secret)!r}"
    assert f"{new.secret}" == str(new.secret), "where it is meant to be used it is plain text"


@pytest.mark.parametrize("secret", ["", None])
def test_no_secret_is_missing(keys: ApiKeys, secret: str | None) -> None:
    assert keys.check(secret).status is KeyStatus.MISSING


def test_any_other_text_is_wrong(keys: ApiKeys) -> None:
    new = keys.create("a")

    @given(secret=st.text(min_size=1))
    def is_wrong(secret: str) -> None:
        assert keys.check(secret).status is KeyStatus.WRONG
        assert keys.check(new.secret + secret).status is KeyStatus.WRONG

    is_wrong()


def test_a_revoked_key_is_told_from_a_wrong_one_and_forgotten_by_the_secret_store(keys: ApiKeys) -> None:
    new = keys.create("a")
    assert keys.revoke(new.id)
    check = keys.check(new.secret)
    assert check.status is KeyStatus.REVOKED
    assert check.key is not None
    assert check.key.name == "a"
    assert keys.secret_of(new.id) is None
    assert keys.list() == []
    assert [key.id for key in keys.list(include_revoked=True)] == [new.id]


def test_revoking_twice_or_nothing_says_so(keys: ApiKeys) -> None:
    new = keys.create("a")
    assert keys.revoke(new.id)
    assert not keys.revoke(new.id)
    assert not keys.revoke("no such id")


def test_keys_survive_a_restart(keys: ApiKeys, path: Path) -> None:
    new = keys.create("a")
    keys.close()
    again = ApiKeys(path, MemorySecretStore())
    assert again.is_valid(new.secret)
    assert again.secret_of(new.id) is None, "memory forgets"
    again.close()


def test_what_another_process_creates_and_revokes_holds_for_the_next_check(keys: ApiKeys, path: Path) -> None:
    mine = keys.create("mine")
    assert keys.is_valid(mine.secret)
    theirs = _other_process(path, "print(str(keys.create('theirs').secret))")
    assert keys.is_valid(theirs)
    _other_process(path, f"assert keys.revoke({mine.id!r})")
    assert keys.check(mine.secret).status is KeyStatus.REVOKED


def _other_process(path: Path, statement: str) -> str:
    program = (
        "import pathlib, sys\n"
        "from junjo_desktop.credentials import MemorySecretStore\n"
        "from junjo_desktop.receiver.api_keys import ApiKeys\n"
        "keys = ApiKeys(pathlib.Path(sys.argv[1]), MemorySecretStore())\n"
        f"{statement}\n"
        "keys.close()\n"
    )
    return run_child(program, path).strip()


def test_the_default_key_is_made_once_only(keys: ApiKeys) -> None:
    first = keys.ensure_default()
    assert first is not None
    assert first.name == "default"
    assert keys.ensure_default() is None
    keys.revoke(first.id)
    assert keys.ensure_default() is None, "not again after it was revoked"


def test_the_default_key_is_made_on_first_start_though_others_exist(keys: ApiKeys) -> None:
    keys.create("made in the terminal")
    assert keys.ensure_default() is not None


def test_two_first_starts_at_once_make_one_default_key(path: Path) -> None:
    opened = [ApiKeys(path, MemorySecretStore()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(ApiKeys.ensure_default, opened))
    assert sum(key is not None for key in made) == 1
    assert len(opened[0].list()) == 1
    for keys in opened:
        keys.close()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "line\x00break", "right\u202eleft"])
def test_unusable_names_are_refused(keys: ApiKeys, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        keys.create(name)
    assert keys.list() == []


def test_the_last_use_is_known_at_once_and_written_seldom(path: Path) -> None:
    clock = _Clock()
    keys = ApiKeys(path, MemorySecretStore(), now_ns=clock)
    other = ApiKeys(path, MemorySecretStore())
    new = keys.create("a")
    assert keys.list()[0].last_used_ns is None
    clock.now_ns += 5
    keys.check(new.secret)
    assert keys.list()[0].last_used_ns == clock.now_ns
    assert other.list()[0].last_used_ns is None
    clock.now_ns += 61 * 10**9
    keys.check(new.secret)
    assert other.list()[0].last_used_ns == clock.now_ns
    clock.now_ns += 1
    keys.check(new.secret)
    keys.close()
    assert other.list()[0].last_used_ns == clock.now_ns
    other.close()


def test_a_store_that_cannot_be_read_is_our_trouble_and_not_a_wrong_key(keys: ApiKeys) -> None:
    new = keys.create("a")
    keys.close()
    with pytest.raises(KeyStoreError, match="cannot be used"):
        keys.check(new.secret)
    with pytest.raises(KeyStoreError):
        keys.create("b")


def test_checks_from_many_threads_agree(keys: ApiKeys) -> None:
    secrets = [keys.create(f"key {number}").secret for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(keys.is_valid, secrets * 50))


def test_the_keyring_s_problem_is_passed_on(path: Path) -> None:
    keys = ApiKeys(path, MemorySecretStore("there is no keyring"))
    assert keys.secret_store_problem == "there is no keyring"
    keys.close()
