"""The one style sheet, generated from the tokens: what a palette cannot say (radius, padding, hairlines).

Widgets choose a look by an object name or by the dynamic property `look`:
`primary`, `danger`, `quiet` and `link` on buttons, `title`, `heading`, `dim` and `mono` on labels, `error` on lines of
input, `bar` on the header line of a page, `card` on frames.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from junjo_desktop.paths import resource_path
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.fonts import MONO
from junjo_desktop.theme.tokens import FONT_PX, MONO_PX, RADIUS_PX, Tokens

_SHEET = Template("""
QToolTip { background: $panel_2; color: $text; border: 1px solid $line; padding: 4px 6px; }
QLabel[look="dim"] { color: $dim; }
QLabel[look="title"] { font-size: 15px; font-weight: 600; }
QLabel[look="heading"] { font-weight: 600; }
QLabel[look="mono"] { font-family: "$mono"; font-size: ${mono_px}px; color: $dim; }
QLabel[look="error"] { color: $error; }
QLabel[look="found"] { background: $warning_bg; border-radius: 3px; font-weight: 600; }
QLabel[look="warning"] { color: $warning; }
QFrame[look="bar"], QFrame[look="facts"] { border: none; border-bottom: 1px solid $line; background: $panel; }
QFrame[look="peek"] { border: none; border-top: 1px solid $line; background: $panel_2; }
QTreeWidget[look="offers"] { border: 1px solid $line; border-radius: ${radius}px; background: $panel_2; padding: 3px; }
QFrame[look="card"] { border: 1px solid $line; border-radius: ${radius}px; background: $panel_2; }
QFrame[look="line"] { background: $line; border: none; }

QPushButton, QToolButton[look="button"] {
  background: $panel; color: $text; border: 1px solid $line; border-radius: ${radius}px; padding: 4px 10px;
  icon-size: 14px;
}
QPushButton:hover, QToolButton[look="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[look="button"]:pressed { background: $pressed; }
QPushButton:checked, QToolButton[look="button"]:checked {
  background: $accent_bg; border-color: $accent; color: $accent;
}
QPushButton:focus, QToolButton[look="button"]:focus { border-color: $accent; }
QPushButton:disabled, QToolButton[look="button"]:disabled { color: $disabled; background: $panel_2; }
QPushButton[look="primary"] { background: $accent_fill; color: $on_accent; border-color: $accent_fill; }
QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed { background: $accent_deep; }
QPushButton[look="primary"]:focus { border-color: $text; }
QPushButton[look="primary"]:disabled { background: $panel_2; color: $disabled; border-color: $line; }
QPushButton[look="danger"] { background: $error; color: $on_accent; border-color: $error; }
QPushButton[look="danger"]:hover, QPushButton[look="danger"]:pressed { background: $error_deep; }
QPushButton[look="danger"]:focus { border-color: $text; }
QPushButton[look="danger"]:disabled { background: $panel_2; color: $disabled; border-color: $line; }
QPushButton[look="quiet"], QToolButton { background: transparent; border: 1px solid transparent;
  border-radius: ${radius}px; padding: 3px; }
QPushButton[look="quiet"] { padding: 4px 8px; color: $dim; }
QPushButton[look="quiet"]:hover, QToolButton:hover { background: $hover; }
QPushButton[look="quiet"]:focus, QToolButton:focus { border-color: $accent; }
QPushButton[look="link"] { background: transparent; color: $accent; border: 1px solid transparent;
  border-radius: 4px; padding: 0 3px; margin-left: -4px; font-size: 12px; }
QPushButton[look="link"]:hover { background: $hover; }
QPushButton[look="link"]:focus { border-color: $accent; }
QPushButton[look="news"] { background: $accent_bg; color: $accent; border: 1px solid $accent_line; padding: 3px 12px;
  border-radius: 12px; font-size: 12px; font-weight: 600; }
QPushButton[look="news"]:hover, QPushButton[look="news"]:focus { border-color: $accent; }
QPushButton[look="chip"] { background: $accent_bg; color: $text; border: 1px solid transparent; border-radius: 10px;
  padding: 2px 8px; font-size: 12px; }
QPushButton[look="chip"]:hover, QPushButton[look="chip"]:focus { border-color: $accent; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit[look="input"], QTextEdit[look="input"] {
  background: $panel; color: $text; border: 1px solid $line; border-radius: ${radius}px; padding: 4px 8px;
  selection-background-color: $selection; selection-color: $text;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit[look="input"]:focus { border-color: $accent; }
QLineEdit[look="error"], QLineEdit[look="error"]:focus { border-color: $error; }
QLineEdit:disabled, QAbstractSpinBox:disabled { color: $disabled; background: $panel_2; }
QComboBox { background: $panel; color: $text; border: 1px solid $line; border-radius: ${radius}px;
  padding: 4px 24px 4px 10px; }
QComboBox:hover { background: $hover; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView, QMenu { background: $panel; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $accent_bg; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $panel; border: none; }
QTabBar::tab { background: transparent; color: $dim; border: none; border-bottom: 2px solid transparent;
  padding: 8px 2px 7px 2px; margin: 0 7px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QAbstractScrollArea { background: $panel; border: none; }
QTableView, QTreeView, QListView { border: none; background: $panel; outline: none; selection-color: $text; }
QPlainTextEdit, QTextEdit, QTextBrowser {
  border: none; selection-background-color: $selection; selection-color: $text;
}
QTextBrowser[look="message"] { background: transparent; }
QPlainTextEdit[look="code"] { background: $panel_2; border: 1px solid $line; border-radius: ${radius}px; }
QPlainTextEdit[look="code"]:focus { border-color: $accent; }
QHeaderView { background: $panel_2; border: none; }
QHeaderView::section { background: $panel_2; color: $dim; border: none; border-bottom: 1px solid $line;
  padding: 5px 8px; font-size: 12px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $panel_2; border: none; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 13px; height: 13px; border: 1px solid $dim; border-radius: 4px; background: $panel; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $line; background: $panel_2; }
QProgressBar { background: $panel_2; border: 1px solid $line; border-radius: 3px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

#rail { background: $panel_2; border: none; border-right: 1px solid $line; }
#statusBar { background: $panel_2; border: none; border-top: 1px solid $line; }
#statusBar QLabel, #statusBar QPushButton { color: $dim; font-size: 12px; }
#statusBar QPushButton { background: transparent; border: 1px solid transparent; padding: 2px 6px; }
#statusBar QPushButton:hover { color: $text; background: $hover; }
#statusBar QPushButton:focus { border-color: $accent; }
#palette { background: $panel; border: 1px solid $line; }
#palette QLineEdit {
  border: none; border-bottom: 1px solid $line; border-radius: 0; padding: 10px 14px; font-size: 15px;
}
""")


def style_sheet(tokens: Tokens) -> str:
    """Return the style sheet of one theme."""
    dark = tokens.name == "dark"
    return _SHEET.substitute(
        asdict(tokens),
        mono=MONO,
        mono_px=MONO_PX,
        font_px=FONT_PX,
        radius=RADIUS_PX,
        hover=mix(tokens.text, tokens.panel, 0.05),
        pressed=mix(tokens.text, tokens.panel, 0.10),
        disabled=mix(tokens.dim, tokens.panel, 0.7),
        thumb=mix(tokens.faint, tokens.panel, 0.5),
        selection=mix(tokens.accent, tokens.panel, 0.28),
        accent_fill=tokens.accent,
        accent_deep=mix(tokens.accent, tokens.text, 0.85),
        error_deep=mix(tokens.error, tokens.text, 0.85),
        on_accent=tokens.background if dark else tokens.panel,
        accent_line=mix(tokens.accent, tokens.accent_bg, 0.35),
        chevron=_chevron(tokens),
        check=resource_path("icons", f"check-{tokens.name}.svg").as_posix(),
    )


def _chevron(tokens: Tokens) -> str:
    # A style sheet cannot tint: this icon lies ready in the colours of both themes.
    return resource_path("icons", f"chevron-down-{tokens.name}.svg").as_posix()
