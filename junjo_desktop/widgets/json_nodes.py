"""JSON values as a tree of nodes, made when looked at. Strings that hold JSON are unfolded in place. Qt-free."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, Protocol

Kind = Literal["object", "array", "string", "number", "bool", "null"]
Path = tuple[str | int, ...]

_UNFOLDED_CHARACTERS = 1_000_000
_SHOWN_CHARACTERS = 300
_SEARCHED_CHARACTERS = 1_000_000
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Keeps(Protocol):
    """Says which values are shown."""

    matched: set[Path]

    def keeps(self, path: Path) -> bool: ...


@dataclass(slots=True, eq=False)
class JsonNode:
    """One value under its key. `unfolded` is what its text parses to, when it is JSON inside a string."""

    parent: JsonNode | None
    key: str | int
    value: Any
    row: int = 0
    unfolded: Any = None
    only: Keeps | None = None
    children: list[JsonNode] = field(default_factory=list)
    _kept: list[tuple[str | int, Any]] | None = None
    _held: tuple[tuple[str, ...], bool] = ((), False)

    @property
    def container(self) -> dict[str, Any] | list[Any] | tuple[Any, ...] | None:
        """What has children here: the value itself, or what its text holds."""
        held = self.value if self.unfolded is None else self.unfolded
        return held if isinstance(held, dict | list | tuple) else None

    @property
    def size(self) -> int:
        """How many children there are to show, made or not."""
        held = self.container
        if held is None:
            return 0
        return len(held) if self.only is None else len(self._kept_pairs())

    @property
    def path(self) -> Path:
        """Keys and indexes from the root's children down to here."""
        return () if self.parent is None else (*self.parent.path, self.key)

    def holds(self, texts: tuple[str, ...]) -> bool:
        """Whether one of the texts stands in the key or anywhere in the value; remembered for the same texts."""
        if self._held[0] is not texts:
            value = (
                self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False, default=str)
            )
            low = f"{self.key}\n{value[:_SEARCHED_CHARACTERS]}".lower()
            self._held = (texts, any(text.lower() in low for text in texts))
        return self._held[1]

    def make_children(self, up_to: int) -> None:
        """Make children until there are `up_to` of them, or all."""
        if len(self.children) >= min(up_to, self.size):
            return
        pairs = self._pairs() if self.only is None else iter(self._kept_pairs())
        for key, value in islice(pairs, len(self.children), up_to):
            below = self.only if self.only is None or (*self.path, key) not in self.only.matched else None
            self.children.append(JsonNode(self, key, value, len(self.children), json_inside(value), below))

    def _pairs(self) -> Iterator[tuple[str | int, Any]]:
        held = self.container
        return iter(held.items()) if isinstance(held, dict) else iter(enumerate(held or ()))

    def _kept_pairs(self) -> list[tuple[str | int, Any]]:
        if self._kept is None:
            path, only = self.path, self.only
            self._kept = [(key, value) for key, value in self._pairs() if only is None or only.keeps((*path, key))]
        return self._kept


def kind_of(value: Any) -> Kind:
    """Return the JSON type of a Python value; whatever JSON does not know counts as a string."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case dict():
            return "object"
        case list() | tuple():
            return "array"
        case _:
            return "string"


def json_inside(value: Any) -> Any:
    """Return the object or array that a string holds as JSON, else None."""
    if not isinstance(value, str) or not 2 <= len(value) <= _UNFOLDED_CHARACTERS:
        return None
    text = value.strip()
    if text[:1] + text[-1:] not in ("{}", "[]"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def value_text(value: Any) -> str:
    """Return one value for people: containers by their size, strings in quotes, cut when long."""
    match value:
        case dict():
            return f"{{ {_counted(len(value), 'key')} }}" if value else "{ }"
        case list() | tuple():
            return f"[ {_counted(len(value), 'item')} ]" if value else "[ ]"
        case str():
            cut = value[:_SHOWN_CHARACTERS] + ("…" if len(value) > _SHOWN_CHARACTERS else "")
            return f'"{cut}"'
        case None | bool() | int() | float():
            return json.dumps(value)
        case _:
            return str(value)[:_SHOWN_CHARACTERS]


def json_text(value: Any) -> str:
    """Return a value as indented JSON; half surrogate pairs are escaped so that every clipboard takes it."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def plain_text(value: Any) -> str:
    """Return what copying a value gives: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else json_text(value)


def path_text(path: Path) -> str:
    """Return a path as JSONPath, like `$['gen_ai.prompt'][0].content`."""
    parts = ["$"]
    for key in path:
        if isinstance(key, int):
            parts.append(f"[{key}]")
        elif _IDENTIFIER.fullmatch(key):
            parts.append(f".{key}")
        else:
            escaped = key.replace("\\", "\\\\").replace("'", "\\'")
            parts.append(f"['{escaped}']")
    return "".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
