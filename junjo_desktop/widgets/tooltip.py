"""Tooltips for text that others wrote. Qt has no plain-text switch for them, so markup is escaped. Qt-free."""

from __future__ import annotations

import html

from junjo_desktop.widgets.display_text import many_lines

_LONGEST = 2000


def plain_tooltip(text: str) -> str:
    """Return tooltip text that shows `text` as it is (its first 2,000 characters), wrapped at the tooltip's width."""
    if not text:
        return ""
    shown = text[:_LONGEST] + ("…" if len(text) > _LONGEST else "")
    return f'<span style="white-space: pre-wrap">{html.escape(many_lines(shown))}</span>'
