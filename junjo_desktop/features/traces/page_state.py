"""What of the filters of the Traces page outlives the window."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.traces.filters import TraceFilter
from junjo_desktop.widgets import list_state

_TEXTS = ("service",)
_SWITCHES = ("errors_only", "has_llm", "starred_only")


def write_filter(state: QSettings, chosen: TraceFilter) -> None:
    """Keep what is chosen by name, switches and a relative time range."""
    list_state.write_filter(state, chosen, (*_TEXTS, *_SWITCHES))


def read_filter(state: QSettings) -> TraceFilter:
    """Read the filters back; anything odd is left out."""
    return list_state.read_filter(state, TraceFilter(), _TEXTS, _SWITCHES)
