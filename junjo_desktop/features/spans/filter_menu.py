"""The menu of what narrows the list of spans: types, outcomes, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from junjo_desktop.features.spans.filters import SpanFilter
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text

_LONGEST = 48
_MOST = 40
"""More types are not offered, the most frequent first: what is rarer is found by its text."""
_OUTCOMES: tuple[tuple[str, bool | None], ...] = (("All", None), ("Failed", True), ("Not failed", False))


class FilterMenu(QMenu):
    """`chosen` carries a new `SpanFilter`. The menu is filled each time it opens."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Filters", parent)
        self._shown = SpanFilter()
        self._types: Mapping[str, int] = {}
        self.aboutToShow.connect(self._fill)

    def show_filter(self, shown: SpanFilter) -> None:
        """Tick what is in force from now on."""
        self._shown = shown

    def show_types(self, types: Mapping[str, int]) -> None:
        """Offer these types from now on, each with the number of its spans."""
        self._types = types

    def ask_name(self) -> None:
        """Ask for the name that spans must have."""
        dialog = QInputDialog(self.parentWidget())
        dialog.setWindowTitle("Name")
        dialog.setLabelText("Spans of exactly this name:")
        dialog.setTextValue(self._shown.name or "")
        dialog.textValueSelected.connect(self._choose_name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fill(self) -> None:
        self.clear()
        self._add_types(self.addMenu("Type"))
        outcomes = self.addMenu("Outcome")
        for words, failed in _OUTCOMES:
            action = outcomes.addAction(words)
            action.setCheckable(True)
            action.setChecked(self._shown.failed == failed)
            action.triggered.connect(partial(self._choose_outcome, failed))
        self.addAction("Name…").triggered.connect(self.ask_name)

    def _add_types(self, menu: QMenu) -> None:
        menu.setEnabled(bool(self._types))
        everything = menu.addAction("All")
        everything.setCheckable(True)
        everything.setChecked(self._shown.span_type is None)
        everything.triggered.connect(partial(self._choose_type, None))
        menu.addSeparator()
        frequent = sorted(self._types, key=lambda value: -self._types[value])[:_MOST]
        for value in self._types:
            if value in frequent or value == self._shown.span_type:
                words = f"{isolated(one_line(kind_word(value), _LONGEST))} · {count_text(self._types[value])}"
                action = menu.addAction(words.replace("&", "&&"))
                action.setCheckable(True)
                action.setChecked(value == self._shown.span_type)
                action.triggered.connect(partial(self._choose_type, value))

    def _choose_type(self, span_type: str | None) -> None:
        self.chosen.emit(replace(self._shown, span_type=span_type))

    def _choose_outcome(self, failed: bool | None) -> None:
        self.chosen.emit(replace(self._shown, failed=failed))

    def _choose_name(self, text: str) -> None:
        self.chosen.emit(replace(self._shown, name=text or None))
