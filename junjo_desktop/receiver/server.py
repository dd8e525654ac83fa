"""The receiver: OTLP over gRPC and the key validator, behind public ports that can be changed while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc  # type: ignore[import-untyped]  # it has no types
from grpc_reflection.v1alpha import reflection  # type: ignore[import-untyped]  # it has no types

from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.receiver.calls import CORE_MESSAGE_BYTES, Calls
from junjo_desktop.receiver.export import Export
from junjo_desktop.receiver.front_door import FrontDoor
from junjo_desktop.receiver.journal import Journal
from junjo_desktop.receiver.key_gate import KeyGate
from junjo_desktop.receiver.otlp import OTLP_SERVICES
from junjo_desktop.receiver.private_address import PrivateAddress, clear_what_crashes_left, private_address
from junjo_desktop.receiver.reactor import Reactor
from junjo_desktop.receiver.reception import Reception
from junjo_desktop.receiver.unknown_methods import UnknownMethods
from junjo_desktop.receiver.validator import VALIDATOR_SERVICE, Validator
from junjo_desktop.telemetry.intake import Listener, Purpose, open_ports

_FAREWELL_S = 1.0
_OPTIONS = (
    ("grpc.max_receive_message_length", CORE_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),
    # SDKs are known for eager keep-alive pings; the library's default is to drop their connection.
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_permit_without_calls", 1),
)

Methods: TypeAlias = "Mapping[str, dict[str, grpc.RpcMethodHandler[bytes, bytes]]]"


class Receiver:
    """Runs once: `start`, then `rebind` and `keys_required` at will, then `stop`. Journal and keys stay open."""

    def __init__(
        self,
        journal: Journal,
        api_keys: ApiKeys,
        reception: Reception,
        keys_required: bool = True,
    ) -> None:
        self._gate = KeyGate(api_keys, required=keys_required)
        self._front_door = FrontDoor(reception)
        self._reactor = self._front_door.reactor
        self._listeners: tuple[Listener, ...] = ()
        self._is_stopped = False
        calls = Calls(reception, self._front_door)
        self._export = Export(self._gate, journal, reception, calls)
        otlp: Methods = {service.name: {"Export": self._export.method_of(service)} for service in OTLP_SERVICES}
        validator: Methods = {VALIDATOR_SERVICE: {"ValidateApiKey": Validator(api_keys, calls).method()}}
        not_otlp = UnknownMethods(
            calls,
            served_here="OTLP traces, logs and metrics are; turn other exporters off.",
            served_elsewhere=validator,
            where=lambda: self._where(Purpose.VALIDATOR),
        )
        not_validator = UnknownMethods(
            calls,
            served_here="Only ValidateApiKey is.",
            served_elsewhere=otlp,
            where=lambda: self._where(Purpose.OTLP),
        )
        self._otlp = _Server(self._reactor, otlp, not_otlp)
        self._validator = _Server(self._reactor, validator, not_validator)

    @property
    def keys_required(self) -> bool:
        """Whether telemetry must carry a valid API key; holds from the next request on."""
        return self._gate.required

    @keys_required.setter
    def keys_required(self, required: bool) -> None:
        self._gate.required = required

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The ports as they were last bound, or not."""
        return self._listeners

    def start(self, otlp_ports: Sequence[int], validator_port: int) -> tuple[Listener, ...]:
        """Begin to receive. A port that cannot be bound is reported in its `Listener`, and the others go on.

        Raises `UserError` when nothing can be received at all (no private socket can be made).
        """
        clear_what_crashes_left()
        self._otlp.start()
        self._validator.start()
        return self.rebind(otlp_ports, validator_port)

    def rebind(self, otlp_ports: Sequence[int], validator_port: int) -> tuple[Listener, ...]:
        """Change the ports. Those that stay keep their connections; those that go lose them."""
        # The validator gives up a port first that OTLP may want, and the other way round.
        self._front_door.retain(Purpose.OTLP, otlp_ports)
        self._front_door.retain(Purpose.VALIDATOR, (validator_port,))
        self._listeners = (
            *self._front_door.listen(Purpose.OTLP, otlp_ports, self._otlp.address),
            *self._front_door.listen(Purpose.VALIDATOR, (validator_port,), self._validator.address),
        )
        return self._listeners

    def stop(self, grace_s: float = 5.0) -> None:
        """Take nothing new, let the calls in progress end within `grace_s`, then close every connection."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._front_door.close_ports()
        self._reactor.complete(self._stop_servers(grace_s))
        self._export.close()
        # The servers have closed their ends; the last answers may still be on their way through the front door.
        self._front_door.close(drain_s=_FAREWELL_S)
        self._listeners = ()

    async def _stop_servers(self, grace_s: float) -> None:
        await asyncio.gather(self._otlp.stop(grace_s), self._validator.stop(grace_s))

    def _where(self, purpose: Purpose) -> str:
        ports = " or ".join(map(str, open_ports(self._listeners, purpose)))
        place = f"on 127.0.0.1:{ports}" if ports else "on no port at the moment"
        return f"{'OTLP is received' if purpose is Purpose.OTLP else 'API keys are validated'} {place}."


class _Server:
    """One gRPC server on a private socket, with health and reflection. It lives on the reactor's thread."""

    def __init__(self, reactor: Reactor, methods: Methods, unknown_methods: UnknownMethods) -> None:
        self.address: PrivateAddress = private_address()
        self._reactor = reactor
        self._health = health.aio.HealthServicer()
        self._server = reactor.complete(self._make(methods, unknown_methods))

    def start(self) -> None:
        """Listen on the private socket."""
        self._reactor.complete(self._start())

    async def _make(self, methods: Methods, unknown_methods: UnknownMethods) -> grpc.aio.Server:
        # Here and not in the constructor: the library binds a server to the loop that runs.
        server = grpc.aio.server(options=_OPTIONS)
        for service, handlers in methods.items():
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
            await self._health.set(service, health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection((*methods, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
        server.add_generic_rpc_handlers((unknown_methods,))
        return server

    async def _start(self) -> None:
        self.address.bind(self._server)
        await self._server.start()

    async def stop(self, grace_s: float) -> None:
        """Take no new calls, let those in progress end within `grace_s`, and stop."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(grace_s)
        self.address.close()
