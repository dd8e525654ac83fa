"""One accepted connection: recognised by its first bytes, then passed on to the gRPC server byte by byte."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

from junjo_desktop.receiver.first_bytes import MOST_BYTES, Known, WrongProtocol, recognise
from junjo_desktop.receiver.reactor import READ, WRITE, Reactor

FAREWELL_S = 1.0
"""How long a refused client may go on sending: closing earlier could destroy the answer on its way to it."""


class _Flow:
    """One direction. `waiting` is what the sink has not taken yet; while there is any, nothing more is read."""

    __slots__ = ("ended", "sink", "source", "waiting")

    def __init__(self, source: socket.socket, sink: socket.socket, waiting: bytes = b"") -> None:
        self.source = source
        self.sink = sink
        self.waiting = memoryview(waiting)
        self.ended = False  # the source has said all it will say


class Connection:
    """Lives on the reactor's thread; `port` and `is_open` may be read from any."""

    def __init__(
        self,
        reactor: Reactor,
        client: socket.socket,
        port: int,
        *,
        preface_time_s: float,
        connect: Callable[[Connection], socket.socket],
        on_refused: Callable[[Connection, WrongProtocol], None],
        on_closed: Callable[[Connection], None],
    ) -> None:
        """`connect` returns a connected, non-blocking socket to the server, or raises `OSError`."""
        self.port = port
        self.is_open = True
        """Whether the client may still send: it has neither ended nor lost the connection."""
        self._reactor = reactor
        self._client = client
        self._server: socket.socket | None = None
        self._connect = connect
        self._on_refused = on_refused
        self._on_closed = on_closed
        self._head = bytearray()
        self._is_closed = False
        reactor.watch(client, READ, self._on_first_bytes)
        reactor.call_later(preface_time_s, self._end_of_patience)

    def close(self) -> None:
        """Close both sides at once."""
        if self._is_closed:
            return
        self._is_closed = True
        self.is_open = False
        for side in (self._client, self._server):
            if side is not None:
                self._reactor.watch(side, 0, self._on_client)
                side.close()
        self._on_closed(self)

    def _on_first_bytes(self, _events: int) -> None:
        try:
            received = self._client.recv(MOST_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        self._head += received
        self._judge(is_all=not received)

    def _end_of_patience(self) -> None:
        if self._server is None and not self._is_closed and self.is_open:
            self._judge(is_all=True)

    def _judge(self, *, is_all: bool) -> None:
        if is_all and not self._head:
            self.close()  # somebody looked whether the port is open
            return
        found = recognise(bytes(self._head), is_all=is_all)
        if isinstance(found, WrongProtocol):
            self._refuse(found)
        elif found is Known.HTTP2:
            self._pass_on()

    def _refuse(self, wrong: WrongProtocol) -> None:
        self.is_open = False
        self._on_refused(self, wrong)
        with suppress(OSError):
            self._client.send(wrong.answer)
            self._client.shutdown(socket.SHUT_WR)
        self._reactor.watch(self._client, READ, self._ignore)
        self._reactor.call_later(FAREWELL_S, self.close)

    def _ignore(self, _events: int) -> None:
        try:
            if self._client.recv_into(self._reactor.buffer):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self.close()

    def _pass_on(self) -> None:
        try:
            server = self._connect(self)
        except OSError:
            self.close()
            return
        self._server = server
        self._inbound = _Flow(self._client, server, bytes(self._head))
        self._outbound = _Flow(server, self._client)
        self._flush(self._inbound)

    def _on_client(self, events: int) -> None:
        if events & WRITE:
            self._flush(self._outbound)
        if events & READ and not self._is_closed:
            self._pump(self._inbound)

    def _on_server(self, events: int) -> None:
        if events & WRITE:
            self._flush(self._inbound)
        if events & READ and not self._is_closed:
            self._pump(self._outbound)

    def _pump(self, flow: _Flow) -> None:
        buffer = self._reactor.buffer
        try:
            received = flow.source.recv_into(buffer)
            if received:
                sent = _send(flow.sink, buffer[:received])
                if sent == received:
                    return
                flow.waiting = memoryview(bytes(buffer[sent:received]))
            else:
                flow.ended = True
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        self._settle()

    def _flush(self, flow: _Flow) -> None:
        try:
            flow.waiting = flow.waiting[_send(flow.sink, flow.waiting) :]
        except OSError:
            self.close()
            return
        self._settle()

    def _settle(self) -> None:
        """Watch for what can go on now: reading where nothing waits, writing where something does."""
        for flow in (self._inbound, self._outbound):
            if flow.ended and not flow.waiting:
                with suppress(OSError):
                    flow.sink.shutdown(socket.SHUT_WR)
        self.is_open = not self._inbound.ended
        if self._inbound.ended and self._outbound.ended and not self._inbound.waiting and not self._outbound.waiting:
            self.close()
            return
        self._reactor.watch(self._inbound.source, _interest(self._inbound, self._outbound), self._on_client)
        self._reactor.watch(self._outbound.source, _interest(self._outbound, self._inbound), self._on_server)


def _interest(outgoing: _Flow, incoming: _Flow) -> int:
    """What a socket is watched for that is `outgoing`'s source and `incoming`'s sink."""
    may_read = not outgoing.ended and not outgoing.waiting
    return (READ if may_read else 0) | (WRITE if incoming.waiting else 0)


def _send(sink: socket.socket, data: memoryview) -> int:
    try:
        return sink.send(data)
    except (BlockingIOError, InterruptedError):
        return 0
