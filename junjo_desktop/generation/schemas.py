"""JSON schemas as OpenAI's strict mode wants them; every other provider gets them as they were written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_INNER = ("items", "additionalItems", "not")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("$defs", "definitions")


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with the same meaning that strict mode takes.

    Strict mode wants every property required and no other ones. A property that was optional may be null instead: it
    stays one that need not be told.
    """
    fixed = {key: value for key, value in schema.items() if key not in {"properties", "required"}}
    for key in _INNER:
        if isinstance(fixed.get(key), Mapping):
            fixed[key] = strict_schema(fixed[key])
    for key in _LISTS:
        if isinstance(fixed.get(key), list):
            fixed[key] = [strict_schema(one) if isinstance(one, Mapping) else one for one in fixed[key]]
    for key in _NAMED:
        if isinstance(fixed.get(key), Mapping):
            fixed[key] = {name: strict_schema(one) for name, one in fixed[key].items()}
    properties = schema.get("properties")
    if isinstance(properties, Mapping) or schema.get("type") == "object":
        told = properties if isinstance(properties, Mapping) else {}
        required = set(schema.get("required") or ())
        fixed["properties"] = {
            name: strict_schema(one) if name in required else _or_null(strict_schema(one)) for name, one in told.items()
        }
        fixed["required"] = list(told)
        fixed["additionalProperties"] = False
    return fixed


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema and "const" not in schema:
        return schema if kind == "null" else {**schema, "type": [kind, "null"]}
    if isinstance(kind, list) and "enum" not in schema:
        return schema if "null" in kind else {**schema, "type": [*kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
