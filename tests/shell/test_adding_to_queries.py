"""A condition that was made by a click goes to the list in front, or to that of the traces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from junjo_desktop.shell.destinations import AddToQuery, OpenPage, OpenView
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.launch import OpenWindow
from tests.shell.conftest import OpenIt
from tests.shell.pages import Built, OpenNote


@pytest.fixture
def built() -> Built:
    """Its pages can be looked at once they are shown."""
    return Built()


@pytest.fixture
def window(open_window: OpenIt, built: Built) -> OpenWindow:
    """A window with a page that is no list, and lists of traces, spans and logs."""
    lists: list[Feature] = [
        replace(built.feature(name, order), lists=name) for order, name in enumerate(("traces", "spans", "logs"), 2)
    ]
    return open_window([built.feature("plain", 1, destinations=(OpenNote,)), *lists])


@pytest.mark.parametrize(
    ("in_front", "hint", "wanted"),
    [
        ("plain", None, "traces"),
        ("plain", "logs", "logs"),
        ("spans", None, "spans"),
        ("spans", "spans", "spans"),
        ("spans", "traces", "traces"),
    ],
)
def test_it_goes_to_the_list_that_is_meant(
    window: OpenWindow, built: Built, in_front: str, hint: str | None, wanted: str
) -> None:
    window.workbench.open(OpenPage(in_front))
    assert window.workbench.open(AddToQuery(hint, "service = shop"))
    assert built.pages[wanted].terms == ["service = shop"]
    assert window.window.pages.current is built.pages[wanted]


def test_coming_back_adds_nothing_and_the_same_again_does(window: OpenWindow, built: Built) -> None:
    term = AddToQuery("traces", "a")
    window.workbench.open(OpenPage("plain"))
    window.workbench.open(term)
    window.window.pages.back()
    window.window.pages.forward()
    assert built.pages["traces"].terms == ["a"]
    window.workbench.open(term)
    assert built.pages["traces"].terms == ["a", "a"]


def test_a_saved_view_opens_in_the_list_it_is_a_view_of(window: OpenWindow, built: Built) -> None:
    assert window.workbench.open(OpenView("logs", "Errors"))
    assert built.pages["logs"].views == ["Errors"]
    assert not window.workbench.can_open(OpenView("plain", "Errors"))
    assert not window.workbench.can_open(AddToQuery("runs", "a"))
