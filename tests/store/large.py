"""Requests as large as the receiver takes them, made quickly: one span over and over, with ids of its own."""

from __future__ import annotations

from tests.support.otlp import Value, span, trace_request

_TRACE = b"\xaa" * 15 + b"\x01"


def large_request(size: int, span_bytes: int, *, trace: bytes = _TRACE) -> tuple[bytes, int]:
    """Return a request of exactly `size` bytes whose spans have about `span_bytes` each, and how many it has."""
    filler: dict[str, Value] = {"text": "x" * (span_bytes - 100)} if span_bytes > 120 else {}
    mark = b"\xbb" * 8
    one = trace_request(span("step", trace=trace, id=mark, parent=b"\xcc" * 8, start_ns=10**18, attributes=filler))
    content = one.resource_spans[0].scope_spans[0].spans[0].SerializeToString()
    before, after = content.split(mark)
    head = one.resource_spans[0]
    del head.scope_spans[0].spans[:]
    length = _length(len(content))
    # ResourceSpans.scope_spans and ScopeSpans.spans both have the number 2; repeated messages may come in pieces.
    count = size // (len(content) + len(length) + 1) - 2
    spans = b"".join(b"\x12" + length + before + number.to_bytes(8, "big") + after for number in range(1, count + 1))
    inner = head.scope_spans[0].SerializeToString() + spans
    del head.scope_spans[:]
    groups = head.SerializeToString() + b"\x12" + _length(len(inner)) + inner
    body = b"\x0a" + _length(len(groups)) + groups
    return _padded(body, size), count


def _padded(body: bytes, size: int) -> bytes:
    """Fill up with a field that nobody knows: number 15, bytes."""
    missing = size - len(body)
    for width in range(1, 5):
        content = missing - 1 - width
        if content >= 0 and len(_length(content)) == width:
            return body + b"\x7a" + _length(content) + bytes(content)
    raise ValueError(missing)


def _length(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
