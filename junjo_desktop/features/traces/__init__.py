"""The list of traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenTraces
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.traces.page import TracesPage

    return TracesPage(workbench)


def _count(cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.traces.queries import trace_count

    return trace_count(cursor)


FEATURE = Feature(
    name="traces",
    title="Traces",
    icon="traces",
    order=20,
    section="main",
    build=_build,
    destinations=(OpenTraces,),
    lists="traces",
    count=_count,
)
