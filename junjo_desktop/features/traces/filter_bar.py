"""The header line of the Traces page: text, service, failures, LLM, stars, time, and whether the list is live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.features.traces.listings import ServiceCount
from junjo_desktop.features.traces.time_range_menu import TimeRangeButton
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.search_field import SearchField
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 48
_SERVICE_PX = 168
_LONGEST = 60


class FilterBar(QFrame):
    """`changed` carries a new `TraceFilter`; `live_changed` whether the list follows what is stored."""

    changed = Signal(object)
    live_changed = Signal(bool)

    def __init__(self, columns_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = TraceFilter()
        self._services: tuple[ServiceCount, ...] = ()
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        self.search = SearchField("Search names, ids, attributes, events", name="Search traces", parent=self)
        self.search.setToolTip("Search traces (/)")
        self.service = QComboBox(self)
        self.errors = _toggle("Errors", "Only traces with failed spans (E)", self)
        self.llm = _toggle("LLM", "Only traces with LLM calls", self)
        self.starred = _toggle("", "Only starred traces (Shift+S)", self)
        self.time = TimeRangeButton(self)
        self.live = _toggle("Live", "New traces come in by themselves (L)", self)
        self.columns = QPushButton("Columns", self)
        self._prepare(columns_menu)
        self._lay_out()
        self.show_filter(self._shown)

    def _prepare(self, columns_menu: QMenu) -> None:
        self.search.changed.connect(self._text_changed)
        self.service.setAccessibleName("Service")
        self.service.setToolTip("Only traces with spans of this service")
        self.service.setFixedWidth(_SERVICE_PX)
        self.service.activated.connect(self._service_chosen)
        self.errors.clicked.connect(self._toggled)
        self.llm.clicked.connect(self._toggled)
        self.starred.setIcon(icon("star"))
        self.starred.clicked.connect(self._toggled)
        self.time.chosen.connect(self.changed)
        self.live.setChecked(True)
        self.live.toggled.connect(self._live_toggled)
        self._live_toggled(True)
        self.columns.setIcon(icon("columns"))
        self.columns.setToolTip("Show, hide and reset columns")
        self.columns.setMenu(columns_menu)
        self.show_services(())

    def _lay_out(self) -> None:
        title = QLabel("Traces", self)
        title.setProperty("look", "title")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(title)
        line.addSpacing(4)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMinimumWidth(140)
        line.addWidget(self.search, 1)
        for widget in (self.service, self.errors, self.llm, self.starred, self.time, self.live, self.columns):
            line.addWidget(widget)

    def show_filter(self, shown: TraceFilter) -> None:
        """Show what is in force, without `changed`."""
        self._shown = shown
        if self.search.text() != shown.text:
            self.search.show_text(shown.text)
        self.errors.setChecked(shown.errors_only)
        self.llm.setChecked(shown.has_llm)
        self.starred.setChecked(shown.starred_only)
        self.time.show_filter(shown)
        self._choose_service()

    def show_services(self, services: Sequence[ServiceCount]) -> None:
        """Offer these services; the choice stays, also when nothing of it is stored any more."""
        if self.service.count() and (tuple(services) == self._services or self.service.view().isVisible()):
            return
        self._services = tuple(services)
        self.service.clear()
        self.service.addItem("All services", None)
        for service in services:
            name = one_line(service.service_name, _LONGEST)
            self.service.addItem(f"{isolated(name)} · {count_text(service.trace_count)}", service.service_name)
            self.service.setItemData(
                self.service.count() - 1, plain_tooltip(service.service_name), Qt.ItemDataRole.ToolTipRole
            )
        self._choose_service()

    def _choose_service(self) -> None:
        chosen = self._shown.service
        place = 0 if chosen is None else self.service.findData(chosen)
        if place < 0:
            self.service.addItem(one_line(chosen or "", _LONGEST), chosen)
            place = self.service.count() - 1
        self.service.setCurrentIndex(place)

    def _text_changed(self, text: str) -> None:
        self.changed.emit(replace(self._shown, text=text))

    def _service_chosen(self, place: int) -> None:
        self.changed.emit(replace(self._shown, service=self.service.itemData(place)))

    def _toggled(self) -> None:
        self.changed.emit(
            replace(
                self._shown,
                errors_only=self.errors.isChecked(),
                has_llm=self.llm.isChecked(),
                starred_only=self.starred.isChecked(),
            )
        )

    def _live_toggled(self, live: bool) -> None:
        self.live.setIcon(icon("live" if live else "pause", "ok" if live else "dim"))
        self.live.setText("Live" if live else "Paused")
        self.live.setAccessibleName("Live: new traces come in by themselves" if live else "Paused: nothing comes in")
        self.live_changed.emit(live)


def _toggle(text: str, tooltip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setCheckable(True)
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip.partition(" (")[0])
    return button
