"""Finds where a JSON value holds a text. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from junjo_desktop.widgets.json_nodes import Path, json_inside

_VALUES_SEARCHED = 20_000


@dataclass(slots=True)
class JsonMatches:
    """Paths of what matched and of everything above it. `cut_short`: the search ended before the value did."""

    matched: set[Path] = field(default_factory=set)
    above: set[Path] = field(default_factory=set)
    cut_short: bool = False

    def keeps(self, path: Path) -> bool:
        """Whether a value is shown, as long as nothing above it matched."""
        return path in self.matched or path in self.above


def find_matches(value: Any, text: str) -> JsonMatches:
    """Look for `text`, ignoring case, in every key and value, also inside strings that hold JSON."""
    search = _Search(text.casefold())
    search.walk(value, ())
    search.matches.above = {path[:depth] for path in search.matches.matched for depth in range(len(path))}
    return search.matches


class _Search:
    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _VALUES_SEARCHED
        self.matches = JsonMatches()

    def walk(self, value: Any, path: Path) -> None:
        held = json_inside(value)
        held = value if held is None else held
        if isinstance(held, dict):
            for key, item in held.items():
                self._visit(key, item, (*path, key))
        elif isinstance(held, list | tuple):
            for index, item in enumerate(held):
                self._visit("", item, (*path, index))
        elif self._text in str(value).casefold():
            self.matches.matched.add(path)

    def _visit(self, key: str, value: Any, path: Path) -> None:
        self._left -= 1
        if self._left <= 0:
            self.matches.cut_short = True
        elif key and self._text in key.casefold():
            self.matches.matched.add(path)
        else:
            self.walk(value, path)
