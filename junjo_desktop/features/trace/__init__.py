"""One trace: its waterfall, and everything a span holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenTrace
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.trace.page import TracePage

    return TracePage(workbench)


FEATURE = Feature(
    name="trace",
    title="Trace",
    icon="traces",
    order=21,
    section="hidden",
    build=_build,
    destinations=(OpenTrace,),
)
