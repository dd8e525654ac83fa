"""One view of the Services page: what the page asks of it, and what it says when it has nothing to show."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.features.services.filters import ServicesFilter
from junjo_desktop.features.services.queries import Stored
from junjo_desktop.features.services.wait_notice import WaitNotice
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.workbench import Workbench
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.figures import moment_text
from junjo_desktop.widgets.list_filter import quoted
from junjo_desktop.widgets.time_range import range_words


class ServicesPanel(QWidget):
    """A subclass reads for itself. `known` carries which services are stored; the others ask to filter less."""

    known = Signal(object)
    all_time_asked = Signal()
    time_asked = Signal(object)
    clear_asked = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.filter = ServicesFilter()
        self.wait = WaitNotice(self)
        self.wait.shorter_asked.connect(self.time_asked)
        self._is_listed = False

    def show_filter(self, chosen: ServicesFilter) -> None:
        """Show what passes `chosen`."""
        if chosen != self.filter or not self._is_listed:
            self.filter = chosen
            self._is_listed = True
            self.list_anew()

    @abstractmethod
    def list_anew(self) -> None:
        """Read what the filter lets through."""

    @abstractmethod
    def shown(self) -> None:
        """The view can be seen from now on."""

    @abstractmethod
    def hidden(self) -> None:
        """The view cannot be seen any more."""

    @abstractmethod
    def set_live(self, live: bool) -> None:
        """Follow what is stored, or pause."""

    def columns_menu(self) -> QMenu | None:
        """Return the menu of its columns, None when it has none."""
        return None

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        return ()

    def view_keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that are understood here."""
        return ()

    def save_state(self, state: QSettings) -> None:
        """Write what should outlive the window."""

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""

    def show_empty(self, empty: EmptyState, known: Stored) -> None:
        """Say why nothing is there to be seen, should that be so, and what to do."""
        self.known.emit(known)
        if known.newest_ns is None:
            empty.set_content(
                "No services yet. Point an SDK here and they appear by themselves.",
                "Show how to connect",
                self._connect_sdk,
                "services",
            )
        elif self.filter.text.strip():
            words = f"Nothing here is called “{quoted(self.filter.text.strip())}”."
            empty.set_content(words, "Clear the filter", self.clear_asked.emit, "filter")
        elif self.filter.time_range.is_open:
            empty.set_content("This service has no spans.", "Show all services", self.clear_asked.emit, "services")
        else:
            whose = "" if self.filter.service is None else f" of {quoted(self.filter.service)}"
            when = range_words(self.filter.time_range)
            when = f"in the {when}" if self.filter.time_range.last_ns is not None else when
            words = f"No span{whose} began {when}; the newest of all did at {moment_text(known.newest_ns)}."
            empty.set_content(words, "Show all time", self.all_time_asked.emit, "clock")

    def _connect_sdk(self) -> None:
        self.workbench.open(OpenPage("connect"))
