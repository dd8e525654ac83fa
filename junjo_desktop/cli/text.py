"""Text that others wrote, made harmless for a terminal and measured in its columns."""

from __future__ import annotations

import unicodedata

_PICTURES = {number: chr(0x2400 + number) for number in range(32)} | {0x7F: "␡"}
# Joiners build emoji and the scripts of half of Asia; alone they do nothing.
_JOINERS = "\u200c\u200d"
# Controls, format characters (direction overrides among them), halves of surrogate pairs, line and paragraph breaks.
_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def harmless(text: str) -> str:
    """Return `text` on one line, with everything a terminal would act on made visible instead."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def columns(text: str) -> int:
    """Return how many columns `text` (already harmless) takes in a terminal."""
    return len(text) if text.isascii() else sum(_width(sign) for sign in text)


def cut(text: str, width: int) -> str:
    """Return `text` in at most `width` columns, its end replaced by an ellipsis when it has to be cut."""
    # A column is at least... one sign, but signs without width could follow for ever: bound what is looked at.
    bounded = text[: width * 8 + 8]
    if bounded == text and columns(text) <= width:
        return text
    kept: list[str] = []
    used = 0
    for sign in bounded:
        used += _width(sign)
        if used > width - 1:
            break
        kept.append(sign)
    return "".join(kept) + "…" if width > 0 else ""


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` filled with spaces to `width` columns, at its end or (`right`) at its start."""
    fill = " " * max(0, width - columns(text))
    return fill + text if right else text + fill


def _shown(sign: str) -> str:
    number = ord(sign)
    if number in _PICTURES:
        return _PICTURES[number]
    if unicodedata.category(sign) not in _ACTING or sign in _JOINERS:
        return sign
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _width(sign: str) -> int:
    if sign in _JOINERS or unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1
