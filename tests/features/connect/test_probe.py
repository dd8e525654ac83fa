"""A test span can be given up at every step: a window that closes waits for nobody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from junjo_desktop.app import Engine
from junjo_desktop.features.connect.probe import Outcome, Probe
from tests.support.eventually import eventually

LONG_S = 600.0


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("step", ["Connected", "Accepted", "Stored", "Visible"])
def test_each_step_ends_when_it_is_given_up(engine: Engine, silent_port: int, step: str) -> None:
    probe = Probe(engine, silent_port, None, timeout_s=LONG_S)
    with ThreadPoolExecutor(1) as worker:
        outcome = worker.submit(dict(probe.steps)[step])
        assert eventually(lambda: probe.is_waiting)
        probe.cancel()
        assert outcome.result(30) == Outcome(False, "The test was given up.")


def test_a_step_after_giving_up_does_not_begin_to_wait(engine: Engine, silent_port: int) -> None:
    probe = Probe(engine, silent_port, None, timeout_s=LONG_S)
    probe.cancel()
    assert not any(run().passed for _, run in probe.steps)
