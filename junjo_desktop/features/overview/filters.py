"""What the Overview is of: a time, and one service or all. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import PRESETS, TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewFilter(ListFilter):
    """A time, and one service or all."""

    HAS_DURATION: ClassVar[bool] = False

    time_range: TimeRange = PRESETS["Last 24 hours"]
