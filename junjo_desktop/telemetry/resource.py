"""Stored resources and scopes: who sent a span or a log record, and which instrumentation made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS
from junjo_desktop.telemetry.otlp_json import Attributes


@dataclass(frozen=True)
class Resource:
    """A row of `resources`; `attributes` is JSON text."""

    resource_id: str
    service_name: str
    attributes: str
    dropped_attributes_count: int
    schema_url: str
    extra: str | None

    @cached_property
    def attributes_json(self) -> Attributes:
        """The attributes, parsed (see `otlp_json` for what stands for what)."""
        return parse_object(self.attributes)


@dataclass(frozen=True)
class Scope:
    """A row of `scopes`; `attributes` is JSON text."""

    scope_id: str
    name: str
    version: str
    attributes: str
    dropped_attributes_count: int
    schema_url: str
    extra: str | None

    @cached_property
    def attributes_json(self) -> Attributes:
        """The attributes, parsed."""
        return parse_object(self.attributes)

    def to_json(self) -> dict[str, object]:
        """What identifies the instrumentation, ready for JSON."""
        return {
            "name": self.name,
            "version": self.version,
            "attributes": self.attributes_json,
            "dropped_attributes_count": self.dropped_attributes_count,
        }


def with_origin(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Name the values of a row: those of `columns`, then the columns of `resources`, then those of `scopes`."""
    resource_at = len(columns)
    scope_at = resource_at + len(RESOURCE_COLUMNS)
    own = dict(zip(columns, row, strict=False))
    return {**own, "resource": Resource(*row[resource_at:scope_at]), "scope": Scope(*row[scope_at:])}


def parse_object(text: str) -> Attributes:
    """Parse the text of a JSON object of ours."""
    parsed: Attributes = orjson.loads(text)
    return parsed
