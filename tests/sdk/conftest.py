"""A running engine with one key, for programs that send to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from junjo_desktop.app import Engine
from junjo_desktop.paths import DataDir
from tests.support.engines import make_engine, otlp_port


@dataclass(frozen=True)
class Running:
    """An engine, the port it listens on for OTLP, and a key it accepts."""

    engine: Engine
    port: int
    api_key: str


def start(data_dir: DataDir) -> Running:
    """Start an engine on free ports."""
    engine = make_engine(data_dir)
    engine.start()
    return Running(engine, otlp_port(engine), engine.api_keys.create("sdk").secret)


@pytest.fixture
def running(data_dir: DataDir) -> Iterator[Running]:
    """An engine on an empty data folder."""
    running = start(data_dir)
    yield running
    running.engine.stop()
