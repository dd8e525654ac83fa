"""Keys: create, copy and revoke the API keys that programs send with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.keys.page import KeysPage

    return KeysPage(workbench)


FEATURE = Feature(name="keys", title="Keys", icon="keys", order=20, section="foot", build=_build)
