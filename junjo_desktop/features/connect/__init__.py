"""Connect: what to put into a program, what is listening, and the connection doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.connect.page import ConnectPage

    return ConnectPage(workbench)


FEATURE = Feature(name="connect", title="Connect", icon="connect", order=10, section="foot", build=_build)
