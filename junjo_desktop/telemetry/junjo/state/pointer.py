"""JSON Pointers (RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from junjo_desktop.telemetry.junjo.state.certainty import ABSENT

Tokens = tuple[str, ...]

# No array is longer, and Python refuses to read numbers of thousands of digits.
_INDEX = re.compile(r"0|[1-9][0-9]{0,14}")


def pointer_tokens(pointer: str) -> Tokens | None:
    """Return the unescaped parts of a pointer; () for the whole document, None for a text that is no pointer."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        return None
    parts = pointer[1:].split("/")
    if "~" not in pointer:
        return tuple(parts)
    if any("~" in part.replace("~0", "").replace("~1", "") for part in parts):
        return None
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def pointer_text(path: Iterable[str | int]) -> str:
    """Return the pointer to a path of keys and indexes."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def array_index(token: str) -> int | None:
    """Return the index that a token is in an array; None where it is none (RFC 6901 forbids leading zeros)."""
    return int(token) if _INDEX.fullmatch(token) else None


def child_of(container: Any, token: str) -> Any:
    """Return what one token points to, or `ABSENT`."""
    if isinstance(container, dict):
        return container.get(token, ABSENT)
    if isinstance(container, list):
        index = array_index(token)
        return ABSENT if index is None or index >= len(container) else container[index]
    return ABSENT


def value_at(document: Any, tokens: Tokens) -> Any:
    """Return what tokens point to, or `ABSENT`."""
    for token in tokens:
        document = child_of(document, token)
    return document
