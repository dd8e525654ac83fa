"""A button that is an icon: its tooltip says what it does, and with which key."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget

from junjo_desktop.theme.icons import icon


def icon_button(icon_name: str, tooltip: str, parent: QWidget) -> QToolButton:
    """Return a button. `tooltip` without its key is what assistive technology says: "Zoom in (+)" is "Zoom in"."""
    button = QToolButton(parent)
    button.setIcon(icon(icon_name))
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip.partition(" (")[0])
    return button
