"""The header line of the Spans page: what every list has, failures, and more filters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.features.spans.filter_menu import FilterMenu
from junjo_desktop.features.spans.filters import SpanFilter
from junjo_desktop.features.spans.listings import Totals
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_bar import ListBar, toggle


class SpansBar(ListBar[SpanFilter]):
    """`changed` carries a new `SpanFilter`."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            SpanFilter(),
            columns_menu,
            noun="span",
            placeholder="Search, or ask: type:llm duration > 2s",
            parent=parent,
        )
        self.failed = toggle("Failed", "Only failed spans (E)", self)
        self.failed.setIcon(icon("error"))
        self.failed.clicked.connect(self._failed_clicked)
        self.filters = QPushButton("Filters", self)
        self.filters.setIcon(icon("filter"))
        self.filters.setAccessibleName("Filters")
        self.filters.setToolTip("Type, outcome, name (F)")
        self.menu = FilterMenu(self)
        self.menu.chosen.connect(self.changed)
        self.filters.setMenu(self.menu)
        more = (self.failed, self.filters)
        self.lay_out("Spans", (), more, compact=more)
        self.show_filter(self.shown)

    def show_filter(self, shown: SpanFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        self.failed.setChecked(shown.failed is True)
        self.menu.show_filter(shown)

    def show_totals(self, totals: Totals) -> None:
        """Offer what spans can be narrowed by."""
        self.show_services(totals.services)
        self.menu.show_types(totals.types)

    def _failed_clicked(self, only: bool) -> None:
        self.changed.emit(replace(self.shown, failed=True if only else None))
