"""The button beside the query box: the saved views of its list, and what can be done with them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from junjo_desktop.shell.query_box.page_views import PageViews
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.tooltip import plain_tooltip

_LONGEST = 40
_ON_BUTTON = 18


class ViewButton(QPushButton):
    """Its menu is filled each time it opens. `worded` when it has other words, for a bar that may be narrow."""

    worded = Signal(str)

    def __init__(self, views: PageViews, parent: QWidget) -> None:
        super().__init__(parent)
        self._views = views
        self.setIcon(icon("bookmark"))
        menu = QMenu(self)
        menu.aboutToShow.connect(partial(self._fill, menu))
        self.setMenu(menu)
        views.changed.connect(self.show_active)

    def show_active(self) -> None:
        """Say which view is open, and whether it was changed."""
        active = self._views.active
        if active is None:
            self._say("Views", "Saved views: none is open", "Saved views of this list (V)")
            return
        changed = self._views.is_changed
        name = one_line(active.name, _LONGEST)
        words = f"{isolated(one_line(active.name, _ON_BUTTON))}{' *' if changed else ''}"
        said = f"{name}, changed since it was saved" if changed else name
        self._say(words.replace("&", "&&"), f"Saved view: {said}", f"Saved view: {said} (V)")

    def _say(self, words: str, name: str, tooltip: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(tooltip))
        self.worded.emit(words)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        views, active = self._views, self._views.active
        for view in views.all:
            action = menu.addAction(_entry(view.name))
            action.setToolTip(plain_tooltip(view.query))
            action.setCheckable(True)
            action.setChecked(active is not None and view.name == active.name)
            action.triggered.connect(partial(_open, views, view.name))
        if not views.all:
            menu.addAction("No view of this list is saved yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction(icon("plus"), "Save view…\tCtrl+S").triggered.connect(views.ask_save)
        if active is not None:
            name = _entry(active.name)
            save = menu.addAction(icon("bookmark"), f"Save changes to {name}")
            save.setEnabled(views.is_changed)
            save.triggered.connect(views.save_changes)
            menu.addAction(f"Rename {name}…").triggered.connect(views.ask_rename)
            menu.addAction(icon("trash"), f"Delete {name}…").triggered.connect(views.ask_delete)


def _entry(name: str) -> str:
    return isolated(one_line(name, _LONGEST)).replace("&", "&&")


def _open(views: PageViews, name: str, _checked: bool = False) -> None:
    views.open(name)
