"""Texts of senders as they stand in a drawing. Qt-free."""

from __future__ import annotations

from junjo_desktop.widgets.display_text import one_line

_LONGEST_LABEL = 80
# XML, and with it SVG, has no place for these two; everything else that is dangerous `one_line` takes out.
_NO_CHARACTERS = {0xFFFE: "�", 0xFFFF: "�"}


def shown_text(text: str, otherwise: str = "(no name)") -> str:
    """Return a label on one line and of a bounded length."""
    return one_line(text, _LONGEST_LABEL).translate(_NO_CHARACTERS).strip() or otherwise
