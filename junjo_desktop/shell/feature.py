"""What a feature folder offers the shell. Qt-free: discovery must not load a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench

RailSection = Literal["main", "foot", "hidden"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One screen.

    `build` makes the page when it is first shown, and imports Qt only then. `order` sorts the rail, ascending.
    `section` places it: the upper part of the rail, its foot, or nowhere (reached by a destination only).
    `destinations` are the classes of `shell.destinations` that the page can show. Where several features share a class,
    `shows` tells which of its destinations are this one's (None: all).
    `leads_to` are those to which people mostly go from here: their page is built while this one is looked at.
    `lists` is the value of the `Subject` that queries above its list are asked of ("": it is no list).
    `count` returns the number beside the title; it runs on a reader thread and takes a few milliseconds (None: none).
    `greets` says whether this is the first page of a window that remembers none; it reads a row at most, at the start.
    """

    name: str
    title: str
    icon: str
    order: int
    section: RailSection
    build: Callable[[Workbench], Page]
    destinations: tuple[type, ...] = ()
    shows: Callable[[object], bool] | None = None
    leads_to: tuple[type, ...] = ()
    lists: str = ""
    count: Callable[[DuckDBPyConnection], int] | None = None
    greets: Callable[[DuckDBPyConnection], bool] | None = None
