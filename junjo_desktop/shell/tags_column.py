"""The column of tags that lists of traces and of spans have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from junjo_desktop.shell.notes import NOT_KEPT_WORDS
from junjo_desktop.telemetry.query.terms import term_for
from junjo_desktop.widgets.row_source import Column
from junjo_desktop.widgets.tag import paint_tag, tag_width

R = TypeVar("R")

TAGS_COLUMN = "tags"
_WIDTH_PX = 76
_BETWEEN_PX = 4


def tags_column(tags_of: Callable[[R], Sequence[str]], whose: str) -> Column[R]:
    """Return the column. `tags_of` knows the tags at any moment; `whose` says whose they are."""

    def paint(painter: QPainter, rect: QRect, row: R) -> None:
        _paint_tags(painter, rect, tags_of(row))

    def term(row: R) -> str:
        tags = tags_of(row)
        return term_for("tag", tags[0]) if tags else ""

    return Column(
        TAGS_COLUMN,
        "Tags",
        lambda row: ", ".join(tags_of(row)),
        _WIDTH_PX,
        sortable=False,
        paint=paint,
        tooltip=lambda row: "\n".join(tags_of(row)),
        title_tooltip=f"Tags of {whose} (J adds one). {NOT_KEPT_WORDS}",
        term=term,
    )


def _paint_tags(painter: QPainter, rect: QRect, tags: Sequence[str]) -> None:
    room = QRect(rect)
    for number, tag in enumerate(tags):
        rest = len(tags) - number - 1
        more_px = tag_width(f"+{rest}") + _BETWEEN_PX if rest else 0
        if number and tag_width(tag) + more_px > room.width():
            paint_tag(painter, room, f"+{rest + 1}", "dim")
            return
        # The first one is there in any case, cut where it must be.
        taken = paint_tag(painter, room.adjusted(0, 0, -more_px, 0), tag, "info")
        room.setLeft(room.left() + taken + _BETWEEN_PX)
