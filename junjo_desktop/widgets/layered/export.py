"""A layered drawing as a file: SVG that scales, PNG at twice the size of the screen's pixels."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from junjo_desktop.theme.state import current
from junjo_desktop.widgets.layered.labels import shown_text
from junjo_desktop.widgets.layered.scene import LayeredScene

_MARGIN = 24.0
_PNG_SCALE = 2.0
_SVG_RESOLUTION = 96
"""CSS pixels in an inch."""
_MOST_PIXELS = 36_000_000
"""A larger picture would take more than 150 MB while it is painted; it is painted smaller instead."""


def svg_of(scene: LayeredScene, title: str) -> bytes:
    """Return the drawing as SVG, in the colours of the theme in force."""
    area = _area(scene)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(area.width()), round(area.height())))
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setResolution(_SVG_RESOLUTION)
    generator.setTitle(shown_text(title))
    generator.setDescription("")
    painter = QPainter(generator)
    _render(scene, painter, area)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def image_of(scene: LayeredScene) -> QImage:
    """Return the drawing as an image, in the colours of the theme in force."""
    area = _area(scene)
    scale = min(_PNG_SCALE, (_MOST_PIXELS / (area.width() * area.height())) ** 0.5)
    image = QImage(
        max(round(area.width() * scale), 1), max(round(area.height() * scale), 1), QImage.Format.Format_RGB32
    )
    image.fill(QColor(current().panel_2))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    _render(scene, painter, area)
    painter.end()
    return image


def _area(scene: LayeredScene) -> QRectF:
    return scene.whole.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)


def _render(scene: LayeredScene, painter: QPainter, area: QRectF) -> None:
    scene.follow_theme()
    with scene.without_marks():
        scene.render(painter, QRectF(0, 0, area.width(), area.height()), area, Qt.AspectRatioMode.IgnoreAspectRatio)
