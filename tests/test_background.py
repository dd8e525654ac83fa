"""Only the newest result is delivered, on the GUI thread, and nothing after the owner is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from junjo_desktop.background import Latest


class Owner(QObject):
    """Keeps what it was told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[str] = []
        self.threads: set[threading.Thread] = set()

    def take(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread())

    def fail(self, error: Exception) -> None:
        self.errors.append(str(error))
        self.threads.add(threading.current_thread())


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as one:
        yield one


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:  # noqa: ARG001 - queued signals need the application
    return Owner()


@pytest.fixture
def latest(executor: ThreadPoolExecutor, owner: Owner) -> Latest[object]:
    return Latest(executor, owner.take, owner.fail, owner)


def test_a_result_arrives_on_the_gui_thread(qtbot: QtBot, owner: Owner, latest: Latest[object]) -> None:
    latest.submit(lambda: "done")
    assert latest.busy
    qtbot.waitUntil(lambda: owner.results == ["done"])
    assert owner.threads == {threading.main_thread()}
    assert not latest.busy


def test_a_job_that_settles_at_once_is_not_delivered_inside_submit(qtbot: QtBot, owner: Owner) -> None:
    class AtOnce(Executor):
        def submit(self, job: Callable[..., object], /, *args: object, **kwargs: object) -> Future[object]:  # type: ignore[override] # narrower than needed
            future: Future[object] = Future()
            future.set_result(job(*args, **kwargs))
            return future

    latest = Latest(AtOnce(), owner.take, owner.fail, owner)
    latest.submit(lambda: "at once")
    assert owner.results == []
    qtbot.waitUntil(lambda: owner.results == ["at once"])


def test_an_error_arrives_too(qtbot: QtBot, owner: Owner, latest: Latest[object]) -> None:
    def fail() -> object:
        raise ValueError("no")

    latest.submit(fail)
    qtbot.waitUntil(lambda: owner.errors == ["no"])


def test_a_slow_older_job_is_never_heard(qtbot: QtBot, owner: Owner, latest: Latest[object]) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow() -> object:
        started.set()
        go_on.wait(10)
        return "old"

    latest.submit(slow)
    started.wait(10)
    latest.submit(lambda: "new")
    go_on.set()
    qtbot.waitUntil(lambda: owner.results == ["new"])


def test_jobs_that_still_wait_are_not_run(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object]
) -> None:
    go_on = threading.Event()
    executor.submit(go_on.wait, 10)
    ran: list[int] = []
    for number in range(5):
        latest.submit(partial(ran.append, number))
    go_on.set()
    qtbot.waitUntil(lambda: owner.results == [None])
    assert ran == [4]


def test_nothing_is_delivered_after_cancel(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object]
) -> None:
    latest.submit(lambda: "unwanted")
    latest.cancel()
    executor.submit(lambda: None).result(10)
    qtbot.wait(20)
    assert owner.results == []
    assert not latest.busy


def test_nothing_happens_when_the_owner_is_gone(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object], caplog: pytest.LogCaptureFixture
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow() -> object:
        started.set()
        go_on.wait(10)
        return "late"

    latest.submit(slow)
    started.wait(10)
    shiboken6.delete(owner)
    go_on.set()
    executor.submit(lambda: None).result(10)
    qtbot.wait(20)
    assert owner.results == []
    assert caplog.records == []
