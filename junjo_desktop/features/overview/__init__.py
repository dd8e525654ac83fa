"""What the calls of models add up to: the first page once there is data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.overview.page import OverviewPage

    return OverviewPage(workbench)


def _has_calls(cursor: DuckDBPyConnection) -> bool:
    from junjo_desktop.store.call_rows import has_calls

    return has_calls(cursor)


FEATURE = Feature(
    name="overview", title="Overview", icon="overview", order=10, section="main", build=_build, greets=_has_calls
)
