"""Finds controls the way people who use a screen reader do: by role and name; and takes pictures of windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from junjo_desktop.theme.apply import apply_theme

Role = QAccessible.Role

P = TypeVar("P", bound=QWidget)


def shown(page: P, pages: list[QWidget], width: int = 1240, height: int = 700) -> P:
    """Show a page; it is deleted with `pages`, once nothing reads for them any more."""
    pages.append(page)
    page.resize(width, height)
    page.show()
    return page


def find(root: QWidget, role: QAccessible.Role, name: str) -> QWidget:
    """Return the one visible widget with this role and accessible name. Fails with what there is instead."""
    found = [widget for widget, its_role, its_name in described(root) if its_role == role and its_name == name]
    if len(found) != 1:
        there = sorted(f"{its_role.name} {its_name!r}" for _, its_role, its_name in described(root) if its_name)
        raise AssertionError(f"{len(found)} of {role.name} {name!r}; there is: {', '.join(there)}")
    return found[0]


def press(root: QWidget, name: str, role: QAccessible.Role = Role.Button) -> None:
    """Press the one button with this accessible name."""
    button = find(root, role, name)
    assert isinstance(button, QAbstractButton)
    button.click()


def described(root: QWidget) -> Iterator[tuple[QWidget, QAccessible.Role, str]]:
    """Yield every visible widget below `root` with its role and name."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            yield widget, interface.role(), interface.text(QAccessible.Text.Name)


def unnamed_controls(root: QWidget) -> list[str]:
    """Return the controls that take the focus and have no accessible name, and icon buttons without a tooltip."""
    problems = []
    for widget, role, name in described(root):
        takes_focus = bool(widget.focusPolicy().value) and widget.isEnabled()
        if takes_focus and not name and widget.focusProxy() is None:
            problems.append(f"{type(widget).__name__} {widget.objectName()!r} ({role.name}) has no name")
        if isinstance(widget, QAbstractButton) and not widget.text() and not widget.toolTip():
            problems.append(f"{type(widget).__name__} {name!r} shows only an icon and has no tooltip")
    return problems


def cell_texts(root: QWidget, limit: int = 200) -> list[str]:
    """Return what a screen reader reads out in a table or tree: header first, then cells."""
    interface = QAccessible.queryAccessibleInterface(root)
    return [] if interface is None else [text for text in _texts(interface, limit) if text]


def _texts(interface: QAccessibleInterface, limit: int) -> Iterator[str]:
    for number in range(min(interface.childCount(), limit)):
        child = interface.child(number)
        if child is not None:
            yield child.text(QAccessible.Text.Name)


def grab_themes(window: QWidget, folder: Path, name: str) -> list[Path]:
    """Save a picture of `window` in the light and in the dark theme; return their paths."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("no QApplication")
    paths = []
    for setting in ("light", "dark"):
        apply_theme(app, setting)
        path = folder / f"{name}-{setting}.png"
        window.grab().save(str(path))
        paths.append(path)
    return paths
