"""A value in one line, as far as it says something. Qt-free."""

from __future__ import annotations

from typing import Any

from junjo_desktop.widgets.json_nodes import value_text

_WHOLE_PARTS = 4


def short_text(value: Any) -> str:
    """Return a value for one line: a small object or array whole, any other by its size."""
    is_container = isinstance(value, dict | list) and 0 < len(value) <= _WHOLE_PARTS
    parts = list(value.values() if isinstance(value, dict) else value) if is_container else []
    if not parts or any(isinstance(part, dict | list) for part in parts):
        return value_text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}": {value_text(part)}' for key, part in value.items()) + " }"
    return "[ " + ", ".join(map(value_text, parts)) + " ]"
