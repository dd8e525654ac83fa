"""Themes switch while the window is open, follow the system, and bring their own fonts and icons."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontInfo, QFontMetrics, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from junjo_desktop.paths import resource_path
from junjo_desktop.theme.apply import apply_theme, current
from junjo_desktop.theme.fonts import MONO, UI_FALLBACK, load_fonts, mono_font, ui_font
from junjo_desktop.theme.icons import icon
from junjo_desktop.theme.style_sheet import style_sheet
from junjo_desktop.theme.tokens import DARK, LIGHT, Tokens

ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg") if path.stem[-5:] not in ("light", "-dark"))


def test_switching_changes_tokens_palette_and_style_sheet_at_once(qapp: QApplication, qtbot: QtBot) -> None:
    theme = apply_theme(qapp, "light")
    with qtbot.waitSignal(theme.changed):
        apply_theme(qapp, "dark")

    assert current() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.panel
    assert DARK.accent in qapp.styleSheet()


def test_choosing_the_theme_in_force_again_costs_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    theme = apply_theme(qapp, "light")
    with qtbot.assertNotEmitted(theme.changed):
        apply_theme(qapp, "light")


def test_another_setting_that_looks_the_same_costs_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    theme = apply_theme(qapp, "light")
    with qtbot.assertNotEmitted(theme.changed):
        apply_theme(qapp, "system")
        apply_theme(qapp, "light")


def test_another_theme_is_put_on_once(qapp: QApplication) -> None:
    theme = apply_theme(qapp, "light")
    changes: list[None] = []
    theme.changed.connect(lambda: changes.append(None))
    apply_theme(qapp, "dark")
    assert len(changes) == 1


def test_the_application_has_one_theme(qapp: QApplication) -> None:
    assert apply_theme(qapp, "light") is apply_theme(qapp, "dark")


def test_system_follows_the_system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    # No desktop here tells a colour scheme; what the platform would say is put in its place.
    theme = apply_theme(qapp, "system")
    said = [Qt.ColorScheme.Dark]
    monkeypatch.setattr(theme, "_system_scheme", lambda: said[0])

    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert current() is DARK
    said[0] = Qt.ColorScheme.Light
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current() is LIGHT


def test_a_chosen_theme_ignores_the_system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = apply_theme(qapp, "light")
    monkeypatch.setattr(theme, "_system_scheme", lambda: Qt.ColorScheme.Dark)

    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)

    assert current() is LIGHT


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_style_sheet_leaves_nothing_open(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_bundled_fonts_are_there_and_used_where_no_desktop_names_one(qapp: QApplication) -> None:
    assert {UI_FALLBACK, MONO} <= set(load_fonts())
    apply_theme(qapp, "light")
    assert QFontInfo(ui_font()).family() == UI_FALLBACK
    assert QFontInfo(mono_font()).family() == MONO
    assert QFontInfo(mono_font()).fixedPitch()


def test_figures_have_equal_width_also_where_the_style_sheet_speaks(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "light")
    label = QLabel("1")
    label.setProperty("look", "title")
    qtbot.addWidget(label)
    label.ensurePolished()
    for font in (ui_font(), label.font()):
        metrics = QFontMetrics(font)
        assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_tinted_and_sharp(qapp: QApplication, name: str) -> None:
    apply_theme(qapp, "light")
    pixmap = icon(name, "error").pixmap(QSize(16, 16), 2.0)

    assert pixmap.size() == QSize(32, 32)
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    strongest = max((image.pixelColor(x, y) for x in range(32) for y in range(32)), key=lambda color: color.alpha())
    assert strongest.alpha() > 150
    wanted = [int(LIGHT.error[at : at + 2], 16) for at in (1, 3, 5)]
    assert [strongest.red(), strongest.green(), strongest.blue()] == pytest.approx(wanted, abs=8)


def test_an_unknown_icon_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no such icon")


def test_checked_icons_take_the_accent(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    off = icon("live").pixmap(QSize(16, 16), 1.0, QIcon.Mode.Normal, QIcon.State.Off).toImage()
    on = icon("live").pixmap(QSize(16, 16), 1.0, QIcon.Mode.Normal, QIcon.State.On).toImage()
    assert off != on
