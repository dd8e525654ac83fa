"""The button that saves or copies a layered drawing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.layered.exporting import DrawingExport


class ExportButton(QToolButton):
    """A menu of what `export` can do. `noun` is what is drawn: "graph"."""

    def __init__(self, export: DrawingExport, parent: QWidget | None = None, *, noun: str) -> None:
        super().__init__(parent)
        name = f"Export the {noun}"
        self.setIcon(icon("export"))
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        menu.addAction("Save as SVG…", export.ask_svg)
        menu.addAction("Save as PNG…", export.ask_png)
        menu.addAction("Copy as image", export.copy_image)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
