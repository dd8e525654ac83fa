"""Speaks to a port by hand: bytes over a socket, and HTTP/2 frames for what no gRPC client would send."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping

from junjo_desktop.receiver.first_bytes import PREFACE

SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
_DATA, _HEADERS = 0, 1
_END_HEADERS = 4


def connect(port: int) -> socket.socket:
    """A connection that gives up after 20 s."""
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def exchange(port: int, sent: bytes) -> bytes:
    """Send, then return all that comes back until the other side closes."""
    with connect(port) as connection:
        connection.sendall(sent)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def begin_call(path: str, metadata: Mapping[str, str], announced_bytes: int, sent: bytes) -> bytes:
    """The bytes of a gRPC call whose message is announced but not (wholly) sent."""
    headers = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost"}
    headers |= {"content-type": "application/grpc", "te": "trailers", **metadata}
    block = b"".join(b"\x00" + _text(name) + _text(value) for name, value in headers.items())
    message = b"\x00" + struct.pack(">I", announced_bytes) + sent
    return PREFACE + SETTINGS + _frame(_HEADERS, _END_HEADERS, block) + _frame(_DATA, 0, message)


def _frame(kind: int, flags: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", 1) + payload


def _text(text: str) -> bytes:
    # HPACK's plain string: a length below 127, then the bytes.
    encoded = text.encode("ascii")
    assert len(encoded) < 127
    return bytes((len(encoded),)) + encoded
