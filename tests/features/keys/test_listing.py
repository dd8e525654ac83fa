"""The rows of the Keys page, from a real key store."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from junjo_desktop.credentials import MemorySecretStore, Secret
from junjo_desktop.features.keys.listing import SORTS, KeySource, list_key_rows, load_key_rows
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.api_keys import ApiKeys


@pytest.fixture
def api_keys(data_dir: DataDir) -> Iterator[ApiKeys]:
    keys = ApiKeys(data_dir.state, MemorySecretStore())
    yield keys
    keys.close()


def test_rows_say_where_the_secret_is_kept_and_never_hold_it(api_keys: ApiKeys, data_dir: DataDir) -> None:
    new = api_keys.create("ci")
    assert load_key_rows(api_keys, {}).rows[0].kept == "in the system keyring"
    assert new.secret not in repr(load_key_rows(api_keys, {}))
    after_restart = ApiKeys(data_dir.state, MemorySecretStore("no keyring"))
    rows = load_key_rows(after_restart, {})
    assert (rows.rows[0].kept, rows.problem) == ("not kept", "no keyring")
    after_restart.create("new")
    assert {row.name: row.kept for row in load_key_rows(after_restart, {}).rows}["new"] == "until the app ends"
    after_restart.close()


def test_what_is_known_is_not_asked_again(api_keys: ApiKeys) -> None:
    key = api_keys.create("ci")
    assert load_key_rows(api_keys, {key.id: "not kept"}).rows[0].kept == "not kept"


def test_keys_are_listed_without_waiting_for_the_keyring(data_dir: DataDir) -> None:
    answers = Event()

    class Locked(MemorySecretStore):
        def get(self, name: str) -> Secret | None:
            answers.wait()
            return super().get(name)

    locked = ApiKeys(data_dir.state, Locked())
    key = locked.create("ci")
    listed = list_key_rows(locked, {})
    assert [(row.name, row.kept) for row in listed.rows] == [("ci", "looking …")]
    assert not listed.is_complete
    assert list_key_rows(locked, {key.id: "not kept"}).is_complete
    answers.set()
    assert load_key_rows(locked, listed.places).rows[0].kept == "in the system keyring"
    locked.close()


@pytest.mark.parametrize("column", SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_rows_sort_by_every_column(api_keys: ApiKeys, column: str, *, descending: bool) -> None:
    for name in ("b", "A", "c"):
        api_keys.check(api_keys.create(name).secret)
    rows = load_key_rows(api_keys, {}).rows
    listed = KeySource(rows, column, descending=descending).list_ids(None, None).ids
    by_id = {row.id: row for row in rows}
    values = [SORTS[column](by_id[listed[place]]) for place in range(len(listed))]
    assert values == sorted(values, reverse=descending)


def test_a_source_serves_what_it_was_last_given(api_keys: ApiKeys) -> None:
    first = api_keys.create("first")
    source = KeySource(load_key_rows(api_keys, {}).rows, "name", descending=False)
    second = api_keys.create("second")
    source.update(load_key_rows(api_keys, {}).rows)
    assert set(source.load_rows(None, [first.id, second.id, "gone"])) == {first.id, second.id}
