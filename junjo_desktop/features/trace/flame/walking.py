"""From box to box of a flame graph by arrow keys. Qt-free."""

from __future__ import annotations

from typing import Literal

from junjo_desktop.features.trace.flame.model import NO_BOX, Flame

Step = Literal["up", "down", "left", "right", "first", "last"]


def next_box(flame: Flame, box: int, step: Step) -> int:
    """Return the box one step away; the same one where there is none.

    Up is the box it stands under, down the first box below it, left and right the neighbours in its row; first and last
    are the ends of its row. Without a box every step leads to the first one.
    """
    if not flame.rows or not flame.rows[0].boxes:
        return NO_BOX
    if box == NO_BOX:
        return flame.rows[0].boxes[0]
    row, place = flame.rows[flame.row_of[box]].boxes, flame.place_of[box]
    found = {
        "up": flame.parents[box],
        "down": flame.first_children[box],
        "left": row[max(place - 1, 0)],
        "right": row[min(place + 1, len(row) - 1)],
        "first": row[0],
        "last": row[-1],
    }[step]
    return box if found == NO_BOX else found
