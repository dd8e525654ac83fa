"""A page that compares two sides: a header, what differs in words and figures, lists, and a panel beside them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.errors import NotFoundError
from junjo_desktop.features.compare.header import CompareHeader
from junjo_desktop.features.compare.side_chooser import SideChooser
from junjo_desktop.features.compare.side_lists import SideLists
from junjo_desktop.features.compare.side_panel import SidePanel
from junjo_desktop.features.compare.summary_line import SummaryLine
from junjo_desktop.shell.follower import Followed, Follower, Load
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.empty_state import EmptyState

_SHARES = (14, 11)
_LEAST_LISTS_PX, _LEAST_PANEL_PX = 400, 260

F = TypeVar("F", bound=Followed)
P = TypeVar("P")


class SidesPage(Page, Generic[F, P]):
    """A subclass makes the parts, hands them to `put_together`, and answers what is abstract.

    F is what it shows, read as one; P names one side. Every read is newest-wins; an answer for what is no longer shown
    is dropped.
    """

    follower: Follower[F]
    header: CompareHeader
    summary: SummaryLine

    def __init__(self, workbench: Workbench, noun: str, parent: QWidget | None = None) -> None:
        """`noun` is one side: "run", say."""
        super().__init__(parent)
        self.workbench = workbench
        self._noun = noun
        self._changes_left: bool | None = None
        self._is_divided = False

    def put_together(self, grid: QWidget, lists: SideLists, panel: SidePanel, chooser: SideChooser) -> None:
        """Lay the page out and connect what all such pages have."""
        self._lists, self._panel, self._chooser = lists, panel, chooser
        self.absent = EmptyState(f"No {self._noun}s are compared.", parent=self)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        self._body = QWidget(self)
        self._stack = QStackedWidget(self)
        self._across.addWidget(lists)
        self._across.addWidget(panel)
        self._across.setChildrenCollapsible(False)
        for place, share in enumerate(_SHARES):
            self._across.setStretchFactor(place, share)
        lists.setMinimumWidth(_LEAST_LISTS_PX)
        panel.setMinimumWidth(_LEAST_PANEL_PX)
        shown, whole = QVBoxLayout(self._body), QVBoxLayout(self)
        for layout in (shown, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for widget in (self.summary, grid):
            shown.addWidget(widget)
        shown.addWidget(self._across, 1)
        for view in (self.absent, self._body, chooser):
            self._stack.addWidget(view)
        whole.addWidget(self.header)
        whole.addWidget(self._stack, 1)
        self.header.swap.clicked.connect(self.swap)
        self.header.list.clicked.connect(self.open_list)
        self.summary.difference_asked.connect(lists.go_to_difference)
        chooser.cancelled.connect(self._cancel_choice)

    # What a subclass answers

    @abstractmethod
    def swap(self) -> None:
        """Put the left side at the right."""

    @abstractmethod
    def open_list(self) -> None:
        """Go to the list of such sides."""

    @abstractmethod
    def places(self) -> tuple[P, P] | None:
        """Return both sides; None while nothing is shown."""

    @abstractmethod
    def ask(self, side: P) -> None:
        """Offer what a side may be compared with."""

    @abstractmethod
    def forget(self) -> None:
        """Show nothing of what was compared."""

    @abstractmethod
    def show_loaded(self, loaded: F, *, is_update: bool) -> None:
        """Show another comparison, or the same one after it grew."""

    @abstractmethod
    def leave_choice(self) -> None:
        """Go back to where something to compare with was asked for, when nothing is compared yet."""

    # What is shown

    @property
    def shown(self) -> F | None:
        """What is compared."""
        return self.follower.shown

    def is_shown(self) -> bool:
        """Whether something is compared."""
        return self.shown is not None

    @property
    def is_reading(self) -> bool:
        """Whether something is on its way to the page."""
        return self.follower.is_reading or self._panel.is_busy or self._chooser.is_busy

    def activated(self) -> None:
        if self._stack.currentWidget() is self._body:
            self._lists.take_focus()

    def save_state(self, state: QSettings) -> None:
        state.setValue("across", self._across.saveState())
        self._panel.save_state(state)

    def restore_state(self, state: QSettings) -> None:
        kept = state.value("across")
        self._is_divided = isinstance(kept, QByteArray) and self._across.restoreState(kept)
        self._panel.restore_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follower.catch_up()

    # Answers

    def begin(self, load: Load[F]) -> None:
        """Compare what `load` reads."""
        self._begin()
        self._say("Comparing …")
        self.follower.open(load)

    def begin_choice(self, side: P) -> None:
        """Ask what a side is to be compared with."""
        self._begin()
        self.follower.forget()
        self.choose(side, is_left=False)

    def _begin(self) -> None:
        self._changes_left = None
        self.forget()

    def opened(self, loaded: F) -> None:
        """Show a comparison that was not shown before."""
        self.show_loaded(loaded, is_update=False)
        if self.isVisible():
            self._lists.take_focus()

    def grown(self, loaded: F, _before: F) -> None:
        """Show the same comparison with more in it."""
        self.show_loaded(loaded, is_update=True)

    def show_body(self, name: str, *, is_divided: bool = True) -> None:
        """Bring what is compared to the front. `is_divided`: the panel stands beside the lists."""
        if self._changes_left is None:
            self._stack.setCurrentWidget(self._body)
        if is_divided and not self._is_divided and self.width():
            self._is_divided = True
            left = self.width() * _SHARES[0] // sum(_SHARES)
            self._across.setSizes([left, self.width() - left])
        self.title_changed.emit(f"Compare {name}")
        self.commands_changed.emit()

    def not_found(self, error: NotFoundError, *, was_shown: bool) -> None:
        """Say that a side is waited for, or was deleted."""
        self._begin()
        deleted = f"One of these {self._noun}s was deleted: nothing of it is stored any more."
        self._say(deleted if was_shown else str(error), icon_name="clock")

    def _say(self, words: str, icon_name: str = "") -> None:
        self.absent.set_content(words, icon_name=icon_name)
        self._stack.setCurrentWidget(self.absent)

    # Choosing a side

    def change_side(self, is_left: bool) -> None:
        """Choose another one for one side."""
        places = self.places()
        if places is not None:
            # What stays is what the other is chosen for.
            self.choose(places[1 if is_left else 0], is_left=is_left)

    def choose(self, side: P, *, is_left: bool) -> None:
        """Ask what a side is to be compared with, to stand at the left or at the right."""
        self._changes_left = is_left
        self._stack.setCurrentWidget(self._chooser)
        self.ask(side)

    def chosen_side(self, wanted: P, is_earlier: bool) -> tuple[P, bool]:
        """End a choice: return the side that stays, `wanted` while nothing is compared, and whether at the right."""
        places, is_left = self.places(), self._changes_left
        self._changes_left = None
        if places is None:
            # Nothing was compared yet: the earlier one stands at the left.
            return wanted, is_earlier
        return places[1 if is_left else 0], bool(is_left)

    def _cancel_choice(self) -> None:
        self._changes_left = None
        if self.shown is not None:
            self._stack.setCurrentWidget(self._body)
            self._lists.take_focus()
        else:
            self.leave_choice()
