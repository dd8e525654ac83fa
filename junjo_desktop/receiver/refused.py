"""Says no over gRPC: with the code that makes SDKs do the right thing, a sentence, and when to come again.

What opentelemetry-python (and the OTLP specification) do with a code decides which one is given: UNAVAILABLE and
RESOURCE_EXHAUSTED are tried again; UNAUTHENTICATED, INVALID_ARGUMENT, UNIMPLEMENTED and INTERNAL drop the batch at
once. So what can never succeed gets one of the latter, and INTERNAL is given to nobody.
"""

from __future__ import annotations

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]  # the package has no types
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # the package has no types

from junjo_desktop.errors import JunjoDesktopError, UserError
from junjo_desktop.telemetry.intake import RefusalReason

RETRY_AFTER_S = 2
"""Five tries fit into the 10 s that OTLP exporters give an export by default."""

_STATUS_DETAILS = "grpc-status-details-bin"
_PYTHON_RETRY_INFO = "google.rpc.retryinfo-bin"  # the only place where opentelemetry-python looks


class RefusedError(JunjoDesktopError):
    """A request that is not taken. `message` and `hint` are for both ends: its sender and the connection doctor."""

    def __init__(
        self,
        reason: RefusalReason,
        code: grpc.StatusCode,
        message: str,
        hint: str,
        *,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.code = code
        self.message = message
        self.hint = hint
        self.retry_after_s = retry_after_s

    @property
    def sentence(self) -> str:
        """What the sender is told."""
        return f"{self.message} {self.hint}".strip()


def own_trouble(error: UserError | None = None) -> RefusedError:
    """Return the refusal for what is our own fault: the sender keeps its data and tries again."""
    if error is None:
        return RefusedError(
            RefusalReason.UNAVAILABLE,
            grpc.StatusCode.UNAVAILABLE,
            "Junjo Desktop failed to take this request.",
            "Its log file says why; the request can be sent again.",
        )
    return RefusedError(RefusalReason.UNAVAILABLE, grpc.StatusCode.UNAVAILABLE, error.message, error.hint)


def overload(error: UserError) -> RefusedError:
    """Return the refusal for "later", with the time to wait."""
    return RefusedError(
        RefusalReason.OVERLOADED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        error.message,
        error.hint,
        retry_after_s=RETRY_AFTER_S,
    )


def trailers_of(refused: RefusedError) -> tuple[tuple[str, bytes], ...]:
    """Return the metadata that carries `RetryInfo`, if any: as specified, and as opentelemetry-python reads it."""
    if refused.retry_after_s is None:
        return ()
    retry_info = RetryInfo(retry_delay=Duration(seconds=refused.retry_after_s))
    detail = Any()
    detail.Pack(retry_info)
    status = Status(code=int(refused.code.value[0]), message=refused.sentence, details=[detail])
    return (
        (_STATUS_DETAILS, status.SerializeToString()),
        (_PYTHON_RETRY_INFO, retry_info.SerializeToString()),
    )
