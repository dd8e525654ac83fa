"""Speaks to a port by hand: bytes over a socket, and HTTP/2 frames for what no gRPC client would send."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping

from junjo_desktop.receiver.first_bytes import PREFACE

SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
_DATA, _HEADERS, _RESET, _GO_AWAY = 0, 1, 3, 7
_END_STREAM, _END_HEADERS = 1, 4
_FRAME_BYTES = 16_384


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
    message = b"\x00" + struct.pack(">I", announced_bytes) + sent
    headers = _frame(_HEADERS, _END_HEADERS, _header_block(path, metadata))
    return PREFACE + SETTINGS + headers + _frame(_DATA, 0, message)


def whole_call(path: str, metadata: Mapping[str, str], payload: bytes) -> bytes:
    """The bytes of a gRPC call with its whole message; at most what may be sent unasked (64 KiB)."""
    message = b"\x00" + struct.pack(">I", len(payload)) + payload
    headers = _frame(_HEADERS, _END_HEADERS, _header_block(path, metadata))
    return PREFACE + SETTINGS + headers + _frame(_DATA, _END_STREAM, message)


def _header_block(path: str, metadata: Mapping[str, str]) -> bytes:
    headers = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost"}
    headers |= {"content-type": "application/grpc", "te": "trailers", **metadata}
    return b"".join(b"\x00" + _text(name) + _text(value) for name, value in headers.items())


def _frame(kind: int, flags: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", 1) + payload


def _text(text: str) -> bytes:
    # HPACK's plain string: a length below 127, then the bytes.
    encoded = text.encode("ascii")
    assert len(encoded) < 127
    return bytes((len(encoded),)) + encoded


def status_of_call(
    port: int, path: str, metadata: Mapping[str, str], payload: bytes, *, flag: int = 0, announced: int | None = None
) -> int | None:
    """Send a whole call of one message; return its gRPC status, or None when the stream or connection was ended.

    `flag` is the byte that says whether the payload is compressed, `announced` a length that may lie.
    """
    length = len(payload) if announced is None else announced
    message = bytes([flag]) + struct.pack(">I", length) + payload
    with connect(port) as connection:
        connection.sendall(PREFACE + SETTINGS + _frame(_HEADERS, _END_HEADERS, _header_block(path, metadata)))
        try:
            for begin in range(0, len(message), _FRAME_BYTES):
                piece = message[begin : begin + _FRAME_BYTES]
                connection.sendall(_frame(_DATA, _END_STREAM if begin + len(piece) == len(message) else 0, piece))
        except OSError:
            return None  # it was refused before its end
        return _status(connection)


def _status(connection: socket.socket) -> int | None:
    """Read frames until the trailers, or until there is nothing more to come."""
    file = connection.makefile("rb")
    while len(head := file.read(9)) == 9:
        kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:])[0]
        content = file.read(int.from_bytes(head[:3], "big"))
        if kind in {_RESET, _GO_AWAY}:
            return None
        if stream == 1 and kind == _HEADERS and flags & _END_STREAM:
            # The library writes names and values of trailers as plain literals: name, length, value.
            name = content.index(b"grpc-status") + len(b"grpc-status")
            return int(content[name + 1 : name + 1 + content[name]])
    return None
