"""Many programs may be connected at once, also where the system's limit of open files is low at first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from junjo_desktop.paths import DataDir
from junjo_desktop.receiver.open_files import MOST_CONNECTIONS, WANTED_FILES, affordable_connections, allow_more_files
from tests.support.engines import make_engine

resource = pytest.importorskip("resource", reason="this system has no limit of open files")

LOW = 640


@pytest.fixture
def hard_limit() -> Iterator[int]:
    """The limit that nobody may exceed; the soft one is low until the test ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (LOW, hard))
    yield WANTED_FILES if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def soft_limit() -> int:
    return int(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def test_a_running_engine_may_open_more_files_and_gives_that_up_again(hard_limit: int, data_dir: DataDir) -> None:
    engine = make_engine(data_dir)
    engine.start()
    assert soft_limit() == min(WANTED_FILES, hard_limit)
    engine.stop()
    assert soft_limit() == LOW


@pytest.mark.usefixtures("hard_limit")
def test_connections_are_as_many_as_the_files_afford() -> None:
    assert affordable_connections() == (LOW - 256) // 3
    put_back = allow_more_files()
    assert affordable_connections() > (LOW - 256) // 3
    put_back()


def test_a_limit_that_is_high_enough_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("the limit was changed"))
    allow_more_files()()
    assert affordable_connections() == MOST_CONNECTIONS
