"""Trouble with receiving and storing is said for as long as it lasts, and not longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.shell.notices import Notices
from junjo_desktop.shell.standing_news import IntakeNews
from junjo_desktop.telemetry.intake import IntakeReport, Refusal, RefusalReason
from tests.support.qt import press

FULL = "The disk of /data has only 37 MB left, so nothing more is stored for now."
WELL = IntakeReport(
    listeners=(), keys_required=True, requests=0, spans=0, log_records=0, metrics=0, waiting=0, stored_spans=0,
    store_bytes=0, services=(), refusals=(),
)  # fmt: skip


@pytest.fixture
def notices(qtbot: QtBot) -> Iterator[Notices]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 300)
    shown = Notices(parent)
    shown.resize(800, 240)
    parent.show()
    yield shown
    parent.hide()


@pytest.fixture
def news(notices: Notices) -> IntakeNews:
    return IntakeNews(notices)


def said(notices: Notices) -> tuple[str, ...]:
    return notices.texts


def overloaded(count: int) -> IntakeReport:
    refusal = Refusal(RefusalReason.OVERLOADED, count, 1, "512 MiB are received and not yet indexed.", "Later.")
    return replace(WELL, refusals=(refusal,))


def test_a_full_disk_is_said_while_it_lasts(news: IntakeNews, notices: Notices) -> None:
    full = replace(WELL, last_error=FULL)
    for report in (WELL, full, full):
        news.show_report(report)
    assert said(notices) == (FULL,)
    news.show_report(replace(full, last_error=FULL.replace("37", "36")))
    assert said(notices) == (FULL.replace("37", "36"),)
    news.show_report(WELL)
    assert said(notices) == ("Storing goes on: nothing that was acknowledged is lost.",)


def test_trouble_that_is_over_at_once_makes_no_noise(news: IntakeNews, notices: Notices) -> None:
    for report in (replace(WELL, last_error=FULL), WELL, replace(WELL, last_error=FULL), WELL):
        news.show_report(report)
        assert said(notices) == ()


def test_a_notice_the_user_closed_stays_closed_while_the_same_trouble_lasts(news: IntakeNews, notices: Notices) -> None:
    full = replace(WELL, last_error=FULL)
    for report in (full, full):
        news.show_report(report)
    press(notices, "Close this notice")
    news.show_report(full)
    assert said(notices) == ()
    for report in (WELL, full, full):
        news.show_report(report)
    assert FULL in said(notices)


def test_refusals_for_overload_are_said_while_they_come(news: IntakeNews, notices: Notices, qtbot: QtBot) -> None:
    news._overload_ends.setInterval(50)
    news.show_report(overloaded(3))
    assert said(notices) == ()  # they were before this window
    news.show_report(overloaded(4))
    assert "RESOURCE_EXHAUSTED" in said(notices)[0]
    assert "512 MiB are received and not yet indexed." in said(notices)[0]
    news.show_report(overloaded(5))
    assert len(said(notices)) == 1
    qtbot.waitUntil(lambda: said(notices) == ())


def test_what_was_set_aside_is_said_once(news: IntakeNews, notices: Notices) -> None:
    damaged = replace(WELL, notices=("telemetry.duckdb was damaged and is kept as telemetry.damaged-1.duckdb.",))
    for _ in range(3):
        news.show_report(damaged)
    assert said(notices) == damaged.notices
    press(notices, "Close this notice")
    news.show_report(damaged)
    assert said(notices) == ()


def test_standing_notices_are_not_pushed_out_by_errors(news: IntakeNews, notices: Notices) -> None:
    full = replace(WELL, last_error=FULL)
    for report in (full, full):
        news.show_report(report)
    for number in range(5):
        notices.show_error(ZeroDivisionError(str(number)))
    assert FULL in said(notices)
    assert len(said(notices)) == 4
