"""Stored resources and scopes: who sent a span or a log record, and which instrumentation made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import orjson
from opentelemetry.proto.common.v1.common_pb2 import EntityRef, InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource as OtlpResource

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.otlp_json import Attributes, attributes_from_json


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

    def to_otlp(self) -> OtlpResource | None:
        """The message as it was sent; None when none was."""
        more = parse_object(self.extra or "{}")
        if extra.MESSAGE in more:
            return None
        refs = more.get(extra.ENTITY_REFS, [])
        return OtlpResource(
            attributes=attributes_from_json(self.attributes),
            dropped_attributes_count=self.dropped_attributes_count,
            entity_refs=[_entity_ref(ref) for ref in refs if isinstance(ref, dict)] if isinstance(refs, list) else [],
        )


def _entity_ref(ref: Attributes) -> EntityRef:
    message = EntityRef()
    match ref:
        case {"schemaUrl": str(url), "type": str(type_), "idKeys": list(ids), "descriptionKeys": list(descriptions)}:
            message.schema_url = url
            message.type = type_
            message.id_keys.extend(str(key) for key in ids)
            message.description_keys.extend(str(key) for key in descriptions)
    return message


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

    def to_otlp(self) -> InstrumentationScope | None:
        """The message as it was sent; None when none was."""
        if extra.MESSAGE in parse_object(self.extra or "{}"):
            return None
        return InstrumentationScope(
            name=self.name,
            version=self.version,
            attributes=attributes_from_json(self.attributes),
            dropped_attributes_count=self.dropped_attributes_count,
        )


def parse_object(text: str) -> Attributes:
    """Parse the text of a JSON object of ours."""
    parsed: Attributes = orjson.loads(text)
    return parsed
