"""How soon the Traces page shows the first matches after Enter, in the window of the app. Used by `search`."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from junjo_desktop.features import discover_features
from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.launch import OpenWindow, build_window
from tests.bench.figures import Figure
from tests.bench.run_page import until
from tests.bench.stores import open_engine
from tests.bench.watching import PaintWatcher

PAINT_GOAL_MS = 100.0
_SIZE = (1440, 900)
_ROUNDS = 5


def first_paints(folder: Path, queries: Sequence[tuple[str, str]]) -> Iterator[Figure]:
    """Ask queries (title and text) one after the other, and then all of them again."""
    _app = QApplication.instance() or QApplication(["search"])
    engine, _ = open_engine(folder)
    try:
        opened = build_window(engine, discover_features())
        try:
            took = _ask_all(opened, [text for _, text in queries])
        finally:
            opened.close()
    finally:
        engine.stop()
    for title, text in queries:
        yield Figure(
            f"{title}: from Enter to the first matches painted, median  `{text}`",
            statistics.median(took[text]),
            "ms",
            PAINT_GOAL_MS,
        )


def _ask_all(opened: OpenWindow, texts: Sequence[str]) -> dict[str, list[float]]:
    opened.window.resize(*_SIZE)
    opened.window.show()
    opened.workbench.open(OpenPage("traces"))
    page: Any = opened.window.findChild(TracesPage)
    painted = _Painted(opened)
    until(lambda: painted.moment > 0 and not opened.workbench.is_reading)
    took: dict[str, list[float]] = {text: [] for text in texts}
    for _ in range(_ROUNDS):
        for text in texts:
            field = page.bar.search
            field.take_focus()
            field.setText(text)
            shown = page.table.model.listing
            painted.moment = 0.0
            begun = time.perf_counter()
            QTest.keyClick(field, Qt.Key.Key_Return)
            until(partial(_is_another, painted, page, shown))
            took[text].append((painted.moment - begun) * 1e3)
            until(lambda: not opened.workbench.is_reading)
    return took


def _is_another(painted: _Painted, page: Any, shown: object) -> bool:
    return painted.moment > 0 and page.table.model.listing is not shown


class _Painted:
    """Notes when another list than before was first painted with its rows, or as an empty one."""

    def __init__(self, opened: OpenWindow) -> None:
        self.moment = 0.0
        self._listing: object = None
        self._watcher = PaintWatcher(opened, self._note)

    def _note(self, _traces: list[str]) -> None:
        listing = self._watcher.table.model.listing
        if listing is not self._listing:
            self._listing = listing
            self.moment = self.moment or time.perf_counter()
