"""Sends spans and looks at lists of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from pytestqt.qtbot import QtBot

from junjo_desktop.features.spans.filters import SortBy
from junjo_desktop.features.spans.page import SpansPage
from tests.support.otlp import Value, span, span_id, trace_id, trace_request
from tests.support.stored import StoredTelemetry
from tests.support.tables import wait_for_cells

SECOND = 10**9
MS = 10**6


def hour_ago() -> int:
    """Return a moment that is today, or nearly."""
    return time.time_ns() // SECOND * SECOND - 3600 * SECOND


def add(
    telemetry: StoredTelemetry,
    number: int,
    name: str = "work",
    *,
    service: str = "shop",
    error: str | None = None,
    duration_ms: int = 1,
    attributes: Mapping[str, Value] | None = None,
) -> None:
    """Store a span in a trace of its own; it starts `number` seconds after `hour_ago`."""
    telemetry.add(
        trace_request(
            span(
                name,
                trace=trace_id(number),
                id=span_id(number),
                start_ns=hour_ago() + number * SECOND,
                duration_ns=duration_ms * MS,
                error=error,
                attributes=attributes,
            ),
            service=service,
        )
    )


def wait_for_names(qtbot: QtBot, page: SpansPage, wanted: Sequence[str]) -> None:
    """Wait until the spans have these names."""
    wait_for_cells(qtbot, page.table, SortBy.NAME, wanted)
