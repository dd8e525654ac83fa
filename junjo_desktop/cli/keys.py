"""`keys create NAME | list | revoke ID`: straight on the state file, which any number of processes may open."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.table import Column, table, terminal_width
from junjo_desktop.credentials import MemorySecretStore, SecretStore, open_secret_store
from junjo_desktop.errors import NotFoundError
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.api_keys import ApiKey, ApiKeys
from junjo_desktop.widgets.figures import moment_text

_COLUMNS = (
    Column("ID"),
    Column("NAME", flexible=True),
    Column("BEGINS WITH", spare=1),
    Column("CREATED", spare=2),
    Column("LAST USED"),
)


def keys(options: Options, found: Namespace) -> int:
    """Run `keys ACTION`. Raises `UserError`."""
    match found.action:
        case "create":
            _create(options.data_dir, found.name, as_json=found.json)
        case "list":
            _list(options.data_dir, as_json=found.json)
        case _:
            _revoke(options.data_dir, found.id, as_json=found.json)
    return 0


def _create(data_dir: DataDir, name: str, *, as_json: bool) -> None:
    data_dir.prepare()
    with _opened(data_dir, open_secret_store()) as api_keys:
        made = api_keys.create(name)
        problem = api_keys.secret_store_problem
    if as_json:
        # What a store in memory keeps, this process takes with it.
        kept_in = None if made.kept_in == "memory" else made.kept_in
        write_json({**asdict(made), "secret": str(made.secret), "kept_in": kept_in})
        return
    write_lines([str(made.secret)])
    if made.kept_in == "keyring":
        remark(f"Key {made.id} “{made.name}” is made; its secret is kept in the system keyring.")
    else:
        remark(f"Key {made.id} “{made.name}” is made. Copy its secret now: it is not kept. {problem or ''}".rstrip())


def _list(data_dir: DataDir, *, as_json: bool) -> None:
    listed: list[ApiKey] = []
    if data_dir.state.exists():
        with _opened(data_dir, MemorySecretStore()) as api_keys:
            listed = api_keys.list()
    if as_json:
        write_json([asdict(key) for key in listed])
    elif listed:
        write_lines(table(_COLUMNS, (_row(key) for key in listed), terminal_width()))
    else:
        remark("There are no keys. `junjo-desktop keys create NAME` makes one.")


def _revoke(data_dir: DataDir, id_: str, *, as_json: bool) -> None:
    revoked = False
    if data_dir.state.exists():
        with _opened(data_dir, open_secret_store()) as api_keys:
            revoked = api_keys.revoke(id_)
    if not revoked:
        raise NotFoundError(f"There is no valid key with the id {id_}.", "`junjo-desktop keys list` shows the ids.")
    if as_json:
        write_json({"id": id_, "revoked": True})
    else:
        remark(f"Key {id_} is revoked; the next request that shows it is refused.")


@contextmanager
def _opened(data_dir: DataDir, secrets: SecretStore) -> Iterator[ApiKeys]:
    api_keys = ApiKeys(data_dir.state, secrets)
    try:
        yield api_keys
    finally:
        api_keys.close()


def _row(key: ApiKey) -> tuple[str, ...]:
    used = moment_text(key.last_used_ns) if key.last_used_ns is not None else "never"
    return key.id, key.name, f"{key.prefix}…", moment_text(key.created_ns), used
