"""A page that follows one trace of a real store: what it reads, when, and what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.errors import NotFoundError
from junjo_desktop.shell.follower import Follower
from junjo_desktop.shell.workbench import Workbench
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry, workbench_over

TRACE, OTHER = trace_id(1), trace_id(2)


@dataclass
class Names:
    """The names of a trace's spans."""

    names: list[str]
    rests_until_s: float = 0.0
    may_change_by_itself: bool = False


@dataclass
class ReadNames:
    """A read that can be held up by its `gate`."""

    trace: bytes
    gate: threading.Event = field(default_factory=threading.Event)
    has_looked: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self, cursor: DuckDBPyConnection) -> Names:
        rows = cursor.execute("SELECT name FROM spans WHERE trace_id = ? ORDER BY name", [self.trace.hex()]).fetchall()
        self.has_looked.set()
        assert self.gate.wait(10)
        if not rows:
            raise NotFoundError("Nothing of it is stored.", "Wait.")
        return Names([name for (name,) in rows])


class FollowingPage(QWidget):
    """Notes what it is told."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.told: list[str] = []
        self.read = ReadNames(TRACE)
        self.follower = Follower(self, workbench, self)

    def opened(self, found: Names) -> None:
        """Note it."""
        self.told.append("opened " + " ".join(found.names))

    def grown(self, found: Names, before: Names) -> None:
        """Note it."""
        self.told.append(f"grown from {len(before.names)}: " + " ".join(found.names))

    def not_found(self, _error: NotFoundError, *, was_shown: bool) -> None:
        """Note it."""
        self.told.append("deleted" if was_shown else "not there")

    def growth_of(self, shown: Names, *, is_forced: bool) -> Callable[[DuckDBPyConnection], Names | None]:
        """Read it again; None when it is the same."""

        def read(cursor: DuckDBPyConnection) -> Names | None:
            found = self.read(cursor)
            return found if is_forced or found.names != shown.names else None

        return read

    def showEvent(self, _event: object) -> None:
        """Catch up."""
        self.follower.catch_up()


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[StoredTelemetry]:
    """An empty store."""
    telemetry = StoredTelemetry(tmp_path / "data")
    yield telemetry
    telemetry.close()


@pytest.fixture
def page(telemetry: StoredTelemetry, qtbot: QtBot) -> Iterator[FollowingPage]:
    """A page that is looked at."""
    pages: list[QWidget] = []
    with workbench_over(telemetry, pages) as workbench:
        page = FollowingPage(workbench)
        pages.append(page)
        page.show()
        qtbot.waitExposed(page)
        yield page


def add(telemetry: StoredTelemetry, name: str, trace: bytes = TRACE) -> None:
    telemetry.add(trace_request(span(name, trace=trace, id=span_id())))


def test_it_is_waited_for_read_again_as_it_grows_and_missed_when_it_is_deleted(
    telemetry: StoredTelemetry, page: FollowingPage, qtbot: QtBot
) -> None:
    page.follower.open(page.read)
    qtbot.waitUntil(lambda: page.told == ["not there"])
    add(telemetry, "a")
    qtbot.waitUntil(lambda: page.told[1:] == ["opened a"])
    add(telemetry, "b")
    qtbot.waitUntil(lambda: page.told[2:] == ["grown from 1: a b"])
    add(telemetry, "elsewhere", OTHER)
    qtbot.waitUntil(lambda: not page.follower.is_reading)
    assert len(page.told) == 3


def test_what_arrives_while_it_is_looked_for_is_not_missed(
    telemetry: StoredTelemetry, page: FollowingPage, qtbot: QtBot
) -> None:
    page.read.gate.clear()
    page.follower.open(page.read)
    assert page.read.has_looked.wait(10)
    add(telemetry, "a")
    page.read.gate.set()
    qtbot.waitUntil(lambda: page.told[-1:] == ["opened a"])


def test_a_hidden_page_reads_nothing_and_catches_up_when_it_is_shown(
    telemetry: StoredTelemetry, page: FollowingPage, qtbot: QtBot
) -> None:
    add(telemetry, "a")
    page.follower.open(page.read)
    qtbot.waitUntil(lambda: page.told == ["opened a"])
    page.hide()
    add(telemetry, "b")
    qtbot.wait(50)
    assert not page.follower.is_reading
    page.show()
    qtbot.waitUntil(lambda: page.told[1:] == ["grown from 1: a b"])


def test_the_newest_that_is_opened_wins(telemetry: StoredTelemetry, page: FollowingPage, qtbot: QtBot) -> None:
    add(telemetry, "a")
    add(telemetry, "other", OTHER)
    page.follower.open(page.read)
    page.follower.open(ReadNames(OTHER))
    qtbot.waitUntil(lambda: page.told == ["opened other"])
    page.follower.forget()
    add(telemetry, "more", OTHER)
    qtbot.wait(50)
    assert page.follower.shown is None
    assert page.told == ["opened other"]
