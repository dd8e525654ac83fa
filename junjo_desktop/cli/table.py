"""Aligned columns that fit the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from junjo_desktop.cli.text import columns, cut, harmless, padded

_GAP = "  "
_NARROWEST = 8
_WIDEST_IN_A_PIPE = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how its cells behave where space is short.

    `flexible` cells are cut, never under eight columns; of the others, those with the highest `spare` go first,
    and those with 0 (ids, names) always stay.
    """

    title: str
    right: bool = False
    flexible: bool = False
    spare: int = 0


def terminal_width() -> int | None:
    """Return the columns there are, or None when the output is no terminal and nobody set COLUMNS."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return None


def table(heads: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None) -> list[str]:
    """Return the lines of a table, headings first; cells are made harmless here, no line ends in spaces."""
    cells = [[head.title for head in heads], *([harmless(_bounded(cell)) for cell in row] for row in rows)]
    widths = [max(columns(row[place]) for row in cells) for place in range(len(heads))]
    shown = _shown(heads, widths, width)
    fitted = _fitted(heads, [min(found, _WIDEST_IN_A_PIPE) for found in widths], shown, width)
    return [_GAP.join(_cell(heads[place], row[place], fitted[place]) for place in shown).rstrip() for row in cells]


def _bounded(cell: str) -> str:
    # A megabyte in a name must not cost a megabyte of measuring; whatever is longer is cut anyway.
    return cell if len(cell) <= 2 * _WIDEST_IN_A_PIPE else cell[: 2 * _WIDEST_IN_A_PIPE]


def _cell(head: Column, text: str, width: int) -> str:
    return padded(cut(text, width) if head.flexible else text, width, right=head.right)


def _shown(heads: Sequence[Column], widths: Sequence[int], width: int | None) -> list[int]:
    shown = list(range(len(heads)))
    if width is None:
        return shown
    for place in sorted((place for place in shown if heads[place].spare), key=lambda place: -heads[place].spare):
        least = [min(widths[at], _NARROWEST) if heads[at].flexible else widths[at] for at in shown]
        if sum(least) + len(_GAP) * (len(shown) - 1) <= width:
            break
        shown.remove(place)
    return shown


def _fitted(heads: Sequence[Column], widths: list[int], shown: Sequence[int], width: int | None) -> list[int]:
    if width is None:
        return widths
    excess = sum(widths[place] for place in shown) + len(_GAP) * (len(shown) - 1) - width
    flexible = [place for place in shown if heads[place].flexible]
    while excess > 0 and (longest := max(flexible, key=lambda place: widths[place], default=None)) is not None:
        if widths[longest] <= _NARROWEST:
            break
        # Cut the longest down to the next one, so that short names stay whole.
        others = [widths[place] for place in flexible if widths[place] < widths[longest]]
        room = widths[longest] - max([_NARROWEST, *others])
        step = max(1, min(excess, room))
        widths[longest] -= step
        excess -= step
    return widths
