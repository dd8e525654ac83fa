"""By what boxes of a flame graph are coloured, and the word that says the same on the box."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from PySide6.QtGui import QColor

from junjo_desktop.features.trace.coloring import ColorBy, span_role
from junjo_desktop.features.trace.flame.model import Flame
from junjo_desktop.theme.color import mix
from junjo_desktop.theme.roles import Role, kind_word, role_color
from junjo_desktop.theme.tokens import Tokens
from junjo_desktop.widgets.display_text import one_line

_GROUND_SHARE = 0.24
_LONGEST = 120


class Paint(NamedTuple):
    """The ground of a box, and the strong colour of its edge and of narrow boxes."""

    ground: QColor
    strong: QColor


def box_role(flame: Flame, box: int, color_by: ColorBy) -> Role:
    """Return the colour role of a box."""
    return span_role(flame.span(box), color_by, is_failed=bool(flame.failed[box]))


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
