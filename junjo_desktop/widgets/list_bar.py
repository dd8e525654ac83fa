"""The header line of a list: title, text, service, what the list adds, time, live or paused, columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.elided_combo import CLOSED_ROLE, ElidedCombo
from junjo_desktop.widgets.figures import count_text
from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.search_field import SearchField
from junjo_desktop.widgets.time_range_menu import TimeRangeButton
from junjo_desktop.widgets.tooltip import plain_tooltip

_HEIGHT_PX = 48
_SERVICE_PX = 168
_NARROW_SERVICE_PX = 128
_NARROW_PX = 1000
_LEAST_PX = 720
_LEAST_SEARCH_PX = 110
_SEARCH_PX = 200
"""Words of buttons give way to this much of the text, as long as the bar is not narrow."""
_LONGEST = 60


F = TypeVar("F", bound=ListFilter)


class ListBar(QFrame, Generic[F]):
    """`changed` carries a new filter; `live_changed` whether the list follows what is stored.

    A list with switches of its own makes a subclass and passes them to `lay_out`.
    """

    changed = Signal(object)
    live_changed = Signal(bool)

    def __init__(
        self, shown: F, columns_menu: QMenu, *, noun: str, placeholder: str, parent: QWidget | None = None
    ) -> None:
        """`noun` is what one row is: "trace"."""
        super().__init__(parent)
        self.shown = shown
        self._noun = noun
        self._services: Mapping[str, int] = {}
        self._compact: Sequence[QPushButton] = ()
        self._is_narrow = False
        self._title: QLabel | None = None
        self._words: dict[QPushButton, str] = {}
        self.setProperty("look", "bar")
        self.setFixedHeight(_HEIGHT_PX)
        # Its own, or what its words take would keep it from ever becoming narrow.
        self.setMinimumWidth(_LEAST_PX)
        self.search = SearchField(placeholder, name=f"Search {noun}s", parent=self)
        self.search.setToolTip(f"Search {noun}s (/)")
        self.service = ElidedCombo(self)
        self.time = TimeRangeButton(noun, self)
        self.live = toggle("Live", f"New {noun}s come in by themselves (L)", self)
        self.columns = QPushButton("Columns", self)
        self._prepare(columns_menu)

    def _prepare(self, columns_menu: QMenu) -> None:
        self.search.changed.connect(self._text_changed)
        self.service.setAccessibleName("Service")
        self.service.setToolTip(f"Only {self._noun}s with spans of this service")
        self.service.setFixedWidth(_SERVICE_PX)
        self.service.activated.connect(self._service_chosen)
        self.time.chosen.connect(self.changed)
        self.live.setChecked(True)
        self.live.toggled.connect(self._live_toggled)
        self.columns.setIcon(icon("columns"))
        self.columns.setAccessibleName("Columns")
        self.columns.setToolTip("Show, hide and reset columns")
        self.columns.setMenu(columns_menu)
        self.show_services({})

    def lay_out(
        self, title: str, before: Sequence[QWidget], after: Sequence[QWidget], compact: Sequence[QPushButton] = ()
    ) -> None:
        """Place everything: `before` the text, and `after` the service. `compact` lose words where room is scarce."""
        label = self._title = QLabel(title, self)
        label.setProperty("look", "title")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(label)
        line.addSpacing(4)
        for widget in before:
            line.addWidget(widget)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMinimumWidth(_LEAST_SEARCH_PX)
        line.addWidget(self.search, 1)
        for widget in (self.service, *after, self.time, self.live, self.columns):
            line.addWidget(widget)
        self._compact = (*compact, self.time, self.live, self.columns)
        self._live_toggled(True)

    def put_beside_search(self, button: QPushButton, words: str) -> None:
        """Place a button right behind the text; it is the first to lose its words where there is little room."""
        line = self.layout()
        if isinstance(line, QHBoxLayout):
            line.insertWidget(line.indexOf(self.search) + 1, button)
        self._compact = (*self._compact, button)
        self.say(button, words)

    def show_filter(self, shown: F) -> None:
        """Show what is in force, without `changed`. A text that makes no sense yet stays in its line."""
        self.shown = shown
        if self.search.text() != shown.text and not self.search.has_problem:
            self.search.show_text(shown.text)
        self.time.show_filter(shown)
        self.say(self.time, self.time.text())
        self._choose_service()

    def show_services(self, services: Mapping[str, int]) -> None:
        """Offer these services, each with the number of its rows; the choice stays, also when nothing of it is left."""
        if self.service.count() and (services == self._services or self.service.view().isVisible()):
            return
        self._services = services
        self.service.clear()
        self.service.addItem("All services", None)
        for service_name, count in services.items():
            name = one_line(service_name, _LONGEST)
            self.service.addItem(f"{isolated(name)} · {count_text(count)}", service_name)
            place = self.service.count() - 1
            self.service.setItemData(place, plain_tooltip(service_name), Qt.ItemDataRole.ToolTipRole)
            self.service.setItemData(place, name, CLOSED_ROLE)
        self._choose_service()

    def say(self, button: QPushButton, words: str) -> None:
        """Give a compact button its words; its icon stands alone where they have no room."""
        self._words[button] = words
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_PX
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            # The rail marks the page.
            if self._title is not None:
                self._title.setVisible(not is_narrow)
            self.service.setFixedWidth(_NARROW_SERVICE_PX if self._is_narrow else _SERVICE_PX)
        self._fit()

    def _fit(self) -> None:
        """Write all words, and take them away again, of the last button first, until everything has room."""
        line = self.layout()
        for button in self._compact:
            button.setText("" if self._is_narrow else self._words.setdefault(button, button.text()))
        if line is None or self._is_narrow:
            return
        room = self.width() - (_SEARCH_PX - _LEAST_SEARCH_PX)
        for button in reversed(self._compact):
            line.invalidate()
            if line.minimumSize().width() <= room:
                return
            button.setText("")

    def _choose_service(self) -> None:
        chosen = self.shown.service
        place = 0 if chosen is None else self.service.findData(chosen)
        if place < 0:
            self.service.addItem(one_line(chosen or "", _LONGEST), chosen)
            place = self.service.count() - 1
        self.service.setCurrentIndex(place)

    def _text_changed(self, text: str) -> None:
        self.changed.emit(replace(self.shown, text=text))

    def _service_chosen(self, place: int) -> None:
        self.changed.emit(replace(self.shown, service=self.service.itemData(place)))

    def _live_toggled(self, live: bool) -> None:
        self.live.setIcon(icon("live" if live else "pause", "ok" if live else "dim"))
        self.say(self.live, "Live" if live else "Paused")
        news = f"new {self._noun}s come in by themselves"
        self.live.setAccessibleName(f"Live: {news}" if live else "Paused: nothing comes in")
        self.live_changed.emit(live)


def toggle(text: str, tooltip: str, parent: QWidget) -> QPushButton:
    """Return a button that stays down. Its name for a screen reader is the tooltip before ` (`."""
    button = QPushButton(text, parent)
    button.setCheckable(True)
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip.partition(" (")[0])
    return button
