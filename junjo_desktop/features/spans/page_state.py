"""What of the filters of the Spans page outlives the window."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.spans.filters import SpanFilter
from junjo_desktop.widgets import list_state

_TEXTS = ("service", "name", "span_type")
_SWITCHES = ("failed",)


def write_filter(state: QSettings, chosen: SpanFilter) -> None:
    """Keep what is chosen by name, switches and a relative time range."""
    list_state.write_filter(state, chosen, (*_TEXTS, *_SWITCHES))


def read_filter(state: QSettings) -> SpanFilter:
    """Read the filters back; anything odd is left out."""
    return list_state.read_filter(state, SpanFilter(), _TEXTS, _SWITCHES)
