"""Data folders with a given number of spans, filled through the real receiver and kept in `build/bench`."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import grpc

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
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


def folder_with(spans: int) -> Path:
    """Return a fresh copy of a data folder that holds about `spans` spans of the last day."""
    made = _kept(spans)
    if not made.exists():
        _fill(made, spans)
    copy = BUILD / f"copy-of-{spans}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made, copy)
    return copy


def discard(spans: int) -> None:
    """Forget the kept folder, so that it is made again."""
    shutil.rmtree(_kept(spans), ignore_errors=True)


def _kept(spans: int) -> Path:
    return BUILD / f"store-{spans}"


def _fill(folder: Path, spans: int) -> None:
    staged = folder.with_suffix(".part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    with served_engine(staged) as engine, ThreadPoolExecutor(2) as senders:
        with grpc.insecure_channel(f"127.0.0.1:{engine.port}", CHANNEL) as channel:
            export = export_on(channel)
            began = told = time.monotonic()
            for portion in _portions(day_of_requests(spans) if spans else iter(())):
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
