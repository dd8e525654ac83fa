"""By what boxes of a flame graph are coloured, and the word that says the same on the box."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple
from zlib import crc32

from PySide6.QtGui import QColor

from junjo_desktop.features.trace.flame.model import Flame
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, kind_role, kind_word, role_color
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.display_text import one_line

_GROUND_SHARE = 0.24
_EVEN: tuple[Role, ...] = ("workflow", "tool", "llm", "retrieval", "database", "node")
"""For values without a colour of their own; which one a value has does not depend on what else is in the trace."""
_LONGEST = 120


class ColorBy(StrEnum):
    """What a colour stands for."""

    KIND = "kind"
    SERVICE = "service"
    NAME = "name"
    STATUS = "status"


class Paint(NamedTuple):
    """The ground of a box, and the strong colour of its edge and of narrow boxes."""

    ground: QColor
    strong: QColor


def box_role(flame: Flame, box: int, color_by: ColorBy) -> Role:
    """Return the colour role of a box."""
    span = flame.span(box)
    match color_by:
        case ColorBy.KIND:
            return kind_role(span.span_type)
        case ColorBy.SERVICE:
            return _even(span.service_name)
        case ColorBy.NAME:
            return _even(span.name)
        case ColorBy.STATUS:
            return "error" if flame.failed[box] else "node"


def box_label(flame: Flame, box: int, color_by: ColorBy, duration: str) -> str:
    """Return what stands on a box: its name, how many spans it joins, how long they took, the word for its colour."""
    span = flame.span(box)
    name = one_line(span.name, _LONGEST).strip() or "(no name)"
    match color_by:
        case ColorBy.KIND:
            word = kind_word(span.span_type)
        case ColorBy.SERVICE:
            word = one_line(span.service_name, _LONGEST)
        case ColorBy.STATUS:
            word = "failed" if flame.failed[box] else ""
        case ColorBy.NAME:
            word = ""
    count = len(flame.members[box])
    joined = f" ×{count:,}" if count > 1 else ""
    return f"{name}{joined}  {duration}{' · ' + word if word else ''}"


@cache
def paint_of(tokens: Tokens, role: Role) -> Paint:
    """Return the colours of a role."""
    strong = role_color(tokens, role)
    return Paint(QColor(mix(strong, tokens.panel, _GROUND_SHARE)), QColor(strong))


def _even(value: str) -> Role:
    return _EVEN[crc32(value.encode("utf-8", "replace")) % len(_EVEN)]
