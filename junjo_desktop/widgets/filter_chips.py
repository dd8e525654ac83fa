"""The filters in force, and each condition of the query, as chips: one press takes one away, another all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from junjo_desktop.telemetry.query.error import QueryError
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.terms import parts_of, without_part
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.flow_layout import FlowLayout
from junjo_desktop.widgets.list_filter import ListFilter, quoted


class FilterChips(QFrame):
    """Hidden while nothing is in force. `changed` carries the filter that is left.

    The text of the filter is a query that is asked of `subject`; each of its conditions has a chip.
    """

    changed = Signal(object)

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
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
        conditions = self._conditions(shown.text) if "text" in words else ()
        for part, text in words.items():
            if part != "text" or not conditions:
                self._add(text, f"Remove the filter: {text}").clicked.connect(partial(self._without, part))
        for place, condition in enumerate(conditions):
            self._add(condition, f"Remove the condition: {condition}").clicked.connect(
                partial(self._without_condition, place)
            )
        if self._flow.count() > 1:
            self._add("Clear filters", "Clear all filters").clicked.connect(self.clear)
        self.setVisible(bool(words))

    def _conditions(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(quoted(condition) for condition in parts_of(text, self._subject))
        except QueryError:
            return ()

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

    def _without_condition(self, place: int) -> None:
        text = without_part(self._shown.text, place, self._subject)
        self.changed.emit(replace(self._shown, text=text))
