"""The menu of what narrows a list of runs: states, names, versions, how agents ended, correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from junjo_desktop.features.runs.filters import RunsFilter
from junjo_desktop.store.run_filters import RunKind, RunOutcome
from junjo_desktop.store.run_listings import RunFacets
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text

_LONGEST = 48
_MOST = 40
"""More values are not offered, the most frequent first: what is rarer is found by its text."""


class FilterMenu(QMenu):
    """`chosen` carries a new `RunsFilter`. The menu is filled each time it opens."""

    chosen = Signal(object)

    def __init__(self, kind: RunKind, parent: QWidget) -> None:
        super().__init__("Filters", parent)
        self._kind = kind
        self._shown = RunsFilter()
        self._facets = RunFacets({}, {}, {}, {})
        self.aboutToShow.connect(self._fill)

    def show_filter(self, shown: RunsFilter) -> None:
        """Tick what is in force from now on."""
        self._shown = shown

    def show_facets(self, facets: RunFacets) -> None:
        """Offer these values from now on."""
        self._facets = facets

    def ask_correlation(self) -> None:
        """Ask for the correlation id that runs must have."""
        dialog = QInputDialog(self.parentWidget())
        dialog.setWindowTitle("Correlation")
        dialog.setLabelText("Runs with this correlation id, which the application gave:")
        dialog.setTextValue(self._shown.correlation_id or "")
        dialog.textValueSelected.connect(self._choose_correlation)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fill(self) -> None:
        self.clear()
        self._add_states(self.addMenu("State"))
        self._add_values("Name", "name", self._facets.names)
        self._add_values("Version", "version", self._facets.versions)
        if self._kind is RunKind.AGENTS:
            self._add_values("Ended by", "termination_reason", self._facets.termination_reasons)
        self.addAction("Correlation id…").triggered.connect(self.ask_correlation)

    def _add_states(self, menu: QMenu) -> None:
        for outcome in RunOutcome:
            action = menu.addAction(outcome.value.capitalize())
            action.setCheckable(True)
            action.setChecked(outcome in self._shown.outcomes)
            action.toggled.connect(partial(self._choose_outcome, outcome))

    def _add_values(self, title: str, part: str, counts: Mapping[str, int]) -> None:
        menu = self.addMenu(title)
        menu.setEnabled(bool(counts))
        current = getattr(self._shown, part)
        everything = menu.addAction("All")
        everything.setCheckable(True)
        everything.setChecked(current is None)
        everything.triggered.connect(partial(self._choose, part, None))
        menu.addSeparator()
        frequent = sorted(counts, key=lambda value: -counts[value])[:_MOST]
        for value in counts:
            if value in frequent or value == current:
                words = f"{isolated(one_line(value, _LONGEST))} · {count_text(counts[value])}"
                action = menu.addAction(words.replace("&", "&&"))
                action.setCheckable(True)
                action.setChecked(value == current)
                action.triggered.connect(partial(self._choose, part, value))

    def _choose(self, part: str, value: str | None) -> None:
        changed: dict[str, Any] = {part: value}
        self.chosen.emit(replace(self._shown, **changed))

    def _choose_outcome(self, outcome: RunOutcome, wanted: bool) -> None:
        self.chosen.emit(self._shown.with_outcome(outcome, wanted=wanted))

    def _choose_correlation(self, text: str) -> None:
        self._choose("correlation_id", text.strip() or None)
