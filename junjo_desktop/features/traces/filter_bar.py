"""The header line of the Traces page: what every list has, and failures, LLM, stars."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.list_bar import ListBar, toggle


class FilterBar(ListBar[TraceFilter]):
    """`changed` carries a new `TraceFilter`."""

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(
            TraceFilter(),
            columns_menu,
            noun="trace",
            placeholder="Search, or ask: service:shop duration > 2s",
            parent=parent,
        )
        self.errors = toggle("Errors", "Only traces with failed spans (E)", self)
        self.llm = toggle("LLM", "Only traces with LLM calls", self)
        self.starred = toggle("", "Only starred traces (Shift+S)", self)
        self.starred.setIcon(icon("star"))
        for button in (self.errors, self.llm, self.starred):
            button.clicked.connect(self._toggled)
        self.lay_out("Traces", (), (self.errors, self.llm, self.starred))
        self.show_filter(self.shown)

    def show_filter(self, shown: TraceFilter) -> None:
        """Show what is in force, without `changed`."""
        super().show_filter(shown)
        self.errors.setChecked(shown.errors_only)
        self.llm.setChecked(shown.has_llm)
        self.starred.setChecked(shown.starred_only)

    def _toggled(self) -> None:
        self.changed.emit(
            replace(
                self.shown,
                errors_only=self.errors.isChecked(),
                has_llm=self.llm.isChecked(),
                starred_only=self.starred.isChecked(),
            )
        )
