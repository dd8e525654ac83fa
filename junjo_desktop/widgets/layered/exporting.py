"""Saving a layered drawing: asks for a file, writes it, says how it went."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtGui import QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from junjo_desktop.errors import UserError
from junjo_desktop.widgets.layered.export import image_of, svg_of
from junjo_desktop.widgets.layered.scene import LayeredScene

_SVG = "SVG (*.svg)"
_PNG = "PNG (*.png)"


class DrawingExport(QObject):
    """`told` carries what happened, in words for people. `noun` is what is drawn: "graph"."""

    told = Signal(str)

    def __init__(self, scene: LayeredScene, window: QWidget, *, noun: str) -> None:
        super().__init__(window)
        self._scene = scene
        self._window = window
        self._noun = noun
        self.title = ""

    def ask_svg(self) -> None:
        """Ask for a file and write SVG to it."""
        self._ask("svg", _SVG)

    def ask_png(self) -> None:
        """Ask for a file and write PNG to it."""
        self._ask("png", _PNG)

    def copy_image(self) -> None:
        """Put the drawing on the clipboard."""
        QGuiApplication.clipboard().setImage(image_of(self._scene))
        self.told.emit(f"The {self._noun} is on the clipboard.")

    def save(self, path: Path) -> None:
        """Write to `path`; its ending says how: `.png`, anything else is SVG.

        Raises `UserError` when it cannot be written; a file that was there then stays as it was.
        """
        file = QSaveFile(str(path))
        is_open = file.open(QSaveFile.OpenModeFlag.WriteOnly)
        if is_open and path.suffix.lower() == ".png":
            is_written = QImageWriter(file, b"png").write(image_of(self._scene))
        elif is_open:
            is_written = file.write(svg_of(self._scene, self.title)) >= 0
        if not is_open or not is_written or not file.commit():
            what = f"The {self._noun} cannot be written to {path} ({file.errorString()})."
            raise UserError(what, "Choose another folder.")

    def _ask(self, ending: str, filters: str) -> None:
        name = f"{self._noun}.{ending}"
        chosen, _ = QFileDialog.getSaveFileName(self._window, f"Export the {self._noun}", name, filters)
        if not chosen:
            return
        try:
            self.save(Path(chosen))
        except UserError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(f"Saved {Path(chosen).name}.")
