"""Design tokens as a `QPalette`, so that Qt's own controls and delegates agree with ours."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from junjo_desktop.theme.color import mix
from junjo_desktop.theme.tokens import Tokens

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


def palette(tokens: Tokens) -> QPalette:
    """Return the palette of one theme."""
    result = QPalette()
    for role, color in _colors(tokens).items():
        result.setColor(role, QColor(color))
    disabled = mix(tokens.dim, tokens.panel, 0.7)
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText, _Role.HighlightedText):
        result.setColor(_Group.Disabled, role, QColor(disabled))
    return result


def _colors(tokens: Tokens) -> dict[QPalette.ColorRole, str]:
    return {
        _Role.Window: tokens.panel,
        _Role.WindowText: tokens.text,
        _Role.Base: tokens.panel,
        _Role.AlternateBase: tokens.panel_2,
        _Role.Text: tokens.text,
        _Role.PlaceholderText: tokens.dim,
        _Role.Button: tokens.panel,
        _Role.ButtonText: tokens.text,
        _Role.BrightText: tokens.error,
        _Role.ToolTipBase: tokens.panel_2,
        _Role.ToolTipText: tokens.text,
        _Role.Highlight: tokens.accent_bg,
        _Role.HighlightedText: tokens.text,
        _Role.Accent: tokens.accent,
        _Role.Link: tokens.accent,
        _Role.LinkVisited: tokens.llm,
        _Role.Light: tokens.panel,
        _Role.Midlight: tokens.panel_2,
        _Role.Mid: tokens.line,
        _Role.Dark: tokens.line,
        _Role.Shadow: tokens.line,
    }
