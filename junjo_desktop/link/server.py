"""The end of the private socket that the running app holds."""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, Protocol, TypeVar

import grpc

from junjo_desktop import __version__
from junjo_desktop.errors import DataFolderError, QueryCancelledError, UserError
from junjo_desktop.link.address import Place, clear_stale, places
from junjo_desktop.link.endpoint import Endpoint, remove_endpoint, write_endpoint
from junjo_desktop.link.failures import to_status
from junjo_desktop.link.protocol import SERVICE, TOKEN_KEY
from junjo_desktop.link.report_json import report_to_json
from junjo_desktop.link.selection_wire import selection_from_wire, toll_to_wire
from junjo_desktop.paths import DataDir
from junjo_desktop.store.cancellation import CancelToken
from junjo_desktop.store.derivation import Position, Rebuilt
from junjo_desktop.store.selection import Selection, Toll
from junjo_desktop.telemetry.intake import IntakeReport
from junjo_desktop.wire import workbench_pb2 as wire

_PIECE_BYTES = 256 * 1024
_THREADS = 8
_DELETE_FOR_S = 0.5
_REBUILD_FOR_S = 1.0
_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
)
_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
OnHangUp = Callable[[Callable[[], None]], None]
Handler = Callable[[Any, grpc.ServicerContext], Any]


class LinkBackend(Protocol):
    """What the socket offers to other processes of the user."""

    def answer(self, name: str, params: Mapping[str, Any], on_hang_up: OnHangUp) -> bytes:
        """Return the JSON document that answers the query `name`. Raises `UserError`.

        What is given to `on_hang_up` is called, on another thread, when nobody waits for the answer any more; perhaps
        also after it was given.
        """

    def report(self) -> IntakeReport: ...
    @property
    def has_window(self) -> bool: ...
    def raise_window(self) -> bool:
        """Bring the window to the front; False when there is none."""

    def open_link(self, link: str) -> bool:
        """Bring the window to the front and go where `link` leads; False when there is no window."""

    def toll_of(self, selection: Selection) -> Toll:
        """Return what deleting `selection` would take. Raises `UserError`."""

    def delete(
        self, selection: Selection, on_progress: Callable[[Toll], None] | None, token: CancelToken | None
    ) -> Toll:
        """Delete; return what was deleted, also when `token` was cancelled. Raises `UserError`."""

    def rebuild(
        self, on_progress: Callable[[Position], None] | None, token: CancelToken | None, *, restart: bool
    ) -> Rebuilt:
        """Make derived data again, until all is done or `token` is cancelled. Raises `UserError`."""


class LinkServer:
    """Listens from `start` to `stop`; says where in the endpoint file of the data folder."""

    def __init__(self, data_dir: DataDir, backend: LinkBackend) -> None:
        self._data_dir = data_dir
        self._backend = backend
        self._token = secrets.token_urlsafe(32)
        self._server: grpc.Server | None = None
        self._place: Place | None = None

    def start(self) -> None:
        """Listen in the first place that works. Raises `DataFolderError` when the endpoint file cannot be written."""
        self._clear_what_a_crash_left()
        server = grpc.server(
            ThreadPoolExecutor(_THREADS, thread_name_prefix="link"),
            interceptors=[_TokenCheck(self._token)],
            options=_OPTIONS,
        )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, self._handlers()),))
        self._place, address = _listen(server, self._data_dir)
        self._server = server
        server.start()
        try:
            write_endpoint(self._data_dir, Endpoint(address=address, token=self._token, pid=os.getpid()))
        except OSError as error:
            self.stop(0)
            raise DataFolderError(
                f"The data folder {self._data_dir.root} cannot be written ({error.strerror or error}).",
                "Free some space or correct its permissions, or name another folder with --data-dir.",
            ) from error

    def stop(self, grace_s: float) -> None:
        """Take no more questions, give those under way `grace_s`, and leave nothing behind."""
        if self._server is None:
            return
        remove_endpoint(self._data_dir)
        self._server.stop(grace_s).wait()
        self._server = None
        if self._place is not None:
            self._place.clear()

    def _clear_what_a_crash_left(self) -> None:
        try:
            clear_stale(str(json.loads(self._data_dir.endpoint.read_text(encoding="utf-8"))["address"]))
        except (OSError, ValueError, TypeError, KeyError):
            return

    def _handlers(self) -> dict[str, grpc.RpcMethodHandler[Any, Any]]:
        return {
            "Hello": _unary(self._hello, wire.HelloRequest, wire.HelloReply),
            "Report": _unary(self._report, wire.ReportRequest, wire.ReportReply),
            "Raise": _unary(self._raise, wire.RaiseRequest, wire.RaiseReply),
            "Open": _unary(self._open, wire.OpenRequest, wire.RaiseReply),
            "CountSelected": _unary(self._count_selected, wire.Selection, wire.Toll),
            "DeleteSome": _unary(self._delete_some, wire.Selection, wire.Toll),
            "RebuildSome": _unary(self._rebuild_some, wire.RebuildRequest, wire.RebuildReply),
            "Query": grpc.unary_stream_rpc_method_handler(
                self._query,
                request_deserializer=wire.QueryRequest.FromString,
                response_serializer=wire.QueryPart.SerializeToString,
            ),
        }

    def _hello(self, _request: wire.HelloRequest, _context: grpc.ServicerContext) -> wire.HelloReply:
        return wire.HelloReply(version=__version__, has_window=self._backend.has_window)

    def _report(self, _request: wire.ReportRequest, context: grpc.ServicerContext) -> wire.ReportReply:
        report = _or_abort(self._backend.report, context)
        return wire.ReportReply(json=json.dumps(report_to_json(report)).encode())

    def _raise(self, _request: wire.RaiseRequest, context: grpc.ServicerContext) -> wire.RaiseReply:
        return wire.RaiseReply(raised=_or_abort(self._backend.raise_window, context))

    def _open(self, request: wire.OpenRequest, context: grpc.ServicerContext) -> wire.RaiseReply:
        return wire.RaiseReply(raised=_or_abort(lambda: self._backend.open_link(request.link), context))

    def _count_selected(self, request: wire.Selection, context: grpc.ServicerContext) -> wire.Toll:
        return _or_abort(lambda: toll_to_wire(self._backend.toll_of(selection_from_wire(request))), context)

    def _delete_some(self, request: wire.Selection, context: grpc.ServicerContext) -> wire.Toll:
        token, end_in_time = _a_while(context, _DELETE_FOR_S)
        taken = _or_abort(lambda: self._backend.delete(selection_from_wire(request), end_in_time, token), context)
        return toll_to_wire(taken, finished=not token.cancelled)

    def _rebuild_some(self, request: wire.RebuildRequest, context: grpc.ServicerContext) -> wire.RebuildReply:
        token, end_in_time = _a_while(context, _REBUILD_FOR_S)
        found = _or_abort(lambda: self._backend.rebuild(end_in_time, token, restart=request.restart), context)
        return wire.RebuildReply(json=json.dumps(asdict(found)).encode())

    def _query(self, request: wire.QueryRequest, context: grpc.ServicerContext) -> Iterator[wire.QueryPart]:
        def on_hang_up(stop: Callable[[], None]) -> None:
            if not context.add_callback(stop):
                stop()  # it has happened already

        params = json.loads(request.params_json)
        answer = _or_abort(lambda: self._backend.answer(request.name, params, on_hang_up), context)
        for start in range(0, len(answer), _PIECE_BYTES):
            yield wire.QueryPart(json=answer[start : start + _PIECE_BYTES])


class _TokenCheck(grpc.ServerInterceptor):
    """Lets in only who can read the endpoint file."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._refusal: grpc.RpcMethodHandler[Any, Any] = grpc.unary_unary_rpc_method_handler(
            lambda _request, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "wrong token")
        )

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        metadata = dict(handler_call_details.invocation_metadata or ())
        shown = metadata.get(TOKEN_KEY, "")
        if hmac.compare_digest(shown.encode() if isinstance(shown, str) else shown, self._token):
            return continuation(handler_call_details)
        return self._refusal


def _listen(server: grpc.Server, data_dir: DataDir) -> tuple[Place, str]:
    for place in places(data_dir):
        try:
            port = server.add_insecure_port(place.address)
        except RuntimeError:
            place.clear()
            continue
        return place, place.address if place.folder else f"127.0.0.1:{port}"
    raise UserError(
        "Other commands cannot reach this app: neither a socket nor a loopback port can be opened.",
        "Free some ports or the folder for temporary files, and start again.",
    )


def _unary(handler: Handler, request: type[Any], reply: type[Any]) -> grpc.RpcMethodHandler[Any, Any]:
    return grpc.unary_unary_rpc_method_handler(
        handler, request_deserializer=request.FromString, response_serializer=reply.SerializeToString
    )


def _a_while(context: grpc.ServicerContext, seconds: float) -> tuple[CancelToken, Callable[[object], None]]:
    """Return a token that is cancelled when nobody waits any more, and what cancels it when the time is over."""
    token = CancelToken()
    if not context.add_callback(token.cancel):
        token.cancel()
    until = time.monotonic() + seconds

    def end_in_time(_so_far: object) -> None:
        if time.monotonic() > until:
            token.cancel()

    return token, end_in_time


def _or_abort(work: Callable[[], Answer], context: grpc.ServicerContext) -> Answer:
    try:
        return work()
    except UserError as error:
        context.abort(*to_status(error))
    except QueryCancelledError:
        context.abort(grpc.StatusCode.UNAVAILABLE, "stopping")
    except Exception as error:
        _log.exception("A question through the private socket failed")
        context.abort(grpc.StatusCode.INTERNAL, type(error).__name__)
