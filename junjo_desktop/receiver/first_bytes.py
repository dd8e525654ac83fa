"""Recognises from its first bytes what a connection speaks, and has an answer for those that do not speak HTTP/2.

Without this a wrong protocol shows up as nothing at all here, and as a riddle over there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from junjo_desktop.telemetry.intake import RefusalReason

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
MOST_BYTES = 8_192
"""After so many bytes a request line that has no end is judged as it is."""

_TLS_HANDSHAKE = b"\x16\x03"
# A fatal alert "protocol version": clients report it at once and do not wait for a time-out.
_TLS_ALERT = bytes((0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 70))
_REQUEST_LINE = re.compile(rb"([A-Z]+) ([^ \r\n]*)")
_METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS ", b"CONNECT ", b"TRACE ")
_PATH_CHARACTERS = 80

_HTTP_TEXT = (
    "This is a gRPC port of Junjo Desktop: it speaks HTTP/2, not HTTP/1.1. Use an OTLP exporter that speaks gRPC "
    "(OTEL_EXPORTER_OTLP_PROTOCOL=grpc).\n"
)
_HTTP_ANSWER = (
    "HTTP/1.1 415 Unsupported Media Type\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    f"Content-Length: {len(_HTTP_TEXT)}\r\n"
    "Connection: close\r\n\r\n"
    f"{_HTTP_TEXT}"
).encode()


@dataclass(frozen=True, slots=True)
class WrongProtocol:
    """Something else than HTTP/2: what to count, what to say to the user, and what to answer to the other side."""

    reason: RefusalReason
    detail: str
    hint: str
    answer: bytes


class Known(Enum):
    """What needs no answer from us."""

    HTTP2 = "HTTP/2"
    UNCLEAR = "more bytes are needed"


def recognise(head: bytes, *, is_all: bool = False) -> WrongProtocol | Known:
    """Say what a connection that begins like this speaks. `is_all`: no more bytes will come, so decide."""
    if head.startswith(PREFACE):
        return Known.HTTP2
    if head.startswith(_TLS_HANDSHAKE):
        return _TLS
    is_open = not is_all and len(head) < MOST_BYTES
    if head.startswith(_METHODS):
        return Known.UNCLEAR if is_open and b"\n" not in head else _http1(head)
    if is_open and any(known.startswith(head) for known in (PREFACE, _TLS_HANDSHAKE, *_METHODS)):
        return Known.UNCLEAR
    return _NOT_HTTP2


_TLS = WrongProtocol(
    RefusalReason.TLS,
    "A program tried to open a TLS connection.",
    "Give its exporter insecure=True, or write http:// instead of https:// in its endpoint: this port is plain text "
    "and cannot be reached from other computers.",
    _TLS_ALERT,
)

_NOT_HTTP2 = WrongProtocol(
    RefusalReason.NOT_HTTP2,
    "A program sent something that is neither gRPC nor HTTP.",
    "Look at which program uses this port; only OTLP over gRPC is understood here.",
    b"",
)


def _http1(head: bytes) -> WrongProtocol:
    line = _REQUEST_LINE.match(head)
    # What stands after the question mark may be a secret.
    path = line[2].split(b"?")[0][:_PATH_CHARACTERS].decode("ascii", "replace") if line else ""
    method = line[1].decode("ascii") if line else ""
    return WrongProtocol(
        RefusalReason.HTTP1,
        f"A program sent {method} {path} over HTTP/1.1.",
        "Use its gRPC exporter: OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or the package with proto-grpc in its name.",
        _HTTP_ANSWER,
    )
