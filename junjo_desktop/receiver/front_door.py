"""The public ports. They are ours, not the gRPC library's: a taken port is noticed, and a wrong protocol answered.

Connections that speak HTTP/2 are passed on to a gRPC server on a private socket; all others get an answer that their
owner can understand, and are counted.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.receiver.connection import Connection
from junjo_desktop.receiver.first_bytes import WrongProtocol
from junjo_desktop.receiver.open_files import affordable_connections
from junjo_desktop.receiver.ports import listen_on
from junjo_desktop.receiver.private_address import PrivateAddress
from junjo_desktop.receiver.reactor import READ, Reactor
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.telemetry.intake import Listener, Purpose, RefusalReason

logger = logging.getLogger(__name__)

PREFACE_TIME_S = 10.0
_ACCEPTS_IN_A_ROW = 64
_ACCEPT_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class _Port:
    purpose: Purpose
    requested: int
    number: int
    listener: socket.socket
    address: PrivateAddress


class FrontDoor:
    """Opens and closes ports and knows the connections behind them. Methods are for any thread."""

    def __init__(
        self, reception: Reception, *, preface_time_s: float = PREFACE_TIME_S, most_connections: int | None = None
    ) -> None:
        self._reception = reception
        self._preface_time_s = preface_time_s
        self._most_connections = most_connections or affordable_connections()
        self.reactor = Reactor("receiver")
        """Its thread; the gRPC servers behind the ports may share it."""
        self._ports: list[_Port] = []
        self._connections: set[Connection] = set()
        self._ended = threading.Condition()
        self._by_peer: dict[str, Connection] = {}
        self._is_resting = False
        self.reactor.start()

    def retain(self, purpose: Purpose, ports: Sequence[int]) -> None:
        """Close the ports of `purpose` that are not among these, with their connections."""
        self.reactor.run(lambda: self._close_others(purpose, _distinct(ports)))

    def listen(self, purpose: Purpose, ports: Sequence[int], address: PrivateAddress) -> tuple[Listener, ...]:
        """Have exactly these ports open for `purpose`; those open already stay. Each is reported, open or not."""
        wanted = _distinct(ports)
        kept = self.reactor.run(lambda: self._close_others(purpose, wanted))
        listeners = []
        for requested in wanted:
            port = next((port for port in kept if port.requested == requested), None)
            if port is not None:
                kept.remove(port)
                listeners.append(Listener(purpose, port.number))
            else:
                listeners.append(self._open(purpose, requested, address))
        return tuple(listeners)

    def close_ports(self) -> None:
        """Take no new connections; those there are go on."""
        self.reactor.run(lambda: self._drop(list(self._ports), with_connections=False))

    def close(self, *, drain_s: float = 0.0) -> None:
        """Close every port, give the connections `drain_s` to end by themselves, close the rest, and end the thread."""
        self.close_ports()
        with self._ended:
            self._ended.wait_for(lambda: not self._connections, drain_s)
        self.reactor.run(self._close_connections)
        self.reactor.stop()

    def connection_of(self, peer: str) -> Connection | None:
        """Return the connection that a gRPC server knows as `peer`, if it is still there."""
        return self._by_peer.get(peer.rpartition("/")[2])

    def _close_connections(self) -> None:
        for connection in tuple(self._connections):
            connection.close()

    def _open(self, purpose: Purpose, requested: int, address: PrivateAddress) -> Listener:
        try:
            listener = listen_on(requested)
        except PortUnavailableError as error:
            logger.warning("%s", error)
            return Listener(purpose, requested, error)
        port = _Port(purpose, requested, listener.getsockname()[1], listener, address)

        def add() -> None:
            self._ports.append(port)
            self._watch(port)

        self.reactor.run(add)
        return Listener(purpose, port.number)

    def _close_others(self, purpose: Purpose, wanted: Sequence[int]) -> list[_Port]:
        left = list(wanted)
        kept, others = [], []
        for port in self._ports:
            if port.purpose is not purpose:
                continue
            if port.requested in left:
                left.remove(port.requested)
                kept.append(port)
            else:
                others.append(port)
        self._drop(others, with_connections=True)
        return kept

    def _drop(self, ports: Sequence[_Port], *, with_connections: bool) -> None:
        for port in ports:
            self.reactor.watch(port.listener, 0, _nothing)
            port.listener.close()
            self._ports.remove(port)
        if with_connections:
            # Or a program would go on sending to a port that the user has closed.
            numbers = {port.number for port in ports}
            for connection in [connection for connection in self._connections if connection.port in numbers]:
                connection.close()

    def _watch(self, port: _Port) -> None:
        if not self._is_resting:
            self.reactor.watch(port.listener, READ, lambda _events: self._accept(port))

    def _accept(self, port: _Port) -> None:
        for _ in range(_ACCEPTS_IN_A_ROW):
            if len(self._connections) >= self._most_connections:
                self._rest(f"{len(self._connections)} connections are open.")
                return
            try:
                client, _ = port.listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._rest(f"No more connections can be opened ({error.strerror or error}).")
                return
            self._welcome(client, port)

    def _welcome(self, client: socket.socket, port: _Port) -> None:
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peers: list[str] = []

        def connect(connection: Connection) -> socket.socket:
            try:
                server, peer = port.address.connect()
            except OSError as error:
                self._reception.refuse(
                    RefusalReason.UNAVAILABLE,
                    f"A connection to port {port.number} could not be passed on ({error.strerror or error}).",
                    "Senders try again; if it stays so, start Junjo Desktop again.",
                )
                raise
            peers.append(peer)
            self._by_peer[peer] = connection
            return server

        def forget(connection: Connection) -> None:
            with self._ended:
                self._connections.discard(connection)
                self._ended.notify_all()
            for peer in peers:
                self._by_peer.pop(peer, None)

        self._connections.add(
            Connection(
                self.reactor,
                client,
                port.number,
                preface_time_s=self._preface_time_s,
                connect=connect,
                on_refused=self._count,
                on_closed=forget,
            )
        )

    def _count(self, connection: Connection, wrong: WrongProtocol) -> None:
        self._reception.refuse(wrong.reason, f"{wrong.detail} Port {connection.port}.", wrong.hint)

    def _rest(self, why: str) -> None:
        """Leave new connections waiting for a moment: accepting would fail, and the loop would spin."""
        self._reception.refuse(
            RefusalReason.OVERLOADED, f"{why} New ones wait.", "Close programs that keep many connections open."
        )
        self._is_resting = True
        for port in self._ports:
            self.reactor.watch(port.listener, 0, _nothing)
        self.reactor.call_later(_ACCEPT_AGAIN_S, self._accept_again)

    def _accept_again(self) -> None:
        self._is_resting = False
        for port in self._ports:
            self._watch(port)


def _distinct(ports: Sequence[int]) -> list[int]:
    """Leave out what stands twice, but not 0: each of them is another free port."""
    return [port for at, port in enumerate(ports) if port == 0 or port not in ports[:at]]


def _nothing(_events: int) -> None:
    """Stands where a callback is asked for and none is called."""
