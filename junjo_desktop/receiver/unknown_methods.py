"""Answers calls to methods that a port does not serve, so that a wrong port or protocol is noticed at both ends."""

from __future__ import annotations

from collections.abc import Callable, Collection

import grpc

from junjo_desktop.receiver.calls import Call, Calls
from junjo_desktop.receiver.refused import RefusedError
from junjo_desktop.telemetry.intake import RefusalReason

_METHOD_CHARACTERS = 120


class UnknownMethods(grpc.GenericRpcHandler):
    """The last of a server's handlers."""

    def __init__(
        self, calls: Calls, *, served_here: str, served_elsewhere: Collection[str], where: Callable[[], str]
    ) -> None:
        """`served_elsewhere` are full names of services that another port of ours has; the others are sentences."""
        self._calls = calls
        self._served_here = served_here
        self._served_elsewhere = served_elsewhere
        self._where = where

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return a handler that refuses the call."""
        method = handler_call_details.method.lstrip("/")
        is_elsewhere = method.rpartition("/")[0] in self._served_elsewhere

        async def refuse(_call: Call) -> bytes:
            raise RefusedError(
                RefusalReason.WRONG_PORT if is_elsewhere else RefusalReason.UNKNOWN_METHOD,
                grpc.StatusCode.UNIMPLEMENTED,
                f"{method[:_METHOD_CHARACTERS]} is not served on this port.",
                self._where() if is_elsewhere else self._served_here,
            )

        return self._calls.handler(refuse)
