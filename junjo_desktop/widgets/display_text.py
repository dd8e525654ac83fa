"""Makes text that others wrote safe to show: one line, no control characters, never more than is seen. Qt-free."""

from __future__ import annotations

_LINE_BREAKS = {ord("\n"): "⏎", ord("\r"): "", ord("\t"): " ", 0x2028: "⏎", 0x2029: "⏎"}
# C0 controls as their Unicode pictures; the rest, and every explicit direction mark, as a plain placeholder.
_CONTROLS = {number: chr(0x2400 + number) for number in range(32)} | {0x7F: "␡"}
_DIRECTIONS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "")
_HIDDEN = dict.fromkeys(range(0x80, 0xA0), "�") | _DIRECTIONS
_ONE_LINE = _CONTROLS | _HIDDEN | _LINE_BREAKS
_MANY_LINES = {key: value for key, value in (_CONTROLS | _HIDDEN).items() if key not in (9, 10, 13)}

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"


def one_line(text: str, limit: int = 400) -> str:
    """Return `text` on one line, at most `limit` characters of it, with control characters made visible."""
    cut = text[:limit] + "…" if len(text) > limit else text
    return _whole(cut.translate(_ONE_LINE))


def many_lines(text: str) -> str:
    """Return `text` with its line breaks and tabs kept and other control characters made visible."""
    return _whole(text.translate(_MANY_LINES))


def excerpt(text: str, characters: int = 400, lines: int = 6) -> str:
    """Return the beginning of `text` for a label that wraps, with an ellipsis when something is left out."""
    begun = text[:characters]
    kept = "\n".join(begun.splitlines()[:lines])
    return many_lines(kept) + ("…" if len(kept) < len(text.rstrip("\r\n")) else "")


def isolated(text: str) -> str:
    """Return `text` so that its writing direction cannot reorder what stands beside it."""
    return f"{_FIRST_STRONG_ISOLATE}{one_line(text)}{_POP_ISOLATE}"


def _whole(text: str) -> str:
    # Half of a surrogate pair cannot be drawn, copied or encoded.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8", "replace")
