"""A state as a lazy tree whose paths can be pinned."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from junjo_desktop.widgets.json_tree import JsonTree
from junjo_desktop.widgets.state_changes.path_menu import Path, PathMenu


class StateTree(JsonTree):
    """`path_pinned` and `history_wanted` carry a JSON pointer."""

    path_pinned = Signal(str)
    history_wanted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.paths = PathMenu(self._pointed_path, self.path_pinned.emit, self.history_wanted.emit)

    def build_menu(self) -> QMenu:
        menu = super().build_menu()
        menu.addSeparator()
        self.paths.fill(menu)
        return menu

    def _pointed_path(self) -> Path | None:
        """Return the path of the current row; within a text that holds JSON that of the text: no pointer goes in."""
        index = self.view.currentIndex()
        if not index.isValid() or not isinstance(self.value, dict | list):
            return None
        node = self.model.node(index)
        path, above = node.path, node.parent
        while above is not None and above.parent is not None:
            if above.unfolded is not None:
                path = above.path
            above = above.parent
        return path
