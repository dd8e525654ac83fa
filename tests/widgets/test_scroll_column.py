"""A column that scrolls only when it must."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSizePolicy
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.scroll_column import ScrollColumn


def wrapped() -> QLabel:
    label = QLabel("A sentence that is long enough to be wrapped several times when there is little room. " * 3)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def test_wrapped_text_that_fits_needs_no_scroll_bar(qtbot: QtBot) -> None:
    column = ScrollColumn("Settings")
    qtbot.addWidget(column)
    for _ in range(5):
        column.add(wrapped())
    column.resize(900, 500)
    column.show()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() == 0)


def test_what_does_not_fit_can_be_scrolled_to(qtbot: QtBot) -> None:
    column = ScrollColumn("Settings", width_px=400)
    qtbot.addWidget(column)
    for _ in range(20):
        column.add(wrapped())
    column.resize(900, 300)
    column.show()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() > 0)
    assert column.horizontalScrollBar().maximum() == 0
    assert max(label.width() for label in column.findChildren(QLabel)) <= 400
