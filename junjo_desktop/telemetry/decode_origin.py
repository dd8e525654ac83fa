"""Where telemetry comes from: resource and scope, each stored once under the hash of all it says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import orjson
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from junjo_desktop.telemetry import extra
from junjo_desktop.telemetry.columns import Row
from junjo_desktop.telemetry.otlp_json import Plain, attributes_to_json, to_text

SERVICE_NAME = "service.name"
UNKNOWN_SERVICE = "unknown_service"
ID_BYTES = 16

_REMEMBERED = 256
_REMEMBERED_BYTES = 16 << 10


class Origin(NamedTuple):
    """What every row of one scope in one request shares; the last fields of a row are the last ones here."""

    service_name: str
    resource_id: str
    scope_id: str
    received_ns: int
    arrival: int


class ReadResource(NamedTuple):
    """A resource: its id, its `service.name`, its row."""

    id: str
    service_name: str
    row: Row


class ReadScope(NamedTuple):
    """A scope: its id, its row."""

    id: str
    row: Row


def read_resource(parts: Sequence[bytes], schema_url: str) -> ReadResource:
    """Read a resource from its message, in parts as they came; none when no message did. Raises `DecodeError`."""
    message = b"".join(parts) if parts else None
    return (_resource if _is_short(message, schema_url) else _resource.__wrapped__)(message, schema_url)


def read_scope(parts: Sequence[bytes], schema_url: str) -> ReadScope:
    """Read a scope by the same rules."""
    message = b"".join(parts) if parts else None
    return (_scope if _is_short(message, schema_url) else _scope.__wrapped__)(message, schema_url)


def _is_short(message: bytes | None, schema_url: str) -> bool:
    """Whether to remember what it says. Programs send the same few thousand times."""
    return len(message or b"") + len(schema_url) <= _REMEMBERED_BYTES


@lru_cache(_REMEMBERED)
def _resource(message: bytes | None, schema_url: str) -> ReadResource:
    resource = None if message is None else Resource.FromString(message)
    id_ = resource_id(resource, schema_url)
    return ReadResource(id_, service_name_of(resource), resource_row(id_, resource, schema_url))


@lru_cache(_REMEMBERED)
def _scope(message: bytes | None, schema_url: str) -> ReadScope:
    scope = None if message is None else InstrumentationScope.FromString(message)
    id_ = scope_id(scope, schema_url)
    return ReadScope(id_, scope_row(id_, scope, schema_url))


def resource_id(message: Resource | None, schema_url: str) -> str:
    """Identity of a resource: everything it says, in the order it says it, and whether it was sent at all."""
    return _hash(b"resource", message, schema_url)


def scope_id(message: InstrumentationScope | None, schema_url: str) -> str:
    """Identity of a scope, by the same rule."""
    return _hash(b"scope", message, schema_url)


def _hash(domain: bytes, message: Resource | InstrumentationScope | None, schema_url: str) -> str:
    # The lengths keep apart what would otherwise run together; a missing message has none.
    body = b"-" if message is None else b"+" + message.SerializeToString(deterministic=True)
    url = schema_url.encode()
    return blake2b(b"%d:%b%b" % (len(url), url, body), digest_size=ID_BYTES, person=domain).hexdigest()


def service_name_of(message: Resource | None) -> str:
    """`service.name` when it is a filled string, else the name the convention gives to an unknown one."""
    if message is not None:
        for attribute in message.attributes:
            if attribute.key == SERVICE_NAME and attribute.value.string_value:
                return attribute.value.string_value
    return UNKNOWN_SERVICE


def resource_row(id_: str, message: Resource | None, schema_url: str) -> Row:
    """The row of `resources`."""
    if message is None:
        return (id_, UNKNOWN_SERVICE, "{}", 0, schema_url, _MESSAGE_ABSENT)
    return (
        id_,
        service_name_of(message),
        attributes_to_json(message.attributes),
        message.dropped_attributes_count,
        schema_url,
        _entity_refs(message),
    )


def scope_row(id_: str, message: InstrumentationScope | None, schema_url: str) -> Row:
    """The row of `scopes`."""
    if message is None:
        return (id_, "", "", "{}", 0, schema_url, _MESSAGE_ABSENT)
    return (
        id_,
        message.name,
        message.version,
        attributes_to_json(message.attributes),
        message.dropped_attributes_count,
        schema_url,
        None,
    )


_MESSAGE_ABSENT = orjson.dumps({extra.MESSAGE: None}).decode()


def _entity_refs(message: Resource) -> str | None:
    if not message.entity_refs:
        return None
    refs: list[Plain] = [
        {
            "schemaUrl": ref.schema_url,
            "type": ref.type,
            "idKeys": list(ref.id_keys),
            "descriptionKeys": list(ref.description_keys),
        }
        for ref in message.entity_refs
    ]
    return to_text({extra.ENTITY_REFS: refs})
