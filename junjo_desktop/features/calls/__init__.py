"""The list of all calls of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenCalls, OpenTrace
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.calls.page import CallsPage

    return CallsPage(workbench)


def _count(cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.calls.queries import call_count

    return call_count(cursor)


FEATURE = Feature(
    name="calls",
    title="LLM calls",
    icon="llm",
    order=60,
    section="main",
    build=_build,
    destinations=(OpenCalls,),
    leads_to=(OpenTrace,),
    count=_count,
    lists="calls",
)
