"""The list of all log records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenLogs
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.logs.page import LogsPage

    return LogsPage(workbench)


def _count(cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.logs.queries import log_count

    return log_count(cursor)


FEATURE = Feature(
    name="logs",
    title="Logs",
    icon="logs",
    order=27,
    section="main",
    build=_build,
    destinations=(OpenLogs,),
    count=_count,
    lists="logs",
)
