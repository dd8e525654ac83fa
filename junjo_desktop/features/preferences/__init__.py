"""Preferences: ports, theme, where everything is kept, what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.preferences.page import PreferencesPage

    return PreferencesPage(workbench)


FEATURE = Feature(name="preferences", title="Preferences", icon="preferences", order=30, section="foot", build=_build)
