"""Sees which traces are painted in the open window's Traces page, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer

from junjo_desktop.features.traces.page import TracesPage
from junjo_desktop.shell.launch import OpenWindow


class PaintWatcher(QObject):
    """Calls `on_painted` with the ids of the rows on screen each time the list has been painted with their texts."""

    def __init__(self, opened: OpenWindow, on_painted: Callable[[list[str]], None]) -> None:
        super().__init__(opened.window)
        page: Any = opened.window.findChild(TracesPage)
        self.table = page.table
        self._on_painted = on_painted
        self._after_paint = QTimer(self)
        self._after_paint.setSingleShot(True)
        self._after_paint.setInterval(0)
        self._after_paint.timeout.connect(self._painted)
        self.table.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._after_paint.start()
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        view, model = self.table.view, self.table.model
        first, last = view.rowAt(0), view.rowAt(view.viewport().height() - 1)
        if first < 0:
            self._on_painted([])
            return
        rows = range(first, (last if last >= 0 else model.rowCount() - 1) + 1)
        ids = [model.id_at(row) for row in rows]
        self._on_painted([each for each in ids if model.known_row(each) is not None])
