"""`providers list | set NAME | remove NAME | test NAME`: who can be asked, with which key.

`list --json` is an array of `name`, `title`, `key` (keyring, environment or none), `variable`, `base_url`,
`base_url_variable`, `headers` (names alone), `is_ready`. No command prints a key.
"""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines
from junjo_desktop.cli.table import Column, table, terminal_width
from junjo_desktop.credentials import MemorySecretStore, SecretStore, open_secret_store
from junjo_desktop.errors import NotFoundError, UsageError, UserError
from junjo_desktop.generation.failures import GenerationError
from junjo_desktop.generation.provider_access import ProviderAccess, ProviderState
from junjo_desktop.paths import DataDir
from junjo_desktop.state.provider_settings import ProviderSettings

_COLUMNS = (Column("NAME"), Column("PROVIDER", spare=2), Column("KEY"), Column("BASE URL", flexible=True))
_TEST_MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-haiku-4-5",
    "gemini": "gemini-2.5-flash",
    "groq": "llama-3.1-8b-instant",
    "mistral": "mistral-small-latest",
    "xai": "grok-3-mini",
    "deepseek": "deepseek-chat",
    "openrouter": "openai/gpt-4o-mini",
}


def providers(options: Options, found: Namespace) -> int:
    """Run `providers ACTION`. Raises `UserError`."""
    match found.action:
        case "list":
            _list(options.data_dir, as_json=found.json)
        case "set":
            _set(options.data_dir, found)
        case "remove":
            _remove(options.data_dir, found.name)
        case _:
            _test(options.data_dir, found.name, found.model)
    return 0


@contextmanager
def opened_providers(data_dir: DataDir, secrets: SecretStore | None = None) -> Iterator[ProviderAccess]:
    """Give access to the providers of a data folder. Raises `UserError`."""
    data_dir.prepare()
    settings = ProviderSettings(data_dir.state)
    try:
        yield ProviderAccess(settings, secrets or open_secret_store(), os.environ)
    finally:
        settings.close()


def _list(data_dir: DataDir, *, as_json: bool) -> None:
    with opened_providers(data_dir, MemorySecretStore()) as access:
        states = access.states()
    if as_json:
        write_json([_document(state) for state in states])
    else:
        write_lines(table(_COLUMNS, (_row(state) for state in states), terminal_width()))


def _set(data_dir: DataDir, found: Namespace) -> None:
    changes_only_address = (found.base_url is not None or found.headers) and not found.key
    key = None if changes_only_address else _asked_key(found.name)
    headers = dict(_header(text) for text in found.headers) if found.headers else None
    with opened_providers(data_dir) as access:
        kept_in = access.put(found.name, key=key, base_url=found.base_url, headers=headers)
        if kept_in == "memory":
            raise UserError(f"The key of {found.name} is not kept.", access.problem or "Set it in the environment.")
        remark(f"{found.name} is set{'; its key is in the system keyring' if kept_in else ''}.")


def _asked_key(name: str) -> str:
    key = getpass.getpass(f"Key for {name}: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        raise UsageError("No key was given.", "Write it to stdin, or run this in a terminal to be asked.")
    return key.strip()


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"{name!r} is no header.", "Write NAME:VALUE.")
    return name.strip(), value.strip()


def _remove(data_dir: DataDir, name: str) -> None:
    with opened_providers(data_dir) as access:
        if not access.remove(name):
            raise NotFoundError(f"Nothing is set of {name}.", "`junjo-desktop providers list` shows what is.")
    remark(f"What was set of {name} is removed.")


def _test(data_dir: DataDir, name: str, model: str | None) -> None:
    from junjo_desktop.generation.generator import Generator
    from junjo_desktop.generation.request import GenerationRequest, GenerationSettings, user_message
    from junjo_desktop.generation.worker import Worker

    asked = model or _TEST_MODELS.get(name)
    if asked is None:
        raise UsageError(f"Which model of {name} is to be asked is not known.", "Name one with --model.")
    worker = Worker()
    try:
        with opened_providers(data_dir) as access:
            request = GenerationRequest(
                f"{name}/{asked}", (user_message("Say: yes."),), settings=GenerationSettings(max_tokens=16)
            )
            made = Generator(worker, access).start(request).result
    finally:
        worker.close()
    if made.failure is not None:
        raise GenerationError(made.failure)
    remark(f"{name} answers: {asked}, in {made.duration_ns / 1e6:,.0f} ms.")


def _document(state: ProviderState) -> dict[str, object]:
    return {
        "name": state.provider.name,
        "title": state.provider.title,
        "key": str(state.key_source),
        "variable": state.variable,
        "base_url": state.base_url,
        "base_url_variable": state.base_url_variable,
        "headers": list(state.header_names),
        "is_ready": state.is_ready,
    }


def _row(state: ProviderState) -> tuple[str, ...]:
    key = f"${state.variable}" if state.variable else str(state.key_source)
    if key == "none" and not state.provider.needs_key:
        key = "not needed"
    return state.provider.name, state.provider.title, key, state.base_url or ""
