"""What `doctor` can find out by itself. Nothing is created, migrated or changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.outdated import advice_on
from junjo_desktop.credentials import MemorySecretStore, open_secret_store
from junjo_desktop.errors import AlreadyRunningError, PortUnavailableError, UserError
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.receiver.diagnosis import Finding
from junjo_desktop.receiver.ports import listen_on
from junjo_desktop.settings import Settings, load_settings
from junjo_desktop.store.database import Store
from junjo_desktop.store.derivation import derivation_json, derivation_of
from junjo_desktop.telemetry.intake import Purpose
from junjo_desktop.widgets.figures import bytes_text, counted

_LITTLE_SPACE = 500_000_000


def check_folder(data_dir: DataDir) -> Iterator[Finding]:
    """Look at the data folder, its disk and the settings file."""
    there = data_dir.root
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Finding(
            "error",
            f"The data folder {data_dir.root} cannot be written.",
            next_step="Correct its permissions, or name another folder with --data-dir.",
        )
    else:
        free = shutil.disk_usage(there).free
        if free < _LITTLE_SPACE:
            yield Finding(
                "warning",
                f"Only {bytes_text(free)} are free on the disk of {data_dir.root}.",
                next_step="Free some space; what does not fit is refused, and senders try again.",
            )
        elif data_dir.root.exists():
            yield Finding("ok", f"The data folder can be written; {bytes_text(free)} are free on its disk.")
        else:
            yield Finding("info", "The data folder does not exist yet; the first start makes it.")
    yield from _check_set_aside(data_dir)
    for warning in load_settings(data_dir.settings)[1]:
        yield Finding("warning", warning)


def _check_set_aside(data_dir: DataDir) -> Iterator[Finding]:
    found = sorted(data_dir.root.glob("*.damaged-*"))
    if found:
        size = sum(file.stat().st_size for file in found)
        yield Finding(
            "info",
            f"{counted(len(found), 'file')} that were found damaged are kept ({bytes_text(size)}).",
            ", ".join(file.name for file in found),
            "Delete them when nobody wants to look at them any more.",
        )


def check_start(options: Options) -> Iterator[Finding]:
    """Look at what an app that started now would find."""
    settings, _ = load_settings(options.data_dir.settings)
    yield Finding(
        "info",
        "Junjo Desktop is not running on this data folder, so nothing is received.",
        next_step="`junjo-desktop` opens the window; `junjo-desktop serve` receives without one.",
    )
    yield from _check_ports(options, settings)
    yield from _check_database(options.data_dir)
    yield from _check_keys(options, settings)


def _check_ports(options: Options, settings: Settings) -> Iterator[Finding]:
    otlp_ports = options.otlp_ports or settings.otlp_ports
    taken = {port: _why_taken(port) for port in otlp_ports}
    for port, error in taken.items():
        yield _port_finding(Purpose.OTLP, port, error, fatal=all(taken.values()))
    validator_port = settings.validator_port if options.validator_port is None else options.validator_port
    yield _port_finding(Purpose.VALIDATOR, validator_port, _why_taken(validator_port), fatal=False)


def _why_taken(port: int) -> PortUnavailableError | None:
    try:
        listen_on(port).close()
    except PortUnavailableError as error:
        return error
    return None


def _port_finding(purpose: Purpose, port: int, error: PortUnavailableError | None, *, fatal: bool) -> Finding:
    if error is None:
        return Finding("ok", f"Port {port} is free ({purpose})." if port else f"Any free port will do ({purpose}).")
    return Finding("error" if fatal else "warning", error.message, next_step=error.hint)


def _check_database(data_dir: DataDir) -> Iterator[Finding]:
    if not data_dir.telemetry.exists():
        return
    try:
        with closing(Store.open(data_dir.telemetry, read_only=True)) as store:
            derivation = derivation_json(store.read(derivation_of))
    except AlreadyRunningError:
        yield Finding("info", "Another command uses the database at this moment.")
    except UserError as error:
        yield Finding("error", error.message, next_step=error.hint)
    else:
        yield Finding("ok", f"The database can be read ({bytes_text(data_dir.telemetry.stat().st_size)}).")
        yield from check_derivation(derivation)


def check_derivation(derivation: Mapping[str, Any]) -> Iterator[Finding]:
    """Look at the answer to the query of that name."""
    advice = advice_on(derivation)
    if advice is not None:
        yield Finding("warning", advice[0], next_step=advice[1])


def _check_keys(options: Options, settings: Settings) -> Iterator[Finding]:
    if not (settings.accept_without_key if options.keys_required is None else not options.keys_required):
        yield from _count_keys(options.data_dir)
    else:
        yield Finding("info", "Telemetry is accepted without a key from this computer.")
    problem = open_secret_store().problem
    if problem:
        yield Finding("warning", "Secrets of keys cannot be kept: no system keyring can be used.", problem)
    else:
        yield Finding("ok", "The system keyring can be used.")


def _count_keys(data_dir: DataDir) -> Iterator[Finding]:
    if not data_dir.state.exists():
        yield Finding("info", "There is no key yet; the first start makes one.")
        return
    try:
        api_keys = ApiKeys(data_dir.state, MemorySecretStore())
    except UserError as error:
        yield Finding("error", error.message, next_step=error.hint)
        return
    try:
        listed = api_keys.list()
    finally:
        api_keys.close()
    if listed:
        yield Finding("ok", f"{counted(len(listed), 'key')} can be used.")
    else:
        yield Finding(
            "error",
            "There is no key, and telemetry without one is refused.",
            next_step="`junjo-desktop keys create NAME` makes one.",
        )
