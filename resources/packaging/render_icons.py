"""Render the app icon: `python -m resources.packaging.render_icons` writes the PNG, ICO and ICNS files again."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parents[1] / "icons" / "app"
NAME = "junjo-desktop"
# The sizes that Briefcase asks for on Linux; Windows and macOS take their files as a whole.
SIZES = (16, 32, 64, 128, 256, 512)


def render(renderer: QSvgRenderer, size: int) -> QImage:
    """Draw the icon on a transparent square of `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def main(folder: Path = FOLDER) -> None:
    """Write every file beside the SVG."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(FOLDER / f"{NAME}.svg"))
    for size in SIZES:
        render(renderer, size).save(str(folder / f"{NAME}-{size}.png"))
    # An ICO may hold a PNG as it is; Qt would write 270 kB of pixels.
    largest = (folder / f"{NAME}-256.png").read_bytes()
    entry = struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(largest), 22)
    (folder / f"{NAME}.ico").write_bytes(entry + largest)
    render(renderer, 512).save(str(folder / f"{NAME}.icns"))
    del application


if __name__ == "__main__":
    main()
