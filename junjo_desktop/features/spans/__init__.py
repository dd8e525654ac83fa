"""The list of all spans, and how long those of one name take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenSpans, OpenTrace
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.spans.page import SpansPage

    return SpansPage(workbench)


def _count(cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.spans.queries import span_count

    return span_count(cursor)


FEATURE = Feature(
    name="spans",
    title="Spans",
    icon="spans",
    order=25,
    section="main",
    build=_build,
    destinations=(OpenSpans,),
    leads_to=(OpenTrace,),
    count=_count,
    lists="spans",
)
