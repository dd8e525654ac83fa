"""Data folders with a given number of spans, filled through the real receiver and kept in `build/bench`."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from tests.bench.client import CHANNEL, export_on
from tests.bench.load import day_of_requests
from tests.bench.served import BUILD


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
    made = BUILD / f"spans-{spans}"
    if not made.exists():
        _fill(made, spans)
    copy = BUILD / f"copy-of-{spans}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made, copy)
    return copy


def _fill(folder: Path, spans: int) -> None:
    staged = folder.with_suffix(".part")
    shutil.rmtree(staged, ignore_errors=True)
    engine, port = open_engine(staged)
    began = time.monotonic()
    with grpc.insecure_channel(f"127.0.0.1:{port}", CHANNEL) as channel, ThreadPoolExecutor(2) as senders:
        export = export_on(channel)
        for _ in senders.map(lambda made: export(made, timeout=300), day_of_requests(spans) if spans else ()):
            pass
    sent = time.monotonic()
    while engine.indexer.waiting:
        engine.indexer.drain(60)
    if spans:
        print(f"{spans:,} spans: acknowledged in {sent - began:.1f} s, indexed after {time.monotonic() - began:.1f} s")
    engine.stop()
    staged.rename(folder)
