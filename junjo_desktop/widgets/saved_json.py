"""Small values in the window's state, as JSON text: anything odd reads as nothing."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QSettings


def write_json(state: QSettings, key: str, value: Any) -> None:
    """Keep a value that JSON knows."""
    state.setValue(key, json.dumps(value))


def read_json(state: QSettings, key: str) -> object:
    """Return what `write_json` kept; None when there is nothing, or nothing that can be read."""
    try:
        found: object = json.loads(str(state.value(key, "null")))
    except ValueError:
        return None
    return found
