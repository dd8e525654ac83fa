"""Entries of a conversation for the clipboard: as text, as Markdown, as JSON. Qt-free."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

from junjo_desktop.widgets.conversation.entries import Entry, Part


class CopyForm(StrEnum):
    """How entries are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


COPY_FORMS = (
    (CopyForm.TEXT, "Copy as text"),
    (CopyForm.MARKDOWN, "Copy as Markdown"),
    (CopyForm.JSON, "Copy as JSON"),
)


def copied_entries(entries: Sequence[Entry], form: CopyForm) -> str:
    """Write entries whole, folded parts too. JSON holds those that stand for something that was sent."""
    match form:
        case CopyForm.TEXT:
            return "\n\n".join(_text(entry) for entry in entries)
        case CopyForm.MARKDOWN:
            return "\n\n".join(_markdown(entry) for entry in entries)
        case CopyForm.JSON:
            sent = [entry.raw for entry in entries if entry.raw is not None]
            return json.dumps(sent[0] if len(sent) == 1 else sent, ensure_ascii=False, indent=2)


def _head(entry: Entry) -> str:
    badges = ", ".join(badge.text for badge in entry.badges)
    return " · ".join(word for word in (f"{entry.tag} {entry.title}".strip(), badges, entry.facts) if word)


def _text(entry: Entry) -> str:
    parts = [f"{part.label}: {part.whole()}" if part.label else part.whole() for part in entry.parts]
    return "\n".join([f"[{_head(entry)}]", *parts])


def _markdown(entry: Entry) -> str:
    lines = [f"### {_head(entry)}"]
    for part in entry.parts:
        if part.label:
            lines.append(f"**{part.label}**")
        lines.append(_markdown_part(part))
    return "\n\n".join(lines)


def _markdown_part(part: Part) -> str:
    whole = part.whole()
    if part.look == "message":
        return whole
    fence = "```"
    while fence in whole:
        fence += "`"
    return f"{fence}{'json' if part.look == 'json' else ''}\n{whole}\n{fence}"
