"""The filters in force, as chips: one press takes one away, another all of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.flow_layout import FlowLayout
from junjo_desktop.widgets.list_filter import ListFilter


class FilterChips(QFrame):
    """Hidden while nothing is in force. `changed` carries the filter that is left."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "facts")
        self._shown = ListFilter()
        self._flow = FlowLayout(self, 6, 6)
        self._flow.setContentsMargins(14, 6, 14, 6)
        self.hide()

    def show_filter(self, shown: ListFilter) -> None:
        """Show the chips of this filter."""
        self._shown = shown
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        words = shown.words()
        for part, text in words.items():
            self._add(text, f"Remove the filter: {text}").clicked.connect(partial(self._without, part))
        if len(words) > 1:
            self._add("Clear filters", "Clear all filters").clicked.connect(self.clear)
        self.setVisible(bool(words))

    def clear(self) -> None:
        """Take all filters away."""
        self.changed.emit(self._shown.cleared())

    def _add(self, text: str, name: str) -> QPushButton:
        chip = QPushButton(text.replace("&", "&&"), self)
        chip.setProperty("look", "chip")
        chip.setIcon(icon("close"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(name)
        chip.setToolTip(name.partition(":")[0])
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _without(self, part: str) -> None:
        self.changed.emit(self._shown.without(part))
