"""A running engine with one key, for programs that send to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings


@dataclass(frozen=True)
class Running:
    """An engine, the port it listens on for OTLP, and a key it accepts."""

    engine: Engine
    port: int
    api_key: str


def start(data_dir: DataDir) -> Running:
    """Start an engine on free ports."""
    engine = Engine(data_dir, Settings(), otlp_ports=(0,), validator_port=0, secrets=MemorySecretStore())
    engine.start()
    port = next(listener.port for listener in engine.listeners if listener.purpose == "OTLP/gRPC")
    return Running(engine, port, engine.api_keys.create("sdk").secret)


@pytest.fixture
def running(data_dir: DataDir) -> Iterator[Running]:
    """An engine on an empty data folder."""
    running = start(data_dir)
    yield running
    running.engine.stop()
