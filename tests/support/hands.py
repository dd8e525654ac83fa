"""Uses widgets as a user does: by what is written on them, by the keyboard, by what a screen reader would say."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget


def write(field: QLineEdit, text: str, *, enter: bool = False) -> None:
    """Type over what stands in a field, and press Enter if wished."""
    field.clear()
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        # QTest ends the process for keys it does not know; this is how pasted text arrives.
        field.insert(text)
    if enter:
        QTest.keyClick(field, Qt.Key.Key_Return)


def button(widget: QWidget, label: str) -> QAbstractButton:
    """The visible button with this label. Raises `AssertionError` when there is none or more than one."""
    found = [one for one in widget.findChildren(QAbstractButton) if one.text() == label and one.isVisibleTo(widget)]
    assert len(found) == 1, f"{len(found)} buttons say {label!r}"
    return found[0]


def is_offered(widget: QWidget, label: str) -> bool:
    """Whether a visible button with this label can be pressed."""
    buttons = widget.findChildren(QAbstractButton)
    return any(one.text() == label and one.isVisibleTo(widget) and one.isEnabled() for one in buttons)


def texts(widget: QWidget) -> str:
    """Everything visible labels say, one label on a line."""
    labels = [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


def rich_labels(widget: QWidget) -> list[str]:
    """Labels that might take text for markup."""
    labels = [label for label in widget.findChildren(QLabel) if label.text()]
    return [label.text() for label in labels if label.textFormat() != Qt.TextFormat.PlainText and "<" in label.text()]


def focusable(widget: QWidget) -> Iterator[QWidget]:
    """Every visible widget that the keyboard reaches."""
    for one in widget.findChildren(QWidget):
        if one.isVisibleTo(widget) and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled():
            yield one


def in_tab_order(widget: QWidget) -> Iterator[QWidget]:
    """What the keyboard reaches, in the order of the Tab key."""
    reached = set(focusable(widget))
    stop = widget.nextInFocusChain()
    while stop is not None and stop is not widget:
        if stop in reached:
            yield stop
        stop = stop.nextInFocusChain()


def nameless(widget: QWidget) -> list[QWidget]:
    """Controls of which a screen reader would not know what to say."""
    return [one for one in focusable(widget) if not _name(one)]


def spoken(widget: QWidget) -> str:
    """All names, descriptions and tooltips of a widget and everything in it."""
    everything = [widget, *widget.findChildren(QWidget)]
    words = [text for one in everything for text in (_name(one), one.accessibleDescription(), one.toolTip())]
    return "\n".join(words)


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return "" if interface is None else interface.text(QAccessible.Text.Name)
