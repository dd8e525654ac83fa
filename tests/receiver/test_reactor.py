"""One thread serves all sockets; a bug in what one of them calls must not cost the others anything."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from junjo_desktop.receiver.reactor import READ, Reactor


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    running = Reactor("tests")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected sockets; what is sent into the first can be read from the second."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_runs_on_the_thread_answers_or_raises_where_it_was_asked(reactor: Reactor) -> None:
    assert reactor.run(lambda: threading.current_thread().name) == "tests"
    with pytest.raises(ZeroDivisionError):
        reactor.run(lambda: 1 // 0)


def test_a_stopped_reactor_says_so() -> None:
    stopped = Reactor("tests")
    stopped.start()
    stopped.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        stopped.run(lambda: None)


def test_a_callback_that_fails_rests_and_is_asked_again(
    reactor: Reactor, pair: tuple[socket.socket, socket.socket], caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = pair
    calls: list[int] = []
    recovered = threading.Event()

    def fail_once(events: int) -> None:
        calls.append(events)
        if len(calls) == 1:
            raise ValueError("a bug")
        theirs.recv(100)
        recovered.set()

    with caplog.at_level(logging.ERROR):
        reactor.run(lambda: reactor.watch(theirs, READ, fail_once))
        ours.send(b"x")
        assert recovered.wait(30)
        reactor.run(lambda: reactor.watch(theirs, 0, fail_once))
    assert calls == [READ, READ]
    assert len(caplog.records) == 1


def test_a_socket_that_was_closed_by_the_callback_that_failed_is_forgotten(
    reactor: Reactor, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    failed = threading.Event()

    def close_and_fail(_events: int) -> None:
        reactor.watch(theirs, 0, close_and_fail)
        theirs.close()
        failed.set()
        raise ValueError("a bug")

    reactor.run(lambda: reactor.watch(theirs, READ, close_and_fail))
    ours.send(b"x")
    assert failed.wait(30)
    assert reactor.run(lambda: "still there") == "still there"
