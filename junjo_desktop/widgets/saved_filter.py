"""Filters of lists as JSON: what a saved view keeps of them. Qt-free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from junjo_desktop.widgets.list_filter import ListFilter
from junjo_desktop.widgets.time_range import TimeRange

F = TypeVar("F", bound=ListFilter)

_TEXT = "text"


def filter_text(shown: ListFilter) -> str:
    """Return everything that narrows a list, but for its text, as JSON; what lets everything through is left out."""
    default = type(shown)()
    kept = {
        field.name: _plain(getattr(shown, field.name))
        for field in fields(shown)
        if field.name != _TEXT and getattr(shown, field.name) != getattr(default, field.name)
    }
    return json.dumps(kept, sort_keys=True)


def filter_of(kind: type[F], text: str, kept: str) -> F:
    """Return the filter that `filter_text` wrote, with a text; whatever does not fit the kind of filter is left out."""
    try:
        found = json.loads(kept)
    except ValueError:
        found = None
    read: dict[str, Any] = {_TEXT: text}
    for name, hint in _hints(kind).items():  # type: ignore[arg-type]  # a class is hashable, its variable is not known to be
        if name != _TEXT and isinstance(found, dict) and name in found:
            value = _value(hint, found[name])
            if value is not None:
                read[name] = value
    return replace(kind(), **read)


def _plain(value: object) -> object:
    if isinstance(value, TimeRange):
        return {"last_ns": value.last_ns, "since_ns": value.since_ns, "until_ns": value.until_ns}
    if isinstance(value, frozenset):
        return sorted(value)
    return value


@cache
def _hints(kind: type[ListFilter]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, kept: object) -> object:
    """Return what was kept as a value of that type; None where it is none."""
    if get_origin(hint) is frozenset:
        [member] = get_args(hint)
        known = [_value(member, each) for each in kept] if isinstance(kept, list) else []
        return frozenset(each for each in known if each is not None)
    if hint is TimeRange:
        return _range(kept) if isinstance(kept, dict) else None
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next((member for member in hint if member.value == kept), None)
    for plain in (bool, int, str):
        if plain in (hint, *get_args(hint)) and type(kept) is plain:
            return kept
    return None


def _range(kept: Mapping[str, object]) -> TimeRange:
    bounds = {name: value for name in ("last_ns", "since_ns", "until_ns") if type(value := kept.get(name)) is int}
    return TimeRange(**bounds)
