"""The button that says which time is listed, and its menu."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import PRESETS, TimeRange
from junjo_desktop.widgets.window_dialog import WindowDialog


def window_title(shown: ListFilter) -> str:
    """Return what choosing exact limits is called."""
    return "From, to, and duration…" if shown.HAS_DURATION else "From and to…"


class TimeRangeButton(QPushButton):
    """`chosen` carries the filter with another time range or other durations."""

    chosen = Signal(object)

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ListFilter()
        self.setIcon(icon("clock"))
        self.setToolTip(f"When {noun}s started, and how long they took")
        menu = QMenu(self)
        self._group = QActionGroup(menu)
        for title, time_range in PRESETS.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(title)
            self._group.addAction(action)
            action.triggered.connect(partial(self._choose, time_range))
        menu.addSeparator()
        self._window = menu.addAction("")
        self._window.triggered.connect(self.choose_window)
        self.setMenu(menu)
        self.show_filter(self._shown)

    def show_filter(self, shown: ListFilter) -> None:
        """Say which time range is chosen."""
        self._shown = shown
        title = next((title for title, preset in PRESETS.items() if preset == shown.time_range), "Chosen time")
        self.setText(title)
        self.setAccessibleName(f"Time: {title}")
        self._window.setText(window_title(shown))
        for action in self._group.actions():
            action.setChecked(action.data() == title)

    def choose_window(self) -> None:
        """Ask for exact limits."""
        dialog = WindowDialog(self._shown, self)
        dialog.accepted_filter.connect(self.chosen)
        dialog.open()

    def _choose(self, time_range: TimeRange) -> None:
        self.chosen.emit(replace(self._shown, time_range=time_range))
