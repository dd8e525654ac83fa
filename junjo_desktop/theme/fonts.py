"""Fonts: the system's own for the interface, bundled Inter where it names none, JetBrains Mono for ids and code."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from junjo_desktop.paths import resource_path
from junjo_desktop.theme.tokens import FONT_PX, MONO_PX

UI_FALLBACK = "Inter"
MONO = "JetBrains Mono"
_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Italic.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
)
# What Qt answers when no desktop has told it a font.
_GENERIC_FAMILIES = frozenset({"", "Sans", "Sans Serif", "sans-serif"})
_SCREENLESS_PLATFORMS = frozenset({"offscreen", "minimal"})


def load_fonts() -> tuple[str, ...]:
    """Register the bundled fonts; return the families that are now there. A missing file is left out."""
    families: list[str] = []
    for name in _FILES:
        number = QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
        families.extend(QFontDatabase.applicationFontFamilies(number) if number >= 0 else ())
    return tuple(dict.fromkeys(families))


def ui_font(*, size_px: int = FONT_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the interface font, with figures of equal width."""
    font = QFont(_ui_families())
    font.setPixelSize(size_px)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(*, size_px: int = MONO_PX, bold: bool = False) -> QFont:
    """Return the font for ids, JSON and code. Ligatures are off: what is shown is what was sent."""
    font = QFont([MONO, QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(size_px)
    font.setBold(bold)
    for feature in ("calt", "liga"):
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _ui_families() -> list[str]:
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    screenless = QGuiApplication.platformName() in _SCREENLESS_PLATFORMS
    if screenless or system in _GENERIC_FAMILIES:
        return [UI_FALLBACK]
    return [system, UI_FALLBACK]
