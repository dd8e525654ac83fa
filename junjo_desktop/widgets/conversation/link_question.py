"""Asks before an address that stands in a message is opened: it is text that a model or a user wrote."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from junjo_desktop.widgets.display_text import excerpt

_OPENED = ("http", "https")


def ask_about_link(address: str, parent: QWidget) -> QMessageBox:
    """Show the whole address, and offer to copy it, or to open it in the browser when it is one of the web."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Link in a message")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText("The message leads to:")
    box.setInformativeText(excerpt(address, 1_000, 20))
    is_web = QUrl(address).scheme().lower() in _OPENED
    if is_web:
        _add(box, "Open in the browser").clicked.connect(partial(_open, address))
    _add(box, "Copy address").clicked.connect(partial(_copy, address))
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.open()
    return box


def _add(box: QMessageBox, label: str) -> QPushButton:
    return box.addButton(label, QMessageBox.ButtonRole.ActionRole)


def _open(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))


def _copy(address: str) -> None:
    QGuiApplication.clipboard().setText(address)
