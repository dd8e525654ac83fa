"""What an exception of LiteLLM, or of what it is made of, means. Only the child process sees them.

They are told apart by the names of their classes and by the status, so that this module needs no LiteLLM to be loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from junjo_desktop.generation.failures import FailureKind

_KINDS = {
    "AuthenticationError": FailureKind.WRONG_KEY,
    "PermissionDeniedError": FailureKind.NOT_ALLOWED,
    "NotFoundError": FailureKind.NO_SUCH_MODEL,
    "RateLimitError": FailureKind.RATE_LIMIT,
    "ContextWindowExceededError": FailureKind.TOO_LONG,
    "ContentPolicyViolationError": FailureKind.CONTENT_FILTER,
    "UnsupportedParamsError": FailureKind.REFUSED_PARAMETERS,
    "UnprocessableEntityError": FailureKind.REFUSED_PARAMETERS,
    "BadRequestError": FailureKind.REFUSED_PARAMETERS,
    "Timeout": FailureKind.TIMEOUT,
}
_STATUSES = {
    400: FailureKind.REFUSED_PARAMETERS,
    401: FailureKind.WRONG_KEY,
    403: FailureKind.NOT_ALLOWED,
    404: FailureKind.NO_SUCH_MODEL,
    408: FailureKind.TIMEOUT,
    422: FailureKind.REFUSED_PARAMETERS,
    429: FailureKind.RATE_LIMIT,
}
_UNREACHED = frozenset(("ConnectError", "ClientConnectorError", "ClientConnectorDNSError", "gaierror"))
_UNREACHED_WORDS = ("Cannot connect to host", "Connection error", "Connect call failed", "Name or service not known")
_BROKEN_OFF = frozenset(
    ("RemoteProtocolError", "ReadError", "ClientPayloadError", "IncompleteReadError", "ServerDisconnectedError")
)
_WRAPPING = re.compile(r"^(?:(?:litellm\.)?[A-Za-z_]*(?:Error|Exception|Timeout)\b\s*[:-]\s*)+")
_LONGEST = 2000
_DEEPEST = 8


def failure_of(error: BaseException, secrets: Collection[str], *, has_begun: bool) -> dict[str, Any]:
    """Return an exception as an event for the parent: kind, the provider's words, status, time to wait (seconds).

    `has_begun` tells that some of the answer had come.
    """
    chain = tuple(_chain(error))
    status = next((code for one in chain if (code := _status(one)) is not None), None)
    kind = _kind(chain, status, has_begun=has_begun)
    return {
        "event": "failed",
        "kind": str(kind),
        "said": "" if kind is FailureKind.NO_NETWORK else without_secrets(_said(chain), secrets),
        "status": None if kind in {FailureKind.NO_NETWORK, FailureKind.CUT} else status,
        "retry_after_s": next((wait for one in chain if (wait := _wait(one)) is not None), None),
    }


def without_secrets(text: str, secrets: Collection[str]) -> str:
    """Return a text with every secret in it masked."""
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text[:_LONGEST]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(seen) < _DEEPEST:
        one = waiting.pop(0)
        if one is None or one in seen:
            continue
        seen.append(one)
        yield one
        waiting += [getattr(one, "original_exception", None), one.__cause__, one.__context__]


def _names(error: BaseException) -> Iterator[str]:
    return (one.__name__ for one in type(error).__mro__)


def _kind(chain: tuple[BaseException, ...], status: int | None, *, has_begun: bool) -> FailureKind:
    names = {name for one in chain for name in _names(one)}
    first = next((_KINDS[name] for one in chain for name in _names(one) if name in _KINDS), None)
    if first is not None and first is not FailureKind.REFUSED_PARAMETERS:
        return first
    if names & _UNREACHED or (any(word in str(one) for one in chain for word in _UNREACHED_WORDS)):
        return FailureKind.CUT if has_begun else FailureKind.NO_NETWORK
    if has_begun and names & _BROKEN_OFF:
        return FailureKind.CUT
    return first or _STATUSES.get(status or 0, FailureKind.PROVIDER_TROUBLE)


def _status(error: BaseException) -> int | None:
    code = getattr(error, "status_code", None)
    return code if isinstance(code, int) else None


def _said(chain: tuple[BaseException, ...]) -> str:
    """Return the provider's own sentence: that of its JSON, else the text without the names of exceptions."""
    for one in chain:
        body = getattr(one, "body", None)
        if isinstance(body, Mapping) and (told := _message(body)):
            return told
    for one in chain:
        if told := _message(_json_in(str(one))):
            return told
    text = str(chain[0])
    return _WRAPPING.sub("", text).partition("\nTraceback")[0].strip()


def _message(body: Any) -> str:
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, Mapping):
        return ""
    inner = body.get("error", body)
    told = inner.get("message") if isinstance(inner, Mapping) else inner
    return told if isinstance(told, str) else ""


def _json_in(text: str) -> Any:
    start = text.find("{")
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text[start:].replace("\\'", "'"))[0]
    except ValueError:
        return None


def _wait(error: BaseException) -> float | None:
    response = getattr(error, "response", None)
    for headers in (getattr(response, "headers", None), getattr(error, "headers", None),
                    getattr(error, "litellm_response_headers", None)):  # fmt: skip
        if headers is None or not hasattr(headers, "get"):
            continue
        try:
            return float(headers.get("retry-after"))
        except (TypeError, ValueError):  # none, or a date
            continue
    return None
