"""The "?" sheet: the keys of the page in front and of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from junjo_desktop.shell.commands import Command

_EVERYWHERE = (
    ("↑ ↓", "Move through a list"),
    ("Tab, Shift+Tab", "To the next and the previous control"),
    ("Space", "Press the button that has the focus"),
    ("Ctrl+C", "Copy the selected rows, value or text"),
    ("Esc", "Clear a search, let go of a selection, close"),
)


_WIDTH_PX = 540
_LEAST_PX, _ROOM_PX = 320, 60


class KeySheet(QDialog):
    """Commands that have a shortcut, by group, in two columns: keys, what they do."""

    def __init__(self, commands: Sequence[Command], view_keys: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys of this page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(22)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        for group, entries in _grouped(commands, view_keys).items():
            self._add_group(group, entries)
        self._add_group("Everywhere", list(_EVERYWHERE))
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.addLayout(self._grid)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Keys of this page")
        scroll.setWidget(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        self.resize(_WIDTH_PX, min(content.sizeHint().height() + 90, max(parent.height() - _ROOM_PX, _LEAST_PX)))

    def _add_group(self, group: str, entries: list[tuple[str, str]]) -> None:
        row = self._grid.rowCount()
        heading = QLabel(group, self)
        heading.setProperty("look", "heading")
        heading.setContentsMargins(0, 8 if row > 1 else 0, 0, 2)
        self._grid.addWidget(heading, row, 0, 1, 2)
        for number, (keys, title) in enumerate(entries, row + 1):
            what = QLabel(title, self)
            key = QLabel(keys, self)
            key.setProperty("look", "mono")
            for label in (what, key):
                label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(key, number, 0)
            self._grid.addWidget(what, number, 1)


def _grouped(commands: Sequence[Command], view_keys: Sequence[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return keys and what they do by group; the page's own group, the first, begins with what its views understand."""
    groups: dict[str, list[tuple[str, str]]] = {"This page": list(view_keys)} if view_keys else {}
    for command in commands:
        if command.shortcut:
            keys = " · ".join(map(_written, command.shortcuts))
            groups.setdefault(command.group or "Page", []).append((keys, command.title))
    return groups


def _written(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
