"""A link that another process hands over, and one the window begins with."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.background import from_any_thread
from junjo_desktop.shell.destinations import OpenRun, OpenTrace
from junjo_desktop.shell.main_window import MainWindow
from tests.shell.conftest import OpenIt
from tests.shell.pages import Built

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def built() -> Built:
    return Built()


@pytest.fixture
def window(open_window: OpenIt, built: Built) -> MainWindow:
    return open_window([built.feature("first", 1), built.feature("run", 2, "hidden", (OpenRun,))]).window


def test_a_link_from_another_thread_raises_the_window_and_leads_there(
    qtbot: QtBot, window: MainWindow, built: Built
) -> None:
    window.showMinimized()
    asking = threading.Thread(target=from_any_thread(window, window.open_link), args=("junjo://run/r1?store=s&step=2",))
    asking.start()
    asking.join()
    qtbot.waitUntil(lambda: "run" in built.pages)
    assert not window.isMinimized()
    assert built.pages["run"].asked[0] == OpenRun(None, None, "r1", ("s", 1))
    window.pages.back()
    assert window.pages.current is built.pages["first"]


def test_a_link_followed_again_leads_there_again(window: MainWindow, built: Built) -> None:
    for _ in range(2):
        window.open_link("junjo://run/r1")
    assert built.pages["run"].asked.count(OpenRun(None, None, "r1")) == 2
    window.pages.back()
    assert window.pages.current is built.pages["first"]


def test_a_wrong_link_is_a_notice_and_the_page_stays(window: MainWindow, built: Built) -> None:
    window.open_link("junjo://run/%00")
    assert "control characters" in window.notices.texts[0]
    assert window.pages.current is built.pages["first"]


def test_a_link_to_what_no_page_shows_is_a_notice(window: MainWindow) -> None:
    assert not window.pages.can_open(OpenTrace("0" * 32))
    window.open_link(f"junjo://trace/{'0' * 32}")
    assert "no page for that link" in window.notices.texts[0]


CLICKED = """
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from junjo_desktop.shell.application import Application

app, links = Application([]), []
app.link_clicked.connect(links.append)
for url in ("junjo://run/a%2Fb?store=s%20t&step=1", "file:///etc/passwd"):
    app.sendEvent(app, QFileOpenEvent(QUrl(url)))
print(links)
"""


def test_a_link_clicked_on_macos_is_taken_and_a_file_is_not() -> None:
    # A process of its own: there is one application object in each.
    outcome = subprocess.run([sys.executable, "-c", CLICKED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert outcome.stdout == "['junjo://run/a%2Fb?store=s%20t&step=1']\n"
