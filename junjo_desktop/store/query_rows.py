"""Conditions of a query on rows of one table, put together; what a table's own conditions are, others say.

NULL counts as not so; `Not` makes it so, by `IS NOT TRUE`. Every value and every key is a parameter.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

import orjson

from junjo_desktop.telemetry.query.tree import And, Comparison, Condition, Exists, Not, OneOf, Or, Path, Scope, Text

Asked: TypeAlias = Comparison | OneOf | Exists
"""A condition on a field."""
Bound: TypeAlias = Callable[[object], str]
"""Takes a value as a parameter, and returns how it is named in SQL."""

SPAN_KEY = "hash(trace_id, span_id)"
"""Spans are told apart by 64 bits: as text, a million of them take more memory than there is.

That two of a million are the same by chance has a probability of 10^-7.
"""

_ID_PREFIX = re.compile(r"[0-9a-f]{4,32}")


class Parameters:
    """The values of a query, by name; the names begin with `q`."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def bound(self, value: object) -> str:
        """Return how a value is named in SQL."""
        name = f"q{len(self.values)}"
        self.values[name] = value
        return f"${name}"


class RowConditions(ABC):
    """Makes conditions."""

    def of(self, condition: Condition) -> str:  # noqa: PLR0911 - one return for each kind of condition
        """Return the condition that a row meets."""
        match condition:
            case And():
                return f"({' AND '.join(map(self.of, condition.operands))})"
            case Or():
                return f"({' OR '.join(map(self.of, condition.operands))})"
            case Not():
                return f"({self.of(condition.operand)}) IS NOT TRUE"
            case Path():
                return self._path(condition)
            case Text():
                return self._text(condition.text)
            case _ if condition.field.scope is Scope.KNOWN:
                return self._known(condition)
            case _:
                return self._attribute(condition)

    @abstractmethod
    def _text(self, text: str) -> str: ...

    @abstractmethod
    def _known(self, leaf: Asked) -> str: ...

    @abstractmethod
    def _attribute(self, leaf: Asked) -> str: ...

    @abstractmethod
    def _path(self, path: Path) -> str: ...


def as_json(text: str) -> str:
    """Return a text as it stands in JSON, in small letters: attributes and events are JSON text."""
    return orjson.dumps(text).decode()[1:-1].lower()


def id_prefix(text: str) -> str | None:
    """Return the beginning of an id that a word may be; shorter ones would be those of many ids by chance."""
    return text.lower() if _ID_PREFIX.fullmatch(text.lower()) else None


def ids_begin_with(text: str, bound: Bound) -> list[str]:
    """Return the conditions that an id of a row begins with a word, when it may be the beginning of one."""
    prefix = id_prefix(text)
    if prefix is None:
        return []
    name = bound(prefix)
    return [f"starts_with(trace_id, {name})", f"starts_with(span_id, {name})"]


def log_has(text: str, bound: Bound) -> str:
    """Return the condition that a row of `logs` holds a text."""
    plain, in_json = bound(text.lower()), bound(as_json(text))
    parts = [
        f"contains(lower(body_text), {plain})",
        # A body that is no text is kept as JSON.
        *([f"contains(lower(body_text), {in_json})"] if as_json(text) != text.lower() else []),
        f"contains(lower(event_name), {plain})",
        f"contains(lower(service_name), {plain})",
        f"contains(lower(attributes), {in_json})",
        *ids_begin_with(text, bound),
    ]
    return f"({' OR '.join(parts)})"
