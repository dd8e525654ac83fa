"""Stars in the window: on screen at once, on disk soon, and never other than on disk for long."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.errors import UserError
from junjo_desktop.shell.workbench import Workbench

IDS = [f"{number:032x}" for number in range(1, 30)]


@pytest.fixture
def errors() -> list[Exception]:
    """What was reported to the user."""
    return []


@pytest.fixture
def workbench(engine: Engine, qtbot: QtBot, errors: list[Exception]) -> Iterator[Workbench]:  # noqa: ARG001 - makes the application
    """A workbench over the engine."""
    executor = ThreadPoolExecutor(2)
    workbench = Workbench(engine, executor, executor)
    workbench.connect_shell(lambda _place: False, errors.append)
    yield workbench
    executor.shutdown(wait=True, cancel_futures=True)
    shiboken6.delete(workbench)


def test_a_star_is_on_screen_at_once_and_kept(workbench: Workbench, engine: Engine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(workbench.stars.changed):
        workbench.stars.toggle(IDS[:1])
        assert IDS[0] in workbench.stars
    qtbot.waitUntil(lambda: engine.starred() == {IDS[0]})


def test_the_last_of_many_quick_changes_is_what_is_kept(workbench: Workbench, engine: Engine, qtbot: QtBot) -> None:
    for _ in range(5):
        for trace_id in IDS:
            workbench.stars.toggle([trace_id])
    qtbot.waitUntil(lambda: engine.starred() == set(IDS))
    assert workbench.stars.ids == set(IDS)


def test_stars_from_elsewhere_are_seen_when_asked(workbench: Workbench, engine: Engine, qtbot: QtBot) -> None:
    engine.set_starred(IDS[0], True)
    workbench.stars.reload()
    qtbot.waitUntil(lambda: IDS[0] in workbench.stars)


def test_a_star_that_cannot_be_kept_is_taken_off_the_screen_and_told(
    workbench: Workbench, engine: Engine, qtbot: QtBot, errors: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_trace_id: str, _is_starred: bool) -> None:
        raise UserError("The disk is full.", "Free some space.")

    monkeypatch.setattr(engine, "set_starred", refuse)
    workbench.stars.toggle(IDS[:1])
    qtbot.waitUntil(lambda: [str(error) for error in errors] == ["The disk is full. Free some space."])
    qtbot.waitUntil(lambda: IDS[0] not in workbench.stars)


def test_toggling_nothing_changes_nothing(workbench: Workbench, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(workbench.stars.changed):
        workbench.stars.toggle([])
