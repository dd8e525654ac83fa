"""Patches backwards: what a document may have been before an update, worked back from what it is after it.

A patch does not say what it replaced or removed. Such values are taken from an earlier state where that has the place,
and are null elsewhere: the result is an inference, and replaying the patch on it gives the document again.
"""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT
from junjo_desktop.telemetry.junjo.state.patch import Operation, Ownership, Patch, PatchError, shown
from junjo_desktop.telemetry.junjo.state.pointer import Tokens, array_index, value_at


def undone(document: Any, patch: Patch, earlier: Any, mine: Ownership) -> Any:
    """Return what `document` may have been before `patch`. Raises PatchError where that cannot be told."""
    for operation in reversed(patch.operations):
        document = _undo(document, operation, earlier, mine)
    return document


def _undo(document: Any, operation: Operation, earlier: Any, mine: Ownership) -> Any:
    path = operation.path
    match operation.name:
        case "add" | "copy":
            return _taken_out(document, path, mine)[0]
        case "remove":
            return _put_in(document, path, _guess(earlier, path), mine)
        case "replace":
            return _put_over(document, path, _guess(earlier, path), mine)
        case "move" if operation.source is not None and operation.source != path:
            rest, value = _taken_out(document, path, mine)
            return _put_in(rest, operation.source, value, mine)
        case _:
            return document


def _guess(earlier: Any, path: Tokens) -> Any:
    value = value_at(earlier, path)
    return None if value is ABSENT else value


def _parent(document: Any, path: Tokens, mine: Ownership) -> tuple[Any, Any]:
    if not path:
        raise PatchError("What the whole state was before cannot be told.")
    root = mine.own_path(document, path)
    return root, value_at(root, path[:-1])


def _taken_out(document: Any, path: Tokens, mine: Ownership) -> tuple[Any, Any]:
    root, parent = _parent(document, path, mine)
    if isinstance(parent, dict) and path[-1] in parent:
        return root, parent.pop(path[-1])
    if isinstance(parent, list):
        index = len(parent) - 1 if path[-1] == "-" else array_index(path[-1])
        if index is not None and 0 <= index < len(parent):
            return root, parent.pop(index)
    raise PatchError(f"{shown(path)} is not in the state after it.")


def _put_in(document: Any, path: Tokens, value: Any, mine: Ownership) -> Any:
    root, parent = _parent(document, path, mine)
    if isinstance(parent, dict):
        parent[path[-1]] = value
        return root
    index = array_index(path[-1])
    if index is None or index > len(parent):
        raise PatchError(f"{shown(path)} has no place in the state after it.")
    parent.insert(index, value)
    return root


def _put_over(document: Any, path: Tokens, value: Any, mine: Ownership) -> Any:
    root, parent = _parent(document, path, mine)
    if isinstance(parent, dict) and path[-1] in parent:
        parent[path[-1]] = value
        return root
    index = array_index(path[-1])
    if not isinstance(parent, list) or index is None or index >= len(parent):
        raise PatchError(f"{shown(path)} is not in the state after it.")
    parent[index] = value
    return root
