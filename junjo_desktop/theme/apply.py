"""Puts a theme on the application, and follows the system when the user wishes so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from junjo_desktop.theme.fonts import load_fonts, ui_font
from junjo_desktop.theme.palette import palette
from junjo_desktop.theme.state import current, put_in_force
from junjo_desktop.theme.style_sheet import style_sheet
from junjo_desktop.theme.tokens import DARK, LIGHT, Tokens

__all__ = ["Theme", "apply_theme", "current"]

_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def apply_theme(app: QApplication, setting: str) -> Theme:
    """Show `system`, `light` or `dark` from now on; return the application's one `Theme`. May be called again."""
    found = app.findChild(Theme)
    theme = found if isinstance(found, Theme) else Theme(app)
    theme.use(setting)
    return theme


class Theme(QObject):
    """The theme of one application, its child. `changed` comes after palette, style sheet and tokens are in place."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._setting = "system"
        self._is_on = False
        load_fonts()
        app.setStyle("Fusion")
        app.setFont(ui_font())
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def use(self, setting: str) -> None:
        """Switch to `system`, `light` or `dark`."""
        if setting == self._setting and self._is_on:
            return
        self._setting = setting
        # Title bars and native dialogs agree with us where the platform can do it; elsewhere this is a no-op.
        self._app.styleHints().setColorScheme(_SCHEMES[setting])
        if not self._is_on or self._wanted() is not current():
            self._put_on(self._wanted())

    def _wanted(self) -> Tokens:
        if self._setting == "system":
            return DARK if self._system_scheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._setting == "dark" else LIGHT

    def _system_scheme(self) -> Qt.ColorScheme:
        return self._app.styleHints().colorScheme()

    def _follow_system(self) -> None:
        if self._wanted() is not current():
            self._put_on(self._wanted())

    def _put_on(self, tokens: Tokens) -> None:
        self._is_on = True
        put_in_force(tokens)
        self._app.setPalette(palette(tokens))
        self._app.setStyleSheet(style_sheet(tokens))
        self.changed.emit()
