"""Data folders with a given number of spans, filled through the real receiver and kept in `build/bench`."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import grpc

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.store.database import Store
from junjo_desktop.store.word_index import next_group, write_words
from junjo_desktop.store.word_reading import read_words
from tests.bench.client import CHANNEL, export_on
from tests.bench.load import day_of_requests
from tests.bench.served import BUILD, served_engine

_TELL_EVERY_S = 2.0


def open_engine(folder: Path) -> tuple[Engine, int]:
    """Start an engine without keys on a free port; return it and the port."""
    engine = Engine(
        DataDir(folder),
        Settings(),
        otlp_ports=(0,),
        validator_port=0,
        keys_required=False,
        secrets=MemorySecretStore(),
    )
    engine.start()
    return engine, next(listener.port for listener in engine.listeners if listener.purpose == "OTLP/gRPC")


def folder_with(spans: int, kind: str = "store", requests: Callable[[int], Iterator[bytes]] = day_of_requests) -> Path:
    """Return a fresh copy of a data folder that holds about `spans` spans of the last day, all words of them indexed.

    What else is measured on it must not be disturbed by indexing. Folders of one `kind` hold the same `requests`.
    """
    made = _kept(spans, kind)
    if not made.exists():
        _fill(made, requests(spans) if spans else iter(()), spans)
    _index_words(made)
    copy = BUILD / f"copy-of-{kind}-{spans}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made, copy)
    return copy


def discard(spans: int, kind: str = "store") -> None:
    """Forget the kept folder, so that it is made again."""
    shutil.rmtree(_kept(spans, kind), ignore_errors=True)


def _kept(spans: int, kind: str) -> Path:
    return BUILD / f"{kind}-{spans}"


def _index_words(folder: Path) -> None:
    """Read the words of all groups that are full; a quarter of a minute for a million spans, once."""
    store = Store.open(DataDir(folder).telemetry)
    while (group := store.read(next_group)) is not None:
        found = store.read(partial(read_words, group=group))
        with store.write(only_adds=True) as writer:
            write_words(writer, found)
    store.checkpoint()
    store.close()


def _fill(folder: Path, requests: Iterator[bytes], spans: int) -> None:
    staged = folder.with_suffix(".part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    with served_engine(staged) as engine, ThreadPoolExecutor(2) as senders:
        with grpc.insecure_channel(f"127.0.0.1:{engine.port}", CHANNEL) as channel:
            export = export_on(channel)
            began = told = time.monotonic()
            for portion in _portions(requests):
                # A few at a time: what is made and not sent yet is held in memory.
                list(senders.map(lambda body: export(body, timeout=300), portion))
                if time.monotonic() - told > _TELL_EVERY_S:
                    told = time.monotonic()
                    print(f"\r{spans:,} spans: {engine.spans_stored():,} stored", end="", file=sys.stderr, flush=True)
        if spans:
            while engine.waiting():
                time.sleep(0.2)
            print(f"\r{spans:,} spans stored in {time.monotonic() - began:.0f} s", file=sys.stderr)
    staged.rename(folder)


def _portions(bodies: Iterator[bytes]) -> Iterator[list[bytes]]:
    while portion := list(islice(bodies, 16)):
        yield portion
