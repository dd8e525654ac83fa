"""Export requests as bugs, broken networks and attackers make them: real ones, spoilt by a short recipe of bytes.

A recipe decides everything, so that Hypothesis can draw thousands of them quickly and shrink what it finds.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from junjo_desktop.telemetry.intake import Signal
from tests.support.otlp import Value, key_values, logs_request, span, span_id, trace_id, trace_request

RECIPE_BYTES = 10
_DEPTHS = (3, 40, 90, 99, 100, 101, 200, 5_000)
_HUGE_LENGTHS = (b"\x0a\xff\xff\xff\xff\x07", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x12\x80\x80\x80\x80\x10")
_ODD_NUMBERS = (
    b"\xff" * 11,
    b"\x80" * 10 + b"\x01",
    b"\x0b\x0b\x0b",
    b"\x0c",
    b"\x00",
    b"\x07\x07",
    b"\xf8\xff\xff\xff\x0f\x00",
)
_BAD_TEXTS = (b"\xff\xfe\xfd\xfc", b"\xc0\xaf\xc0\xaf", b"\xed\xa0\x80a", b"\xf4\x90\x80\x80")
_MARK = b"mark"


def _attributes() -> dict[str, Value]:
    return {
        "mark": "mark",
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 12,
        "list": ["mark", 1, 2.5, None, {"deep": [True, b"mark"]}],
        "text": "é 💩 \x00" * 5,
    }


def _full_span() -> Span:
    sent = span("mark", parent=span_id(7), attributes=_attributes(), error="mark")
    event = sent.events.add(name="exception", time_unix_nano=5)
    event.attributes.extend(key_values(_attributes()))
    link = sent.links.add(trace_id=trace_id(1), span_id=span_id(1), trace_state="mark")
    link.attributes.extend(key_values({"mark": 1}))
    return sent


def _metrics() -> ExportMetricsServiceRequest:
    request = ExportMetricsServiceRequest()
    metrics = request.resource_metrics.add().scope_metrics.add().metrics
    metrics.add(name="mark", unit="ms").gauge.data_points.add(as_int=1)
    metrics.add(name="mark").sum.data_points.add(as_double=1.5, time_unix_nano=9)
    return request


_REAL: tuple[tuple[Signal, bytes], ...] = tuple(
    (signal, request.SerializeToString())
    for signal, request in (
        (Signal.TRACES, trace_request(_full_span(), service="mark")),
        (
            Signal.TRACES,
            trace_request(*(span("mark", attributes={"mark": n}) for n in range(4)), resource={"a": "mark"}),
        ),
        (Signal.TRACES, trace_request(span("mark"))),
        (Signal.LOGS, logs_request("mark", _attributes(), ["mark"], service="mark", trace=trace_id(3))),
        (Signal.METRICS, _metrics()),
    )
)


def mutated(recipe: bytes) -> tuple[Signal, bytes]:
    """Spoil a real request as the recipe (`RECIPE_BYTES` of them) says."""
    which, how, at, amount, other, value = struct.unpack(">BBHHHH", recipe)
    signal, body = _REAL[which % len(_REAL)]
    change = _CHANGES[how % len(_CHANGES)]
    spoilt = change(body, at % (len(body) + 1), amount, value)
    if change is _spliced:
        rest = _REAL[other % len(_REAL)][1]
        spoilt += rest[value % (len(rest) + 1) :]
    if how > 240:  # of another signal
        signal = Signal(1 + value % len(Signal))
    return signal, spoilt


def recipes(drawn: bytes) -> Iterator[bytes]:
    """Cut what was drawn into recipes."""
    for begin in range(0, len(drawn) - RECIPE_BYTES + 1, RECIPE_BYTES):
        yield drawn[begin : begin + RECIPE_BYTES]


def nested(depth: int, *, in_lists: bool) -> bytes:
    """A request whose resource has an attribute of so many values within each other."""
    value = b""
    for _ in range(depth):
        # AnyValue.array_value = 5 {values = 1}, or AnyValue.kvlist_value = 6 {values = 1 {value = 2}}.
        inner = _field(1, value) if in_lists else _field(1, _field(2, value))
        value = _field(5 if in_lists else 6, inner)
    attribute = _field(1, _field(1, b"mark") + _field(2, value))
    return _field(1, _field(1, attribute))


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _flipped(body: bytes, at: int, _amount: int, value: int) -> bytes:
    spoilt = bytearray(body)
    spoilt[min(at, len(body) - 1)] ^= 1 << value % 8
    return bytes(spoilt)


def _cut(body: bytes, at: int, _amount: int, _value: int) -> bytes:
    return body[:at]


def _spliced(body: bytes, at: int, _amount: int, _value: int) -> bytes:
    return body[:at]


def _wrong_wire_type(body: bytes, at: int, _amount: int, value: int) -> bytes:
    spoilt = bytearray(body)
    position = min(at, len(body) - 1)
    spoilt[position] = spoilt[position] & 0xF8 | value % 8
    return bytes(spoilt)


def _huge_length(body: bytes, at: int, _amount: int, value: int) -> bytes:
    return body[:at] + _HUGE_LENGTHS[value % len(_HUGE_LENGTHS)] + body[at:]


def _odd_number(body: bytes, at: int, _amount: int, value: int) -> bytes:
    return body[:at] + _ODD_NUMBERS[value % len(_ODD_NUMBERS)] + body[at:]


def _bad_text(body: bytes, at: int, _amount: int, value: int) -> bytes:
    found = body.find(_MARK, at)
    found = body.find(_MARK) if found < 0 else found
    return body[:found] + _BAD_TEXTS[value % len(_BAD_TEXTS)] + body[found + len(_MARK) :]


def _too_deep(_body: bytes, at: int, _amount: int, value: int) -> bytes:
    return nested(_DEPTHS[value % len(_DEPTHS)], in_lists=bool(at % 2)) + _REAL[2][1]


def _repeated(body: bytes, at: int, amount: int, value: int) -> bytes:
    return body[:at] + body[at : at + amount % 64] * (value % 20) + body[at:]


def _shortened(body: bytes, at: int, amount: int, _value: int) -> bytes:
    return body[:at] + body[at + 1 + amount % 32 :]


def _overwritten(body: bytes, at: int, amount: int, value: int) -> bytes:
    size = 1 + amount % 16
    return body[:at] + (value.to_bytes(2, "big") * 8)[:size] + body[at + size :]


def _whole(body: bytes, _at: int, _amount: int, _value: int) -> bytes:
    return body


_CHANGES: tuple[Callable[[bytes, int, int, int], bytes], ...] = (
    _flipped,
    _cut,
    _spliced,
    _wrong_wire_type,
    _huge_length,
    _odd_number,
    _bad_text,
    _too_deep,
    _repeated,
    _shortened,
    _overwritten,
    _whole,
)
