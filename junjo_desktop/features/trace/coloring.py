"""By what bars and boxes are coloured. Qt-free."""

from __future__ import annotations

from enum import StrEnum
from zlib import crc32

from junjo_desktop.features.trace.columns import Label
from junjo_desktop.features.trace.span_row import SpanRow
from junjo_desktop.theme.roles import Role, kind_role

_EVEN: tuple[Role, ...] = ("workflow", "tool", "llm", "retrieval", "database", "node")
"""For values without a colour of their own; which one a value has does not depend on what else is in the trace."""


class ColorBy(StrEnum):
    """What a colour stands for."""

    KIND = "kind"
    SERVICE = "service"
    NAME = "name"
    STATUS = "status"


COLOR_LABELS = {
    ColorBy.KIND: "Kind",
    ColorBy.SERVICE: "Service",
    ColorBy.NAME: "Name",
    ColorBy.STATUS: "Status",
}


def span_role(span: SpanRow | Label, color_by: ColorBy, *, is_failed: bool) -> Role:
    """Return the colour role of a span, or of several that have a label in common."""
    match color_by:
        case ColorBy.KIND:
            return kind_role(span.span_type)
        case ColorBy.SERVICE:
            return _even(span.service_name)
        case ColorBy.NAME:
            return _even(span.name)
        case ColorBy.STATUS:
            return "error" if is_failed else "node"


def _even(value: str) -> Role:
    return _EVEN[crc32(value.encode("utf-8", "replace")) % len(_EVEN)]
