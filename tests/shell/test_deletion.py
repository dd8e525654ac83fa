"""Deleting from the window, on a running engine: the dialog that asks before, the work behind the pages, its notice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.shell.deletion_dialog import DeletionDialog, ask_deletion, ask_old_deletion
from junjo_desktop.shell.deletion_words import (
    DeletionRequest,
    everything,
    many_traces,
    one_trace,
    result_words,
    whole_service,
)
from junjo_desktop.shell.housekeeping import Outcome
from junjo_desktop.shell.notices import Notices
from junjo_desktop.shell.standing_news import HousekeepingNews
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.store.selection import Toll
from tests.support.engines import default_key, otlp_port
from tests.support.hands import in_tab_order, rich_labels, texts
from tests.support.otlp import logs_request, span, span_id, trace_id, trace_request
from tests.support.qt import press, unnamed_controls
from tests.support.sending import Request, export

DAY_NS = 86_400 * 10**9
HOSTILE = "<b>bold</b>\n\x00\u202e🎉" + "x" * 10_000


class Desk:
    """A window that holds notices, and a workbench over the engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.executor = ThreadPoolExecutor(2)
        self.workbench = Workbench(engine, self.executor, self.executor)
        self.window = QWidget()
        self.window.resize(900, 500)
        self.notices = Notices(self.window)
        QVBoxLayout(self.window).addWidget(self.notices)
        self.news = HousekeepingNews(self.workbench.housekeeping, self.notices)
        self.errors: list[Exception] = []
        self.workbench.connect_shell(lambda _place: False, self.errors.append)
        self.outcomes: list[Outcome] = []
        self.workbench.housekeeping.ended.connect(self.outcomes.append)

    def send(self, *requests: Request) -> None:
        """Have telemetry received and stored."""
        export(otlp_port(self.engine), *requests, key=default_key(self.engine))
        assert self.engine.indexer.drain(30)

    def ask(self, request: DeletionRequest) -> DeletionDialog:
        """Open the dialog."""
        return ask_deletion(self.workbench, request, self.window)

    def close(self) -> None:
        """Let go of everything."""
        self.workbench.cancel_reads()
        self.executor.shutdown(wait=True, cancel_futures=True)
        shiboken6.delete(self.window)
        shiboken6.delete(self.workbench)


@pytest.fixture
def desk(engine: Engine, qtbot: QtBot) -> Iterator[Desk]:
    """A shown desk."""
    desk = Desk(engine)
    desk.window.show()
    qtbot.waitExposed(desk.window)
    yield desk
    desk.close()


def counted(qtbot: QtBot, dialog: DeletionDialog) -> DeletionDialog:
    qtbot.waitUntil(lambda: "…" not in dialog.figures.values())
    return dialog


def test_the_dialog_says_what_goes_before_anything_goes(desk: Desk, qtbot: QtBot) -> None:
    desk.send(
        trace_request(span(trace=trace_id(1), id=span_id(1)), span(trace=trace_id(1), id=span_id(2))),
        logs_request("hello", trace=trace_id(1)),
    )
    dialog = counted(qtbot, desk.ask(one_trace(trace_id(1).hex(), "checkout")))
    assert dialog.figures == {"Traces": "1", "Spans": "2", "Log records": "1", "Metrics": "0"}
    assert "“\u2068checkout\u2069”" in texts(dialog)
    assert dialog.delete.text() == "Delete 1 trace"
    assert desk.engine.report().stored_spans == 2


def test_cancel_is_the_default_and_escape_cancels(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1))))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        dialog = counted(qtbot, desk.ask(everything()))
        assert dialog.cancel.isDefault()
        with qtbot.waitSignal(dialog.destroyed):
            QTest.keyClick(dialog, key)
    assert desk.outcomes == []


def test_delete_is_reached_by_the_keyboard(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1))))
    dialog = counted(qtbot, desk.ask(everything()))
    assert [*in_tab_order(dialog)][-2:] == [dialog.cancel, dialog.delete]
    dialog.delete.setFocus()
    QTest.keyClick(dialog.delete, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: [one.sentence for one in desk.outcomes] == ["Deleted 1 trace, 1 span."])


def test_starred_traces_are_kept_unless_the_user_says_otherwise(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1), id=span_id(1)), span(trace=trace_id(2), id=span_id(2))))
    desk.engine.set_starred(trace_id(1).hex(), True)
    dialog = counted(qtbot, desk.ask(everything()))
    assert "1 starred trace is kept." in texts(dialog)
    assert dialog.figures["Traces"] == "1"
    dialog.starred_too.click()
    assert not dialog.delete.isEnabled()
    qtbot.waitUntil(lambda: dialog.figures["Traces"] == "2")
    dialog.starred_too.click()
    qtbot.waitUntil(lambda: dialog.figures["Traces"] == "1")
    qtbot.waitUntil(dialog.delete.isEnabled)
    dialog.delete.click()
    qtbot.waitUntil(lambda: desk.outcomes != [])
    assert desk.engine.report().stored_spans == 1


def test_starred_traces_that_were_chosen_by_hand_go_and_it_is_said(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1), id=span_id(1)), span(trace=trace_id(2), id=span_id(2))))
    desk.engine.set_starred(trace_id(1).hex(), True)
    ids = [trace_id(1).hex(), trace_id(2).hex()]
    dialog = counted(qtbot, desk.ask(many_traces(2, ids)))
    assert "1 of them is starred and deleted all the same." in texts(dialog)
    assert not dialog.starred_too.isVisible()
    assert dialog.figures["Traces"] == "2"


def test_there_is_nothing_to_press_when_nothing_is_stored(desk: Desk, qtbot: QtBot) -> None:
    dialog = counted(qtbot, desk.ask(whole_service("nobody")))
    assert not dialog.delete.isEnabled()
    dialog.accept()
    assert desk.outcomes == []


def test_the_figures_follow_the_age(desk: Desk, qtbot: QtBot) -> None:
    now = time.time_ns()
    spans = (span(trace=trace_id(age), id=span_id(age), start_ns=now - age * DAY_NS) for age in (1, 10, 20))
    desk.send(trace_request(*spans))
    dialog = counted(qtbot, ask_old_deletion(desk.workbench, desk.window))
    assert dialog.age is not None
    assert (dialog.age.value(), dialog.figures["Traces"]) == (7, "2")
    dialog.age.setValue(15)
    qtbot.waitUntil(lambda: dialog.figures["Traces"] == "1")
    qtbot.waitUntil(dialog.delete.isEnabled)
    dialog.delete.click()
    qtbot.waitUntil(lambda: [one.sentence for one in desk.outcomes] == ["Deleted 1 trace, 1 span."])


def test_what_came_of_it_is_said_in_a_notice(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1))), logs_request("hello"))
    dialog = counted(qtbot, desk.ask(everything()))
    dialog.delete.click()
    qtbot.waitUntil(lambda: desk.notices.texts == ("Deleted 1 trace, 1 span, 1 log record.",))
    press(desk.notices, "Close this notice")
    assert desk.notices.texts == ()


def test_a_deletion_can_be_stopped_and_the_rest_stays(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(*(span(trace=trace_id(number), id=span_id(number)) for number in range(1, 5_001))))
    dialog = counted(qtbot, desk.ask(everything()))
    with desk.engine.store.write():
        # Nothing can be deleted while this is held, so the deletion is under way for as long as it takes.
        dialog.delete.click()
        qtbot.waitUntil(lambda: any(text.startswith("Deleting") for text in desk.notices.texts))
        press(desk.notices, "Stop")
        qtbot.waitUntil(lambda: desk.notices.texts == ("Stopping …",))
    qtbot.waitUntil(lambda: desk.outcomes != [])
    gone = 5_000 - desk.engine.report().stored_spans
    told = {
        0: "Stopped before anything was deleted.",
        5_000: "Deleted 5,000 traces, 5,000 spans.",  # the stop came too late
    }
    some = f"Stopped; the rest stays. Deleted {gone:,} traces, {gone:,} spans."
    assert desk.outcomes[0].sentence == told.get(gone, some)


def test_what_was_deleted_before_the_stop_is_told() -> None:
    told = result_words(Toll(traces=12, spans=340, metrics=1), was_cancelled=True)
    assert told == "Stopped; the rest stays. Deleted 12 traces, 340 spans, 1 metric."


def test_only_one_deletion_runs_at_a_time(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1), id=span_id(1)), span(trace=trace_id(2), id=span_id(2))))
    first = counted(qtbot, desk.ask(one_trace(trace_id(1).hex(), "first")))
    second = counted(qtbot, desk.ask(one_trace(trace_id(2).hex(), "second")))
    with desk.engine.store.write():
        first.delete.click()
        second.delete.click()
        assert "Something else is being deleted" in texts(second)
        assert second.isVisible()
    qtbot.waitUntil(lambda: len(desk.outcomes) == 1)
    assert desk.engine.report().stored_spans == 1
    second.delete.click()
    qtbot.waitUntil(lambda: len(desk.outcomes) == 2)


def test_a_deletion_that_fails_is_reported_and_leaves_no_progress_behind(desk: Desk, qtbot: QtBot) -> None:
    desk.send(trace_request(span(trace=trace_id(1))))
    dialog = counted(qtbot, desk.ask(everything()))
    desk.engine.store.close()
    dialog.delete.click()
    qtbot.waitUntil(lambda: len(desk.outcomes) == 1)
    assert not any("Deleting" in text for text in desk.notices.texts)


def test_hostile_names_are_shown_as_text(desk: Desk, qtbot: QtBot) -> None:
    for request in (one_trace("0" * 32, HOSTILE), whole_service(HOSTILE)):
        dialog = counted(qtbot, desk.ask(request))
        assert "<b>bold</b>⏎␀🎉" in texts(dialog)
        assert rich_labels(dialog) == []
        assert unnamed_controls(dialog) == []
        assert dialog.height() < 400
        dialog.reject()
