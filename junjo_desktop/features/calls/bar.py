"""The header line of the page of calls: what every list has, failures, models and providers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.features.calls.filters import CallFilter
from junjo_desktop.features.calls.listings import Totals
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.list_bar import ListBar, toggle

_LONGEST = 48


class CallsBar(ListBar[CallFilter]):
    """`changed` carries a new `CallFilter`."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            CallFilter(),
            columns_menu,
            noun="call",
            placeholder="Search, or ask: cost > $0.05 finish:length",
            parent=parent,
        )
        self.failed = toggle("Failed", "Only failed calls (E)", self)
        self.failed.setIcon(icon("error"))
        self.failed.clicked.connect(self._failed_clicked)
        self.filters = QPushButton("Filters", self)
        self.filters.setIcon(icon("filter"))
        self.filters.setAccessibleName("Filters")
        self.filters.setToolTip("Model, provider, outcome, repeated calls (F)")
        self.menu = FilterMenu(self)
        self.menu.chosen.connect(self.changed)
        self.filters.setMenu(self.menu)
        more = (self.failed, self.filters)
        self.lay_out("LLM calls", (), more, compact=more)
        self.service.setToolTip("Only calls of this service")
        self.show_filter(self.shown)

    def show_filter(self, shown: CallFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        self.failed.setChecked(shown.failed is True)
        self.menu.shown = shown

    def show_totals(self, totals: Totals) -> None:
        """Offer what calls can be narrowed by."""
        self.show_services(totals.services)
        self.menu.totals = totals

    def _failed_clicked(self, only: bool) -> None:
        self.changed.emit(replace(self.shown, failed=True if only else None))


class FilterMenu(QMenu):
    """`chosen` carries a new `CallFilter`. The menu is filled each time it opens."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Filters", parent)
        self.shown = CallFilter()
        self.totals = Totals()
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        shown = self.shown
        self._add_values("Model", self.totals.models, shown.model, self._choose_model)
        self._add_values("Provider", self.totals.providers, shown.provider, self._choose_provider)
        outcomes = self.addMenu("Outcome")
        for words, failed in (("All", None), ("Failed", True), ("Not failed", False)):
            self._add(outcomes, words, shown.failed == failed, partial(self._choose_outcome, failed))
        self.addSeparator()
        self._add(self, "Leave out repeated calls", shown.only_counted, self._toggle_counted)

    def _add_values(
        self, title: str, values: Mapping[str, int], chosen: str | None, choose: Callable[[str | None], None]
    ) -> None:
        menu = self.addMenu(title)
        menu.setEnabled(bool(values))
        self._add(menu, "All", chosen is None, partial(choose, None))
        menu.addSeparator()
        for value, count in values.items():
            words = f"{isolated(one_line(value, _LONGEST))} · {count_text(count)}"
            self._add(menu, words.replace("&", "&&"), value == chosen, partial(choose, value))

    def _add(self, menu: QMenu, words: str, checked: bool, act: Callable[[], None]) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(checked)
        action.triggered.connect(act)

    def _choose_model(self, model: str | None, _checked: bool = False) -> None:
        self.chosen.emit(replace(self.shown, model=model))

    def _choose_provider(self, provider: str | None, _checked: bool = False) -> None:
        self.chosen.emit(replace(self.shown, provider=provider))

    def _choose_outcome(self, failed: bool | None, _checked: bool = False) -> None:
        self.chosen.emit(replace(self.shown, failed=failed))

    def _toggle_counted(self, _checked: bool = False) -> None:
        self.chosen.emit(replace(self.shown, only_counted=not self.shown.only_counted))
