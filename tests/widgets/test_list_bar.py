"""The line above a list: words of buttons give way, one after the other, and names of services are cut openly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_bar import ListBar, toggle
from junjo_desktop.widgets.list_filter import ListFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filter(ListFilter):
    pass


@pytest.fixture
def bar(qtbot: QtBot) -> ListBar[_Filter]:
    bar = ListBar(_Filter(), QMenu(), noun="row", placeholder="Search")
    qtbot.addWidget(bar)
    more = [toggle(words, words, bar) for words in ("Failed ones", "Subordinate ones", "Other filters")]
    for button in more:
        button.setIcon(icon("filter"))
    bar.lay_out("A title of some length", (), more, compact=more)
    facets = QPushButton(icon("histogram"), "", bar)
    bar.put_beside_search(facets, "Facets")
    bar.show()
    return bar


def test_nothing_overlaps_and_words_give_way_one_after_the_other(bar: ListBar[_Filter], qtbot: QtBot) -> None:
    numbers = []
    for width in (1700, 1250, 1150, 1050, 900):
        bar.resize(width, bar.height())
        qtbot.waitUntil(lambda: not _overlaps(bar))
        numbers.append(sum(bool(button.text()) for button in _buttons(bar)))
    assert numbers[0] == len(_buttons(bar))
    assert numbers[-1] == 0
    assert numbers == sorted(numbers, reverse=True)
    assert 0 < numbers[2] < numbers[0], "not all at once"
    bar.resize(1700, bar.height())
    assert all(button.text() for button in _buttons(bar)), "and they come back"


def test_longer_words_take_those_of_others(bar: ListBar[_Filter], qtbot: QtBot) -> None:
    bar.resize(1700, bar.height())
    bar.say(bar.live, "Words that need much more room than " * 12)
    qtbot.waitUntil(lambda: not _overlaps(bar))


def test_a_chosen_service_is_named_without_its_count(bar: ListBar[_Filter]) -> None:
    bar.show_services({"checkout": 12_345, "a-service-with-a-name-that-has-no-room-at-all": 1})
    bar.show_filter(_Filter(service="checkout"))
    assert "12,345" in bar.service.currentText()
    assert bar.service.closed_text(1000) == "checkout"
    bar.show_filter(_Filter(service="a-service-with-a-name-that-has-no-room-at-all"))
    assert bar.service.closed_text(120).endswith("…")


def _buttons(bar: ListBar[_Filter]) -> list[QPushButton]:
    return [button for button in bar.findChildren(QPushButton) if button.isVisible() and button.accessibleName()]


def _overlaps(bar: ListBar[_Filter]) -> bool:
    line = bar.layout()
    assert line is not None
    boxes = [line.itemAt(place).geometry() for place in range(line.count())]  # type: ignore[union-attr]  # each is there
    return any(left.right() >= right.left() for left, right in pairwise(box for box in boxes if box.width()))
