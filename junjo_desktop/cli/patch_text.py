"""What an update of a state did, in one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_SIGNS = {"add": "+", "remove": "-", "replace": "~", "move": "→", "copy": "⧉", "test": "="}
_MOST_OPERATIONS = 4
_LONGEST_VALUE = 48


def update_text(transition: Mapping[str, Any]) -> str:
    """Return what the patch of a transition changed: `~ /status "done"`, `+ /items/3 {…}`, `- /draft`."""
    patch = transition["patch"]
    if patch is None:
        return f"(patch {transition['patch_mode']})" if transition["patch_mode"] != "full" else "(patch cannot be read)"
    if not patch:
        return "nothing changed"
    if not isinstance(patch, list):
        return f"(no JSON patch: {_value(patch)})"
    shown = [_operation(operation) for operation in patch[:_MOST_OPERATIONS]]
    if len(patch) > _MOST_OPERATIONS:
        shown.append(f"{len(patch) - _MOST_OPERATIONS} more")
    return ", ".join(shown)


def _operation(operation: Any) -> str:
    if not isinstance(operation, dict):
        return _value(operation)
    kind, path = str(operation.get("op")), operation.get("path")
    sign = _SIGNS.get(kind, kind[:_LONGEST_VALUE])
    place = "the whole state" if path == "" else str(path)[:_LONGEST_VALUE]
    if kind in {"move", "copy"}:
        return f"{str(operation.get('from'))[:_LONGEST_VALUE]} {sign} {place}"
    return f"{sign} {place}" if "value" not in operation else f"{sign} {place} {_value(operation['value'])}"


def _value(value: Any) -> str:
    # Never a large value's whole text: only its beginning is shown.
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE + 1]
    if isinstance(value, dict) and value:
        return f"{{{len(value)} {'key' if len(value) == 1 else 'keys'}}}" if _is_large(value) else _json(value)
    if isinstance(value, list) and value:
        return f"[{len(value)} {'item' if len(value) == 1 else 'items'}]" if _is_large(value) else _json(value)
    text = _json(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _is_large(value: dict[str, Any] | list[Any]) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else value
    plain = all(not isinstance(part, dict | list) and len(str(part)) < _LONGEST_VALUE for part in parts[:5])
    return len(parts) > 4 or not plain or len(_json(value)) > _LONGEST_VALUE


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
