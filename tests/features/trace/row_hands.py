"""Eyes and hands on the rows of a waterfall."""

from __future__ import annotations

from junjo_desktop.features.trace.waterfall import Waterfall
from junjo_desktop.theme.tokens import ROW_PX


def seen(waterfall: Waterfall) -> list[str]:
    """Return what rows say, from top to bottom, indented; a fold with its count."""
    layout, lines = waterfall.layout_shown, []
    for line in waterfall.outline.rows:
        fold = layout.fold_at(line)
        words = layout.tree.spans[layout.nodes[line]].name if fold is None else f"×{len(fold.members)} {fold.label[1]}"
        lines.append("." * layout.depths[line] + words)
    return lines


def line_of(waterfall: Waterfall, span_id: str) -> int:
    """Return the line of a span that is in the trace."""
    line = waterfall.outline.line_of(span_id)
    assert line is not None
    return line


def is_open(waterfall: Waterfall, span_id: str) -> bool:
    """Whether what is below a span is shown."""
    return waterfall.outline.is_open(line_of(waterfall, span_id))


def top_of_current(waterfall: Waterfall) -> int:
    """Return where in the view the current row begins."""
    row = waterfall.current_row()
    assert row is not None
    return row * ROW_PX - waterfall.verticalScrollBar().value()
