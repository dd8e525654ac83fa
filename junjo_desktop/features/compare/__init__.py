"""Two runs of a workflow or an agent side by side, and two traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import CompareRuns, CompareTraces
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build_runs(workbench: Workbench) -> Page:
    from junjo_desktop.features.compare.page import ComparePage

    return ComparePage(workbench)


def _build_traces(workbench: Workbench) -> Page:
    from junjo_desktop.features.compare.traces.page import CompareTracesPage

    return CompareTracesPage(workbench)


FEATURES = (
    Feature(
        name="compare",
        title="Compare runs",
        icon="columns",
        order=32,
        section="hidden",
        build=_build_runs,
        destinations=(CompareRuns,),
    ),
    Feature(
        name="compare_traces",
        title="Compare traces",
        icon="columns",
        order=33,
        section="hidden",
        build=_build_traces,
        destinations=(CompareTraces,),
    ),
)
