"""Only the newest result is delivered, on the GUI thread, and nothing after the owner is gone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from weakref import ref

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from junjo_desktop.background import Latest, collection_held_back, from_any_thread
from tests.support.child import run_child


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

    def hear(self) -> None:
        self.take("heard")

    def fail(self, error: Exception) -> None:
        self.errors.append(str(error))
        self.threads.add(threading.current_thread())


@contextmanager
def holding(executor: Executor) -> Iterator[threading.Event]:
    """Keep the executor's one thread busy until the event is set."""
    go_on = threading.Event()
    executor.submit(go_on.wait, 60)
    try:
        yield go_on
    finally:
        go_on.set()


def settle(qtbot: QtBot, executor: Executor) -> None:
    """Let the executor finish, and whatever it may have sent arrive."""
    executor.submit(int).result(60)
    qtbot.wait(20)


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
    ran: list[int] = []
    with holding(executor):
        for number in range(5):
            latest.submit(partial(ran.append, number))
    qtbot.waitUntil(lambda: owner.results == [None])
    assert ran == [4]


def test_nothing_is_delivered_after_cancel(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object]
) -> None:
    latest.submit(lambda: "unwanted")
    latest.cancel()
    settle(qtbot, executor)
    assert owner.results == []
    assert not latest.busy


def test_nothing_happens_when_the_owner_is_gone(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object], caplog: pytest.LogCaptureFixture
) -> None:
    with holding(executor) as go_on:
        latest.submit(lambda: "late")
        shiboken6.delete(owner)
        go_on.set()
    settle(qtbot, executor)
    assert owner.results == []
    assert caplog.records == []


def test_an_owner_is_not_kept_alive(qtbot: QtBot, executor: ThreadPoolExecutor) -> None:
    owner = Owner()
    latest = Latest[object](executor, owner.take, owner.fail, owner)
    alive = ref(owner)
    with holding(executor) as go_on:
        latest.submit(lambda: "late")
        del owner
        assert alive() is None
        go_on.set()
    settle(qtbot, executor)


def test_nothing_is_delivered_when_the_executor_is_shut_down(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner, latest: Latest[object]
) -> None:
    executor.shutdown()
    latest.submit(lambda: "unwanted")
    assert not latest.busy
    qtbot.wait(20)
    assert (owner.results, owner.errors) == ([], [])


def test_a_call_from_any_thread_arrives_on_the_gui_thread(
    qtbot: QtBot, executor: ThreadPoolExecutor, owner: Owner
) -> None:
    call = from_any_thread(owner, owner.hear)
    executor.submit(call).result(10)
    call()
    assert owner.results == []
    qtbot.waitUntil(lambda: owner.results == ["heard", "heard"])
    assert owner.threads == {threading.main_thread()}
    shiboken6.delete(owner)
    executor.submit(call).result(10)
    qtbot.wait(20)
    assert owner.results == ["heard", "heard"]


DYING_OWNERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from junjo_desktop.background import Latest, collection_held_back, from_any_thread
from junjo_desktop.shell.binding_guard import guard_singletons

class Owner(QObject):
    def take(self, result=None):
        global heard
        heard += 1

guard_singletons()
app = QCoreApplication([])
sys.setswitchinterval(1e-6)
heard = 0
with ThreadPoolExecutor(4) as executor:
    for _ in range(1_000):
        owners = [Owner() for _ in range(50)]
        for owner in owners:
            Latest(executor, owner.take, owner.take, owner).submit(int)
            executor.submit(from_any_thread(owner, owner.take))
        for owner in owners[::2]:
            shiboken6.delete(owner)
        del owners[1::4], owner
        app.processEvents()
print(heard > 0)
"""


def test_owners_may_be_destroyed_at_the_moment_their_jobs_end() -> None:
    # In a process of its own: what this guards against is a crash.
    assert run_child(DYING_OWNERS) == "True\n"


def test_garbage_is_collected_again_when_the_last_one_lets_go() -> None:
    assert gc.isenabled()
    with collection_held_back():
        with collection_held_back():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_collected_again_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), collection_held_back():
        _ = 1 / 0
    assert gc.isenabled()
