"""Nothing that goes wrong is lost, and no report tells a secret."""

from __future__ import annotations

import faulthandler
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning
from pytestqt.qtbot import QtBot

from junjo_desktop.shell.crash import CrashHooks
from junjo_desktop.shell.crash_report import bug_report, masked

SECRETS = [
    "jd_0123456789abcdefghij",
    "authorization: Bearer abc.def-ghi",
    "x-junjo-api-key: 0123456789",
    "x-api-key=0123456789",
    "sk-proj-0123456789abcdef",
]


@pytest.fixture
def hooks(qtbot: QtBot, tmp_path: Path) -> Iterator[CrashHooks]:  # noqa: ARG001 - signals need the application
    hooks = CrashHooks(tmp_path / "crash.txt")
    hooks.install()
    yield hooks
    hooks.remove()
    # The test runner's own watch was replaced.
    faulthandler.enable()


def fail() -> None:
    raise RuntimeError("broken slot")


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_a_slot_is_logged_and_told(
    qtbot: QtBot, hooks: CrashHooks, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(hooks.bug_seen) as seen:
        QTimer.singleShot(0, fail)
    assert str(seen.args[0]) == "broken slot"
    assert "An exception nobody caught" in caplog.text


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_a_thread_is_told_on_the_gui_thread(qtbot: QtBot, hooks: CrashHooks) -> None:
    told_on: list[threading.Thread] = []

    class Listener(QTimer):
        def note(self, _error: object) -> None:
            told_on.append(threading.current_thread())

    listener = Listener()
    hooks.bug_seen.connect(listener.note)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: told_on == [threading.main_thread()])


def test_hooks_are_given_back(tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook
    hooks = CrashHooks(tmp_path / "crash.txt")
    hooks.install()
    assert (sys.excepthook, threading.excepthook) != before
    hooks.remove()
    faulthandler.enable()
    assert (sys.excepthook, threading.excepthook) == before
    assert not (tmp_path / "crash.txt").exists(), "an orderly end leaves no crash behind"


@pytest.mark.no_qt_log
def test_qts_own_warnings_go_to_the_log(hooks: CrashHooks, caplog: pytest.LogCaptureFixture) -> None:
    assert hooks.last_fatal_trace == ""
    with caplog.at_level(logging.WARNING, "qt"):
        qWarning("something about fonts")
    assert "something about fonts" in caplog.text


def test_a_fatal_crash_is_offered_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "crash.txt"
    program = (
        "import faulthandler, sys, pathlib\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from junjo_desktop.shell.crash import CrashHooks\n"
        "app = QCoreApplication([])\n"
        "hooks = CrashHooks(pathlib.Path(sys.argv[1])); hooks.install()\n"
        "faulthandler._sigsegv()\n"
    )
    crashed = subprocess.run([sys.executable, "-c", program, str(path)], timeout=60, check=False, capture_output=True)
    assert crashed.returncode != 0

    hooks = CrashHooks(path)
    assert "Segmentation fault" in hooks.last_fatal_trace
    hooks.install()
    hooks.remove()
    faulthandler.enable()
    assert CrashHooks(path).last_fatal_trace == "", "it is offered once"


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    hooks = CrashHooks(tmp_path / "no such folder" / "crash.txt")
    hooks.install()
    hooks.remove()


@pytest.mark.parametrize("secret", SECRETS)
def test_reports_mask_what_looks_like_a_secret(secret: str) -> None:
    report = bug_report(ValueError(f"cannot send {secret} to the server"))
    hidden = secret.rsplit(" ", maxsplit=1)[-1].rsplit("=", maxsplit=1)[-1]
    assert hidden not in report.summary + report.details
    assert "to the server" in report.details


def test_a_report_has_the_trace_and_the_versions_but_no_values() -> None:
    password = "hunter2-" + "x" * 20
    try:
        int(f"not a number{password[:0]}")
    except ValueError as error:
        report = bug_report(error)
    assert "test_crash.py" in report.details
    assert "PySide6-Essentials 6." in report.details
    assert password not in report.details


def test_ordinary_text_is_not_masked() -> None:
    text = "Port 4317 is taken by task-force jd_x"
    assert masked(text) == text
