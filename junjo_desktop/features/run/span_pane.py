"""One step whole, when no state update is chosen: facts, payloads, and the ways to its trace and to inner runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.background_work import BackgroundWork
from junjo_desktop.widgets.inspector.panel import Inspector


class SpanPane(Inspector):
    """The inspector with ways beside its title. `way_chosen` carries the destination that a button leads to."""

    way_chosen = Signal(object)

    def __init__(self, work: BackgroundWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self._ways: list[_WayButton] = []

    def show_ways(self, ways: Sequence[tuple[str, str, object]]) -> None:
        """Offer these ways from the span: label, icon, destination."""
        while len(self._ways) < len(ways):
            button = _WayButton(self)
            button.went.connect(self.way_chosen)
            self._ways.append(button)
            self.ways.addWidget(button)
        for place, button in enumerate(self._ways):
            button.setVisible(place < len(ways))
            if place < len(ways):
                button.show_way(*ways[place])


class _WayButton(QPushButton):
    """Leads to one destination."""

    went = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._destination: object = None
        self.clicked.connect(self._go)

    def show_way(self, label: str, picture: str, destination: object) -> None:
        self._destination = destination
        self.setText(label)
        self.setIcon(icon(picture))
        self.setToolTip(label)
        self.setAccessibleName(label)

    def _go(self) -> None:
        self.went.emit(self._destination)
