"""Conditions made of what the inspector shows: of an attribute, of a part of one, of a field. Qt-free."""

from __future__ import annotations

import json

from junjo_desktop.telemetry.query.fields import EVENT_NAME
from junjo_desktop.telemetry.query.terms import exists_term, term_for
from junjo_desktop.telemetry.query.tree import Field, Operator, Scope
from junjo_desktop.widgets.json_nodes import JsonNode


def attribute_terms(scope: Scope, node: JsonNode) -> tuple[str, ...]:
    """Return what traces can be found by that have the same value there, the narrower one first.

    Of a part of an attribute the attribute is asked for that text: no query looks into a value.
    """
    if not node.path or not isinstance(node.path[0], str):
        return ()
    key, value = node.path[0], node.value
    if scope is Scope.EVENT and key == EVENT_NAME:
        # This would mean the name of the event.
        return ()
    field = Field(scope, key)
    is_plain = isinstance(value, str | int | float)
    if len(node.path) > 1:
        return (term_for(field, _inside(value), Operator.CONTAINS),) if is_plain and str(value).strip() else ()
    return (term_for(field, value), exists_term(field)) if is_plain else (exists_term(field),)


def _inside(value: str | float) -> str:
    """Return how a value is written within the JSON of the attribute that holds it."""
    return json.dumps(value, ensure_ascii=False).removeprefix('"').removesuffix('"')
