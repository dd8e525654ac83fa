"""The window: rail at the left, the page in front with its notices, status bar below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from junjo_desktop.errors import UsageError, UserError
from junjo_desktop.paths import resource_path
from junjo_desktop.shell.command_palette import CommandPalette
from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.destinations import OpenPage
from junjo_desktop.shell.feature import Feature
from junjo_desktop.shell.key_sheet import KeySheet
from junjo_desktop.shell.links import place_of
from junjo_desktop.shell.notices import Notices
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.pages import Pages
from junjo_desktop.shell.query_box.view_commands import view_commands
from junjo_desktop.shell.rail import Rail
from junjo_desktop.shell.rail_counts import RailCounts
from junjo_desktop.shell.shortcuts import Shortcuts, portable
from junjo_desktop.shell.standing_news import HousekeepingNews, IntakeNews
from junjo_desktop.shell.status_bar import StatusBar
from junjo_desktop.shell.window_commands import window_commands
from junjo_desktop.shell.workbench import Workbench

_TITLE = "Junjo Desktop"
_FIRST_SIZE = QSize(1440, 900)
_LEAST_SIZE = QSize(880, 520)
_RAIL_FOLDS_BELOW_PX = 1000


class MainWindow(QMainWindow):
    """Holds the pages of `features` and everything around them. State is kept in `state`."""

    closed = Signal()

    def __init__(
        self, workbench: Workbench, features: Sequence[Feature], state: QSettings, *, demo: bool = False
    ) -> None:
        super().__init__()
        self.workbench = workbench
        self._state = state
        self._features = features
        self._title = f"{_TITLE} – demo" if demo else _TITLE
        self.notices = Notices(self)
        self._intake_news = IntakeNews(self.notices)
        self._housekeeping_news = HousekeepingNews(workbench.housekeeping, self.notices)
        self.pages = Pages(workbench, features, state, self.notices.show_error)
        self.rail = Rail(features, self)
        self._rail_counts = RailCounts(workbench, features, self.rail)
        self.status = StatusBar(self)
        self.recent_places: Callable[[], Sequence[Command]] = tuple
        """Hook of the palette: recent runs and the like, as commands."""
        self._window_commands = window_commands(self, features)
        taken = frozenset(portable(key) for command in self._window_commands for key in command.shortcuts)
        self._window_keys = Shortcuts(self)
        self._page_keys = Shortcuts(self, reserved=taken)
        self._listened: Page | None = None
        self._in_front = ""
        self._is_rail_folded_for_room = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setWindowTitle(self._title)
        self.setWindowIcon(_app_icon())
        self.setMinimumSize(_LEAST_SIZE)
        right = QWidget(self)
        column = QVBoxLayout(right)
        row = QHBoxLayout()
        body = QWidget(self)
        whole = QVBoxLayout(body)
        for layout in (column, row, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.pages.stack, 1)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        whole.addLayout(row, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.workbench.connect_shell(self.pages.open, self.notices.show_error, self.pages.can_open)
        self.workbench.intake_changed.connect(self.status.show_report)
        self.workbench.intake_changed.connect(self._intake_news.show_report)
        self.workbench.theme_changed.connect(self.update)
        self.rail.chosen.connect(self.open_page)
        self.pages.shown.connect(self._page_shown)
        self.status.connect_pressed.connect(self._open_connect)
        self.status.palette_pressed.connect(self.show_palette)
        # Another process may ask on any thread.
        self._window_keys.bind(self._window_commands)

    def open_first_page(self) -> None:
        """Show the page that was in front last time, or the first of the rail."""
        self._rail_counts.start()
        wanted = str(self._state.value("page", ""))
        for name in (wanted, *([] if wanted else self._greeting()), "traces", *self.rail.names):
            if name in self.rail.names and self.open_page(name):
                return

    def _greeting(self) -> list[str]:
        """Return the pages that have something to show to a window that remembers nothing."""
        try:
            return [one.name for one in self._features if one.greets and self.workbench.backend.read(one.greets)]
        except UserError:
            return []  # the pages say what keeps them from reading

    def open_page(self, name: str) -> bool:
        """Bring a page of the rail to the front."""
        return self.pages.open(OpenPage(name))

    def commands(self) -> tuple[Command, ...]:
        """Everything that can be done now: the page's own first."""
        page = self.pages.current
        return (*(page.commands() if page is not None else ()), *self._window_commands)

    def show_palette(self) -> None:
        """Open the command palette."""
        palette = CommandPalette((*self.commands(), *view_commands(self.workbench), *self.recent_places()), self)
        palette.open()
        palette.field.setFocus()

    def show_keys(self) -> None:
        """Open the sheet of keys."""
        page = self.pages.current
        KeySheet(self.commands(), () if page is None else page.view_keys(), self).open()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def raise_window(self) -> None:
        """Come to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_link(self, link: str) -> None:
        """Come to the front, where `link` leads."""
        self.raise_window()
        self.go_to(link)

    def go_to(self, link: str) -> None:
        """Show the place that `link` names, or a notice that says why not."""
        try:
            place = place_of(link)
        except UsageError as refused:
            self.notices.show_error(refused)
            return
        if not self.pages.open(place, anew=True):
            self.notices.show_error(UsageError("This version shows no page for that link.", "Update Junjo Desktop."))

    def restore_window(self) -> None:
        """Take size, place and rail from the last time."""
        geometry = self._state.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self.rail.set_folded(folded=str(self._state.value("rail_folded", "false")) == "true")
        self._fold_rail_for_room()

    def save_window(self) -> None:
        """Keep size, place, rail, page in front and what every page wants kept."""
        self._state.setValue("geometry", self.saveGeometry())
        folded = self.rail.is_folded and not self._is_rail_folded_for_room
        self._state.setValue("rail_folded", "true" if folded else "false")
        feature = self.pages.current_feature
        if feature is not None and feature.section != "hidden":
            self._state.setValue("page", feature.name)
        self.pages.save_state()
        self._state.sync()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() < _RAIL_FOLDS_BELOW_PX) != (event.size().width() < _RAIL_FOLDS_BELOW_PX):
            self._fold_rail_for_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Who comes back from a terminal may have starred something there.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.workbench.stars.reload()
            self.workbench.notes.reload()
            self.workbench.views.reload()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_window()
        super().closeEvent(event)
        self.closed.emit()

    def _fold_rail_for_room(self) -> None:
        """A narrow window folds the rail by itself, and a wide one unfolds what was folded so."""
        narrow = self.width() < _RAIL_FOLDS_BELOW_PX
        if narrow and not self.rail.is_folded:
            self._is_rail_folded_for_room = True
            self.rail.set_folded(folded=True)
        elif not narrow and self._is_rail_folded_for_room:
            self._is_rail_folded_for_room = False
            self.rail.set_folded(folded=False)

    def _open_connect(self) -> None:
        self.open_page("connect")

    def _page_shown(self, feature: Feature) -> None:
        page = self.pages.current
        if self._listened is not None and self._listened is not page:
            self._listened.title_changed.disconnect(self._show_title)
            self._listened.commands_changed.disconnect(self._bind_page)
        if page is not None and page is not self._listened:
            page.title_changed.connect(self._show_title)
            page.commands_changed.connect(self._bind_page)
        self._listened = page
        self._in_front = feature.name
        self._show_title(feature.title)
        self._bind_page()

    def _bind_page(self) -> None:
        page = self.pages.current
        self._page_keys.bind(page.commands() if page is not None else ())

    def _show_title(self, title: str) -> None:
        self.setWindowTitle(f"{title} – {self._title}" if title else self._title)
        # What a page shows may belong to another page of the rail than what it showed before.
        page = self.pages.current
        self.rail.mark((page.rail_name() if page is not None else "") or self._in_front)


def _app_icon() -> QIcon:
    icon = QIcon()
    for size in (16, 32, 64, 128):
        icon.addFile(str(resource_path("icons", "app", f"junjo-desktop-{size}.png")), QSize(size, size))
    return icon
