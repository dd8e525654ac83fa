"""A `UserError` on its way through the private socket: a gRPC status with its words as JSON."""

from __future__ import annotations

import json

import grpc

from junjo_desktop.errors import (
    DatabaseError,
    DataFolderError,
    NotFoundError,
    UsageError,
    UserError,
)

# gRPC drops a status whose text outgrows its header limit, and percent-encoding triples what is not ASCII.
_LONGEST_TEXT = 1_000

_STATUS: tuple[tuple[type[UserError], grpc.StatusCode], ...] = (
    (UsageError, grpc.StatusCode.INVALID_ARGUMENT),
    (NotFoundError, grpc.StatusCode.NOT_FOUND),
    (DatabaseError, grpc.StatusCode.FAILED_PRECONDITION),
    (DataFolderError, grpc.StatusCode.FAILED_PRECONDITION),
)


def to_status(error: UserError) -> tuple[grpc.StatusCode, str]:
    """Return the status and the text to abort a call with."""
    code = next((code for kind, code in _STATUS if isinstance(error, kind)), grpc.StatusCode.FAILED_PRECONDITION)
    words = {"kind": type(error).__name__, "message": _cut(error.message), "hint": _cut(error.hint)}
    return code, json.dumps(words, ensure_ascii=False)


def from_status(details: str | None) -> UserError | None:
    """Return the error that `to_status` wrote, or None when the text is something else."""
    try:
        words = json.loads(details or "")
        kind = _kinds()[words["kind"]]
        return kind(str(words["message"]), str(words["hint"]))
    except (ValueError, KeyError, TypeError):
        return None


def _kinds() -> dict[str, type[UserError]]:
    found: dict[str, type[UserError]] = {}
    waiting: list[type[UserError]] = [UserError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
