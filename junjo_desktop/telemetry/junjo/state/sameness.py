"""Equality of JSON values. Python's own takes true for 1, and its recursion ends at deep nesting."""

from __future__ import annotations

from typing import Any


def is_same(first: Any, second: Any) -> bool:
    """Whether two JSON values are equal. 1 and 1.0 are; 1 and true are not; parts that are shared are not looked at."""
    pending: list[tuple[Any, Any]] = [(first, second)]
    while pending:
        one, other = pending.pop()
        if one is other:
            continue
        if isinstance(one, dict):
            if not isinstance(other, dict) or one.keys() != other.keys():
                return False
            pending.extend((value, other[key]) for key, value in one.items())
        elif isinstance(one, list):
            if not isinstance(other, list) or len(one) != len(other):
                return False
            pending.extend(zip(one, other, strict=True))
        elif one != other or isinstance(one, bool) != isinstance(other, bool):
            return False
    return True
