"""OTLP requests, read only as far as decoding needs it at first.

The wire format is that of `opentelemetry/proto`; what is read later, or in another way, is left as bytes. A message
that OTLP has once is a list of bytes here: its parts may come apart and then count together (joined, they are the
message), and none at all shows that it was not sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_PACKAGE = "junjo_desktop.outline"
RARELY = "rarely"
"""The oneof of those fields of a span that most spans do not have. `WhichOneof` says whether any came."""

_Field: TypeAlias = FieldDescriptorProto


def _field(number: int, name: str, kind: int | str, *, many: bool = False, rare: bool = False) -> _Field:
    """Describe a field; `kind` is a scalar type or the name of a message here."""
    field = _Field(name=name, number=number, label=_Field.LABEL_REPEATED if many else _Field.LABEL_OPTIONAL)
    if isinstance(kind, str):
        field.type, field.type_name = _Field.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
    else:
        field.type = _Field.Type.ValueType(kind)
    if rare:
        field.oneof_index = 0
    return field


_BYTES, _STRING, _INT32, _UINT32 = _Field.TYPE_BYTES, _Field.TYPE_STRING, _Field.TYPE_INT32, _Field.TYPE_UINT32
_FIXED32, _FIXED64 = _Field.TYPE_FIXED32, _Field.TYPE_FIXED64

_MESSAGES: dict[str, tuple[_Field, ...]] = {
    # ExportTraceServiceRequest, and what it consists of
    "TraceRequest": (_field(1, "resource_spans", "ResourceSpans", many=True),),
    "ResourceSpans": (
        _field(1, "resource", _BYTES, many=True),
        _field(2, "scope_spans", "ScopeSpans", many=True),
        _field(3, "schema_url", _STRING),
    ),
    "ScopeSpans": (
        _field(1, "scope", _BYTES, many=True),
        _field(2, "spans", "Span", many=True),
        _field(3, "schema_url", _STRING),
    ),
    # Whether a rare one came is one question for all of them; but only the last one that came is kept.
    "Span": (
        _field(1, "trace_id", _BYTES),
        _field(2, "span_id", _BYTES),
        _field(3, "trace_state", _STRING, rare=True),
        _field(4, "parent_span_id", _BYTES),
        _field(5, "name", _STRING),
        _field(6, "kind", _INT32),
        _field(7, "start_time_unix_nano", _FIXED64),
        _field(8, "end_time_unix_nano", _FIXED64),
        _field(9, "attributes", _BYTES, many=True),
        _field(10, "dropped_attributes_count", _UINT32, rare=True),
        _field(11, "events", "Event", many=True),
        _field(12, "dropped_events_count", _UINT32, rare=True),
        _field(13, "links", _BYTES, rare=True),
        _field(14, "dropped_links_count", _UINT32, rare=True),
        _field(15, "status", _BYTES, many=True),
        _field(16, "flags", _FIXED32),
    ),
    "Event": (
        _field(1, "time_unix_nano", _FIXED64),
        _field(2, "name", _STRING),
        _field(3, "attributes", _BYTES, many=True),
        _field(4, "dropped_attributes_count", _UINT32),
    ),
    # Any of the three requests, to be cut in pieces: items are spans, log records or metrics.
    "Request": (_field(1, "groups", "ResourceGroup", many=True),),
    "ResourceGroup": (
        _field(1, "resource", _BYTES, many=True),
        _field(2, "groups", "ScopeGroup", many=True),
        _field(3, "schema_url", _STRING),
    ),
    "ScopeGroup": (
        _field(1, "scope", _BYTES, many=True),
        _field(2, "items", _BYTES, many=True),
        _field(3, "schema_url", _STRING),
    ),
}


class Span(Protocol):
    """The outline of a span; its fields are those of the table above."""

    @property
    def events(self) -> Sequence[Any]:
        """Their outlines."""

    def WhichOneof(self, name: str) -> str | None:
        """Say which field of a oneof came last."""


class ResourceItems(Protocol):
    """`ResourceSpans` or `ResourceGroup`."""

    @property
    def resource(self) -> Sequence[bytes]:
        """The parts of its message."""

    @property
    def schema_url(self) -> str:
        """As sent."""


class ScopeItems(Protocol):
    """`ScopeSpans` or `ScopeGroup`."""

    @property
    def scope(self) -> Sequence[bytes]:
        """The parts of its message."""

    @property
    def schema_url(self) -> str:
        """As sent."""


def _classes() -> dict[str, Any]:
    file = FileDescriptorProto(name="otlp_outline.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name, field=fields)
        if any(field.HasField("oneof_index") for field in fields):
            message.oneof_decl.add(name=RARELY)
    pool = DescriptorPool()
    pool.Add(file)
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _MESSAGES}


_CLASSES = _classes()
TraceRequest = _CLASSES["TraceRequest"]
Request = _CLASSES["Request"]
ResourceGroup = _CLASSES["ResourceGroup"]
