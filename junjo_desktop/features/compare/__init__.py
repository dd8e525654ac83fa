"""Two runs of a workflow or an agent side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import CompareRuns
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.compare.page import ComparePage

    return ComparePage(workbench)


FEATURE = Feature(
    name="compare",
    title="Compare runs",
    icon="columns",
    order=32,
    section="hidden",
    build=_build,
    destinations=(CompareRuns,),
)
