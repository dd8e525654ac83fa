"""One run of a workflow or an agent: its graph, its steps, its state, its failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.run.page import RunPage

    return RunPage(workbench)


FEATURE = Feature(
    name="run",
    title="Run",
    icon="workflows",
    order=31,
    section="hidden",
    build=_build,
    destinations=(OpenRun,),
)
