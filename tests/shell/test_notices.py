"""What went wrong is said once, where it happened, with what to do next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from junjo_desktop.errors import UserError
from junjo_desktop.shell.notices import Notices
from junjo_desktop.shell.report_dialog import ReportDialog
from junjo_desktop.theme.apply import apply_theme
from tests.support.qt import press


@pytest.fixture
def notices(qapp: QApplication, qtbot: QtBot) -> Iterator[Notices]:
    apply_theme(qapp, "light")
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 300)
    shown = Notices(parent)
    shown.resize(800, 200)
    parent.show()
    yield shown
    parent.hide()


def test_a_user_error_is_its_sentence_and_hint(notices: Notices) -> None:
    notices.show_error(UserError("Port 4317 is taken.", "Choose another in Preferences."))
    assert notices.texts == ("Port 4317 is taken. Choose another in Preferences.",)


def test_a_bug_offers_its_report(notices: Notices) -> None:
    notices.show_error(ZeroDivisionError("division by zero"))
    assert notices.texts == ("Something went wrong. ZeroDivisionError: division by zero",)
    press(notices, "Copy report")
    assert "ZeroDivisionError" in QApplication.clipboard().text()


def test_the_report_can_be_read_before_it_is_copied(qtbot: QtBot, notices: Notices) -> None:
    notices.show_error(ZeroDivisionError("division by zero"))
    press(notices, "Details")
    dialog = notices.window().findChild(ReportDialog)
    assert isinstance(dialog, ReportDialog)
    QApplication.clipboard().clear()
    press(dialog, "Copy report")
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()


def test_repeats_are_counted(notices: Notices) -> None:
    for _ in range(3):
        notices.show_error(UserError("The disk is full.", "Free some space."))
    assert notices.texts == ("The disk is full. Free some space. (3 times)",)


def test_only_the_newest_few_are_kept(notices: Notices) -> None:
    for number in range(5):
        notices.show_error(UserError(f"Trouble {number}."))
    assert notices.texts == ("Trouble 2.", "Trouble 3.", "Trouble 4.")


def test_a_closed_notice_is_gone_and_starts_counting_anew(notices: Notices) -> None:
    error = UserError("The disk is full.")
    notices.show_error(error)
    notices.show_error(error)
    press(notices, "Close this notice")
    assert not notices.isVisible()
    notices.show_error(error)
    assert list(notices.texts) == ["The disk is full."]


def test_the_last_crash_is_offered(notices: Notices) -> None:
    notices.show_last_crash("Fatal Python error: Segmentation fault")
    assert notices.texts == ("The app ended unexpectedly last time.",)
    press(notices, "Copy report")
    assert QApplication.clipboard().text() == "Fatal Python error: Segmentation fault"
