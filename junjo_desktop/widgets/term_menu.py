"""Entries of menus that find traces, or other things, by what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QMenu

from junjo_desktop.telemetry.query.terms import negation
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.display_text import isolated, one_line

_LONGEST = 60


def add_find_actions(menu: QMenu, terms: Iterable[str], find: Callable[[str], object], noun: str = "traces") -> None:
    """Add, for each condition, "Find traces with …" and "… without …"; `find` is called with the chosen one."""
    for term in terms:
        shown = isolated(one_line(term, _LONGEST)).replace("&", "&&")
        menu.addAction(icon("search"), f"Find {noun} with {shown}").triggered.connect(partial(_find, find, term))
        without = menu.addAction(icon("minus"), f"Find {noun} without {shown}")
        without.triggered.connect(partial(_find_opposite, find, term))


def _find(find: Callable[[str], object], term: str, _checked: bool = False) -> None:
    find(term)


def _find_opposite(find: Callable[[str], object], term: str, _checked: bool = False) -> None:
    find(negation(term))
