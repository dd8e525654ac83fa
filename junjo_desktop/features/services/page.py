"""The Services page: figures of services and operations, a map of who calls whom, and restarts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.services.bar import VIEWS, ServicesBar
from junjo_desktop.features.services.figures_panel import FiguresPanel
from junjo_desktop.features.services.filters import DEFAULT_RANGE, ServicesFilter
from junjo_desktop.features.services.map_panel import MapPanel
from junjo_desktop.features.services.panel import ServicesPanel
from junjo_desktop.features.services.queries import Stored
from junjo_desktop.features.services.restarts_panel import RestartsPanel
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenServices
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.saved_json import read_json, write_json
from junjo_desktop.widgets.time_range import ANY_TIME, TimeRange

_GROUP = "Services"


class ServicesPage(Page):
    """Three views of one time and one service, or of all."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.figures = FiguresPanel(workbench, self)
        self.map = MapPanel(workbench, self)
        self.restarts = RestartsPanel(workbench, self)
        self.panels: dict[str, ServicesPanel] = dict(
            zip((key for key, _ in VIEWS), (self.figures, self.map, self.restarts), strict=True)
        )
        self.bar = ServicesBar(self.figures.columns_menu(), self)
        self._filter = self.bar.shown
        self._stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        for panel in self.panels.values():
            self._stack.addWidget(panel)
            panel.known.connect(self._take_known)
            panel.all_time_asked.connect(self._show_all_time)
            panel.time_asked.connect(self._show_time)
            panel.clear_asked.connect(self.clear)
            panel.set_live(True)
            self.bar.live_changed.connect(panel.set_live)
        self.bar.changed.connect(self.show_filter)
        self.map.service_asked.connect(self.show_filter)
        self.bar.view.chosen.connect(self.show_view)
        self.bar.search.submitted.connect(self._focus_panel)

    @property
    def shown_filter(self) -> ServicesFilter:
        """What narrows all views."""
        return self._filter

    @property
    def view(self) -> str:
        """The key of the view that is shown."""
        return self.bar.view.value

    @property
    def panel(self) -> ServicesPanel:
        """The view that is shown."""
        return self.panels[self.view]

    def show_filter(self, chosen: ServicesFilter) -> None:
        """Narrow all views."""
        self._filter = chosen
        self.bar.show_filter(chosen)
        if self.isVisible():
            self.panel.show_filter(chosen)

    def show_view(self, key: str) -> None:
        """Show another view."""
        had_focus = self.panels[self._shown_key()].isAncestorOf(self.focusWidget() or self)
        self.panels[self._shown_key()].hidden()
        self.bar.view.set_value(key)
        self._stack.setCurrentWidget(self.panel)
        menu = self.panel.columns_menu()
        self.bar.columns.setVisible(menu is not None)
        if menu is not None:
            self.bar.columns.setMenu(menu)
        if self.isVisible():
            self.panel.shown()
            self.panel.show_filter(self._filter)
        if had_focus:
            self.activated()
        self.commands_changed.emit()

    def clear(self) -> None:
        """Show all services again, of the same time."""
        self.show_filter(replace(self._filter, text="", service=None))

    # What the shell asks

    def show_destination(self, destination: object) -> None:
        if isinstance(destination, OpenServices):
            if destination.view is not None:
                self.show_view(destination.view)
            if destination.service is not None:
                self.show_filter(replace(self._filter, text="", service=destination.service))

    def activated(self) -> None:
        self.panel.setFocus()

    def commands(self) -> tuple[Command, ...]:
        bar, clear = self.bar, self.clear
        views = tuple(
            Command(f"services.{key}", f"Services: {title.lower()}", partial(self.show_view, key), sign, _GROUP, "eye")
            for (key, title), sign in zip(VIEWS, ("G", "M", "R"), strict=True)
        )
        return (
            Command("services.search", "Filter services", bar.search.take_focus, "/", _GROUP, "search", also="Ctrl+F"),
            Command("services.live", "Live or paused", bar.live.toggle, "L", _GROUP, "live"),
            Command("services.window", "From, to…", bar.time.choose_window, "T", _GROUP, "clock"),
            Command("services.clear", "Clear filters", clear, "Shift+Backspace", _GROUP, "close", self._is_filtered),
            *views,
            *self.panel.commands(),
        )

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        return self.panel.view_keys()

    def save_state(self, state: QSettings) -> None:
        for panel in self.panels.values():
            panel.save_state(state)
        kept: dict[str, object] = {"service": self._filter.service, "view": self.view}
        # Between two moments is odd to find again.
        if self._filter.time_range.is_open or self._filter.time_range.last_ns is not None:
            kept["last_ns"] = self._filter.time_range.last_ns
        write_json(state, "filter", kept)

    def restore_state(self, state: QSettings) -> None:
        for panel in self.panels.values():
            panel.restore_state(state)
        kept = read_json(state, "filter")
        if isinstance(kept, dict):
            service, view = kept.get("service"), kept.get("view")
            self.show_filter(
                ServicesFilter(
                    service=service if isinstance(service, str) else None,
                    time_range=TimeRange.relative(kept) if "last_ns" in kept else DEFAULT_RANGE,
                )
            )
            if view in self.panels:
                self.show_view(view)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.panel.shown()
        self.panel.show_filter(self._filter)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.panel.hidden()

    # News of the views

    def _shown_key(self) -> str:
        return next(key for key, panel in self.panels.items() if panel is self._stack.currentWidget())

    def _take_known(self, known: Stored) -> None:
        self.bar.show_services(known.services)

    def _show_all_time(self) -> None:
        self._show_time(ANY_TIME)

    def _show_time(self, time_range: TimeRange) -> None:
        self.show_filter(replace(self._filter, time_range=time_range))

    def _is_filtered(self) -> bool:
        return bool(self._filter.text.strip()) or self._filter.service is not None

    def _focus_panel(self, _text: str) -> None:
        self.panel.setFocus()
