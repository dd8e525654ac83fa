"""A page that people mostly open from the one in front is built while that one is looked at."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from junjo_desktop.shell.destinations import OpenPage
from tests.shell.conftest import OpenIt
from tests.shell.pages import Built, OpenNote


def test_the_next_page_is_built_while_a_list_is_looked_at_and_asked_nothing(open_window: OpenIt, qtbot: QtBot) -> None:
    built = Built()
    listing = replace(built.feature("list", 1), leads_to=(OpenNote,))
    one = built.feature("one", 2, "hidden", (OpenNote,))
    other = built.feature("other", 3)
    workbench = open_window([listing, one, other]).workbench
    assert workbench.open(OpenPage("list"))
    assert "one" not in built.pages
    qtbot.waitUntil(lambda: "one" in built.pages)
    page = built.pages["one"]
    assert (page.asked, page.isVisible(), "other" in built.pages) == ([], False, False)
    assert workbench.open(OpenNote("now"))
    assert built.pages["one"] is page, "it is built once"
    assert page.asked == [OpenNote("now"), "activated"]


def test_a_page_without_its_feature_leads_nowhere(open_window: OpenIt, qtbot: QtBot) -> None:
    built = Built()
    window = open_window([replace(built.feature("list", 1), leads_to=(OpenNote,))])
    window.workbench.open(OpenPage("list"))
    qtbot.waitUntil(lambda: not window.window.pages.is_looked_at)
    assert set(built.pages) == {"list"}
