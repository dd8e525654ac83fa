"""The pages of the window: built when first shown, reached by destinations, with a way back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from junjo_desktop.shell.destinations import AddToQuery, OpenPage, OpenView
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.history import History
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.telemetry.query.subject import Subject

_log = logging.getLogger(__name__)

# Long enough for the page in front to be painted and its first rows to be read.
_LOOKED_AT_MS = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and what it was asked to show (None: whatever it shows by itself)."""

    feature: str
    destination: object = None


class Pages(QObject):
    """Routes destinations to pages. `shown` carries the feature of the page that came to the front."""

    shown = Signal(object)
    history_changed = Signal()

    def __init__(
        self, workbench: Workbench, features: Sequence[Feature], state: QSettings, report: Callable[[Exception], None]
    ) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        self._workbench = workbench
        self._features = {feature.name: feature for feature in features}
        self._pages: dict[str, Page] = {}
        self._last: dict[str, object] = {}
        self._state = state
        self._report = report
        self._history: History[Place] = History()
        self._looked_at = QTimer(self)
        self._looked_at.setSingleShot(True)
        self._looked_at.setInterval(_LOOKED_AT_MS)
        self._looked_at.timeout.connect(self._prepare)

    @property
    def current(self) -> Page | None:
        """The page in front."""
        widget = self.stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    @property
    def current_feature(self) -> Feature | None:
        """The feature whose page is in front."""
        place = self._history.current
        return None if place is None else self._features.get(place.feature)

    @property
    def is_looked_at(self) -> bool:
        """Whether the page in front came a moment ago, and what it leads to is not prepared yet."""
        return self._looked_at.isActive()

    def can_go_back(self) -> bool:
        """Whether there is a place to go back to."""
        return self._history.can_go_back

    def can_go_forward(self) -> bool:
        """Whether there is a place to go forward to."""
        return self._history.can_go_forward

    def can_open(self, destination: object) -> bool:
        """Whether some feature shows this destination."""
        return self._place_for(destination) is not None

    def open(self, destination: object, *, anew: bool = False) -> bool:
        """Go there; False when no feature shows it. `anew` tells a page again that shows it, and may have moved on."""
        place = self._place_for(destination)
        if place is None:
            return False
        if anew:
            self._last.pop(place.feature, None)
        if not self._show(place):
            return False
        # What is added to a list is not added again by coming back to it: the list as it is then is the place.
        self._history.visit(Place(place.feature) if isinstance(destination, AddToQuery | OpenView) else place)
        self.history_changed.emit()
        return True

    def back(self) -> None:
        """Return to the place before, as it was left."""
        if (place := self._history.back()) is not None:
            self._show(place)
            self.history_changed.emit()

    def forward(self) -> None:
        """Undo `back`."""
        if (place := self._history.forward()) is not None:
            self._show(place)
            self.history_changed.emit()

    def save_state(self) -> None:
        """Let every page that was built write its state."""
        for name, page in self._pages.items():
            self._state.beginGroup(f"page-{name}")
            page.save_state(self._state)
            self._state.endGroup()

    def _place_for(self, destination: object) -> Place | None:
        if isinstance(destination, OpenPage):
            return Place(destination.feature) if destination.feature in self._features else None
        if isinstance(destination, OpenView):
            return Place(destination.feature, destination) if self._lists(destination.feature) else None
        if isinstance(destination, AddToQuery):
            found = self._list_for(destination.subject_hint)
            return None if found is None else Place(found, destination)
        for feature in self._features.values():
            if type(destination) in feature.destinations and (feature.shows is None or feature.shows(destination)):
                return Place(feature.name, destination)
        return None

    def _lists(self, name: str) -> str:
        feature = self._features.get(name)
        return "" if feature is None else feature.lists

    def _list_for(self, subject: str | None) -> str | None:
        """Return the feature whose list takes a condition about `subject`: the one in front, or the first there is."""
        in_front = self.current_feature
        if in_front is not None and in_front.lists and subject in (None, in_front.lists):
            return in_front.name
        wanted = subject or Subject.TRACES.value
        return next((name for name, feature in self._features.items() if feature.lists == wanted), None)

    def _show(self, place: Place) -> bool:
        page = self._page(place.feature)
        if page is None:
            return False
        if isinstance(place.destination, AddToQuery | OpenView):
            self._last.pop(place.feature, None)
            self._add(page, place.destination)
        # A page that still shows this keeps its place: scrolling, selection, what is unfolded.
        elif place.destination is not None and self._last.get(place.feature) != place.destination:
            self._last[place.feature] = place.destination
            page.show_destination(place.destination)
        self.stack.setCurrentWidget(page)
        page.activated()
        self.shown.emit(self._features[place.feature])
        self._looked_at.start()
        return True

    def _add(self, page: Page, destination: AddToQuery | OpenView) -> None:
        if isinstance(destination, AddToQuery):
            page.take_term(destination.term)
        else:
            page.show_view(destination.name)

    def _prepare(self) -> None:
        """Build the page that people mostly open from the one in front: a run opens in half the time then."""
        feature = self.current_feature
        for leads_to in feature.leads_to if feature is not None else ():
            for other in self._features.values():
                if leads_to in other.destinations:
                    self._page(other.name)

    def _page(self, name: str) -> Page | None:
        if name not in self._pages:
            try:
                page = self._features[name].build(self._workbench)
            except Exception as error:
                _log.exception("The page %s cannot be built", name)
                self._report(error)
                return None
            self._pages[name] = page
            self.stack.addWidget(page)
            self._state.beginGroup(f"page-{name}")
            page.restore_state(self._state)
            self._state.endGroup()
        return self._pages[name]
