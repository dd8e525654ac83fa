"""What of the filters of the page of calls outlives the window."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from junjo_desktop.features.calls.filters import CallFilter
from junjo_desktop.widgets import list_state

_TEXTS = ("service", "model", "provider")
_SWITCHES = ("failed", "only_counted")


def write_filter(state: QSettings, chosen: CallFilter) -> None:
    """Keep what is chosen by name, switches and a relative time range."""
    list_state.write_filter(state, chosen, (*_TEXTS, *_SWITCHES))


def read_filter(state: QSettings) -> CallFilter:
    """Read the filters back; anything odd is left out."""
    return list_state.read_filter(state, CallFilter(), _TEXTS, _SWITCHES)
