"""How services do: their figures, a map of who calls whom, and their restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenServices
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.services.page import ServicesPage

    return ServicesPage(workbench)


def _count(cursor: DuckDBPyConnection) -> int:
    from junjo_desktop.features.services.queries import service_count

    return service_count(cursor)


FEATURE = Feature(
    name="services",
    title="Services",
    icon="services",
    order=55,
    section="main",
    build=_build,
    destinations=(OpenServices,),
    count=_count,
)
