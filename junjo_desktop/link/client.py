"""The end of the private socket that another process of the same user opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import grpc

from junjo_desktop.errors import UserError
from junjo_desktop.link.endpoint import Endpoint
from junjo_desktop.link.failures import from_status
from junjo_desktop.link.protocol import SERVICE, TOKEN_KEY
from junjo_desktop.link.report_json import report_from_json
from junjo_desktop.link.selection_wire import selection_to_wire, toll_from_wire
from junjo_desktop.store.derivation import Rebuilt
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.wire import workbench_pb2 as wire

_SHORT_ANSWER_S = 10.0
_DELETION_S = 300.0
_REBUILD_S = 300.0
_OPTIONS = (
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_metadata_size", 64 * 1024),
)

Reply = TypeVar("Reply")


class NobodyThereError(UserError):
    """No app answers at the address; whoever wrote the endpoint file is gone."""


class LinkClient:
    """Asks one running app. Every method raises `UserError` as the app itself would have, or `NobodyThereError`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.pid = endpoint.pid
        self._metadata = ((TOKEN_KEY, endpoint.token),)
        self._channel = grpc.insecure_channel(endpoint.address, options=_OPTIONS)

    def close(self) -> None:
        """Hang up."""
        self._channel.close()

    def hello(self) -> wire.HelloReply:
        """Return who answers."""
        return self._ask("Hello", wire.HelloRequest(), wire.HelloReply)

    def report(self) -> IntakeReport:
        """Return what the app's intake has seen."""
        return report_from_json(json.loads(self._ask("Report", wire.ReportRequest(), wire.ReportReply).json))

    def raise_window(self) -> bool:
        """Bring the app's window to the front; False when it has none."""
        return self._ask("Raise", wire.RaiseRequest(), wire.RaiseReply).raised

    def open_link(self, link: str) -> bool:
        """Bring the app's window to the front and have it go where `link` leads; False when it has none."""
        return self._ask("Open", wire.OpenRequest(link=link), wire.RaiseReply).raised

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take."""
        return toll_from_wire(self._ask("CountSelected", selection_to_wire(selection), wire.Toll, _DELETION_S))

    def delete_some(self, selection: Selection) -> tuple[Toll, bool]:
        """Delete for about half a second; return what that took, and whether nothing is left to delete."""
        reply = self._ask("DeleteSome", selection_to_wire(selection), wire.Toll, _DELETION_S)
        return toll_from_wire(reply), reply.finished

    def rebuild_some(self, *, restart: bool) -> Rebuilt:
        """Make derived data again for about a second; return how far it is."""
        reply = self._ask("RebuildSome", wire.RebuildRequest(restart=restart), wire.RebuildReply, _REBUILD_S)
        return Rebuilt.from_json(json.loads(reply.json))

    def query(self, name: str, params: Mapping[str, Any]) -> bytes:
        """Return the JSON document that answers the query; leaving early stops it in the app, too."""
        call: Callable[..., Any] = self._channel.unary_stream(
            f"/{SERVICE}/Query",
            request_serializer=wire.QueryRequest.SerializeToString,
            response_deserializer=wire.QueryPart.FromString,
        )
        parts = call(wire.QueryRequest(name=name, params_json=json.dumps(params)), metadata=self._metadata)
        try:
            return b"".join(part.json for part in parts)
        except grpc.RpcError as error:
            raise self._understood(error) from error
        finally:
            parts.cancel()

    def _ask(self, method: str, request: Any, reply: type[Reply], timeout_s: float = _SHORT_ANSWER_S) -> Reply:
        call: Callable[..., Reply] = self._channel.unary_unary(
            f"/{SERVICE}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=getattr(reply, "FromString"),  # noqa: B009 - every message has it, no type says so
        )
        try:
            return call(request, metadata=self._metadata, timeout=timeout_s)
        except grpc.RpcError as error:
            raise self._understood(error) from error

    def _understood(self, error: Any) -> UserError:
        code, details = error.code(), error.details()
        if code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAUTHENTICATED}:
            return NobodyThereError(f"The running app (process {self.pid}) ended while it was asked.", "Try again.")
        if code is grpc.StatusCode.DEADLINE_EXCEEDED:
            return UserError(
                f"The running app (process {self.pid}) does not answer.", "Wait a little, or stop it and try again."
            )
        return from_status(details) or UserError(
            f"The running app (process {self.pid}) failed to answer ({details}).", "Its log says more."
        )
