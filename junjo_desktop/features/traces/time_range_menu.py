"""The button that says which time is listed, and its menu."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.features.traces.filters import MINUTE_NS, TimeRange, TraceFilter
from junjo_desktop.features.traces.window_dialog import WindowDialog
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.figures import duration_text, moment_text

PRESETS: dict[str, TimeRange] = {
    "Last 15 minutes": TimeRange(last_ns=15 * MINUTE_NS),
    "Last hour": TimeRange(last_ns=60 * MINUTE_NS),
    "Last 24 hours": TimeRange(last_ns=24 * 60 * MINUTE_NS),
    "Last 7 days": TimeRange(last_ns=7 * 24 * 60 * MINUTE_NS),
    "All time": TimeRange(),
}


class TimeRangeButton(QPushButton):
    """`chosen` carries a `TraceFilter` whose time range and durations were chosen."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = TraceFilter()
        self.setIcon(icon("clock"))
        self.setToolTip("When traces started, and how long they took")
        menu = QMenu(self)
        self._group = QActionGroup(menu)
        for title, time_range in PRESETS.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(title)
            self._group.addAction(action)
            action.triggered.connect(partial(self._choose, time_range))
        menu.addSeparator()
        menu.addAction("From, to, and duration…").triggered.connect(self.choose_window)
        self.setMenu(menu)
        self.show_filter(self._shown)

    def show_filter(self, shown: TraceFilter) -> None:
        """Say which time range is chosen."""
        self._shown = shown
        title = next((title for title, preset in PRESETS.items() if preset == shown.time_range), "Chosen time")
        self.setText(title)
        self.setAccessibleName(f"Time: {title}")
        for action in self._group.actions():
            action.setChecked(action.data() == title)

    def choose_window(self) -> None:
        """Ask for exact limits."""
        dialog = WindowDialog(self._shown, self)
        dialog.accepted_filter.connect(self.chosen)
        dialog.open()

    def _choose(self, time_range: TimeRange) -> None:
        self.chosen.emit(replace(self._shown, time_range=time_range))


def range_words(time_range: TimeRange) -> str:
    """Return a time range in words: `last 24 hours`, `14:02:11 – 14:05:00`."""
    for title, preset in PRESETS.items():
        if preset == time_range:
            return title.lower()
    since, until = time_range.since_ns, time_range.until_ns
    if time_range.last_ns is not None:
        return f"last {duration_text(time_range.last_ns)}"
    if since is None or until is None:
        return f"since {_clock(since)}" if since is not None else f"until {_clock(until or 0)}"
    return f"{_clock(since)} – {_clock(until)}"


def _clock(moment_ns: int) -> str:
    return moment_text(moment_ns).partition(".")[0]
