"""Which places of a document a patch may touch, told by the patch alone."""

from __future__ import annotations

from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT, UNKNOWN_STATE
from junjo_desktop.telemetry.junjo.state.patch import Operation, Patch
from junjo_desktop.telemetry.junjo.state.pointer import Tokens, array_index, value_at


def touches(patch: Patch, tokens: Tokens) -> bool:
    """Whether a patch may change what tokens point to: there, above, below, or by shifting an array."""
    return any(_reaches(path, tokens) for operation in patch.operations for path in _changed_paths(operation))


def written(patch: Patch, tokens: Tokens) -> Any:
    """Return what tokens point to after a patch: a value, `ABSENT`, `UNKNOWN_STATE` when only a state could tell."""
    known: Any = UNKNOWN_STATE
    for operation in patch.operations:
        if any(_reaches(path, tokens) for path in _changed_paths(operation)):
            known = _written_by(operation, tokens)
    return known


def changed_below(patch: Patch, tokens: Tokens) -> list[Tokens]:
    """Return the places below tokens, seen from there, that a patch names."""
    depth = len(tokens)
    named = [path for operation in patch.operations for path in _changed_paths(operation)]
    return [path[depth:] for path in named if len(path) > depth and path[:depth] == tokens]


def _written_by(operation: Operation, tokens: Tokens) -> Any:
    depth = len(operation.path)
    is_at_or_above = tokens[:depth] == operation.path
    if is_at_or_above and operation.name == "replace":
        return value_at(operation.value, tokens[depth:])
    last_is_index = depth > 0 and (operation.path[-1] == "-" or array_index(operation.path[-1]) is not None)
    if is_at_or_above and operation.name == "add":
        return value_at(operation.value, tokens[depth:])
    # After a removal from an array, what was behind stands there: only a state could tell.
    if is_at_or_above and operation.name == "remove" and not last_is_index:
        return ABSENT
    return UNKNOWN_STATE


def _changed_paths(operation: Operation) -> tuple[Tokens, ...]:
    if operation.name == "test":
        return ()
    if operation.name == "move" and operation.source is not None:
        return operation.path, operation.source
    return (operation.path,)


def _reaches(path: Tokens, tokens: Tokens) -> bool:
    shared = min(len(path), len(tokens))
    if path[:shared] == tokens[:shared]:
        return True
    last = len(path) - 1
    if len(tokens) <= last or path[:last] != tokens[:last]:
        return False
    index = array_index(tokens[last])
    if index is None:
        return False
    at = array_index(path[last])
    return path[last] == "-" or (at is not None and at < index)
