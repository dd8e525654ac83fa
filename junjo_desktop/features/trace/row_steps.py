"""From row to row of a waterfall by keys. Qt is asked for the names of keys only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from junjo_desktop.features.trace.outline import Outline


@dataclass(frozen=True, slots=True)
class RowStep:
    """Where a key leads: to a row, or (`opens`) it folds or unfolds the current one."""

    row: int = -1
    opens: bool | None = None


def step_from(outline: Outline, line: int | None, key: int, *, page: int) -> RowStep | None:
    """Return what a key does on the current line; None when it is not for rows. `page`: so many rows are in sight."""
    row = -1 if line is None else outline.row_of(line)
    last = len(outline.rows) - 1
    at = -1 if row is None else row
    leads_to = {
        Qt.Key.Key_Down: min(at + 1, last),
        Qt.Key.Key_Up: max(at - 1, 0),
        Qt.Key.Key_PageDown: min(at + page, last),
        Qt.Key.Key_PageUp: max(at - page, 0),
        Qt.Key.Key_Home: 0,
        Qt.Key.Key_End: last,
    }
    if key in leads_to:
        return RowStep(leads_to[Qt.Key(key)])
    if line is None or key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        return None
    return _sideways(outline, line, at, is_right=key == Qt.Key.Key_Right)


def _sideways(outline: Outline, line: int, row: int, *, is_right: bool) -> RowStep:
    has_children = outline.layout.has_children(line)
    if is_right:
        if not has_children:
            return RowStep(row)
        return RowStep(row + 1) if outline.is_open(line) else RowStep(row, opens=True)
    if has_children and outline.is_open(line):
        return RowStep(row, opens=False)
    above = outline.layout.parent(line)
    parent_row = None if above is None else outline.row_of(above)
    return RowStep(row if parent_row is None else parent_row)
