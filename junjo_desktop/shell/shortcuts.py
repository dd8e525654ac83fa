"""Turns commands into shortcuts: the window's stay, those of the page in front come and go with it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from junjo_desktop.shell.commands import Command

_log = logging.getLogger(__name__)


class Shortcuts(QObject):
    """One set of commands bound to one widget. A key taken by `reserved` is left to it."""

    def __init__(self, window: QWidget, reserved: frozenset[str] = frozenset()) -> None:
        super().__init__(window)
        self._window = window
        self._reserved = reserved
        self._bound: list[QShortcut] = []

    def bind(self, commands: Sequence[Command]) -> None:
        """Bind these instead of those bound before."""
        for shortcut in self._bound:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._bound.clear()
        taken = set(self._reserved)
        for command in commands:
            for key in map(portable, command.shortcuts):
                if key in taken:
                    _log.warning("The key %s of %s is taken already", key, command.id)
                    continue
                taken.add(key)
                self._bound.append(_bound(key, command, self._window))


def portable(shortcut: str) -> str:
    """Return a shortcut in Qt's own spelling, so that equal ones are equal."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.PortableText)


def _bound(key: str, command: Command, window: QWidget) -> QShortcut:
    shortcut = QShortcut(QKeySequence(key), window)
    # A key held down would open one palette after another.
    shortcut.setAutoRepeat(command.repeats)
    shortcut.activated.connect(_Run(command))
    return shortcut


class _Run:
    """Runs a command if it is enabled at that moment."""

    def __init__(self, command: Command) -> None:
        self._command = command

    def __call__(self) -> None:
        if self._command.enabled():
            self._command.run()
