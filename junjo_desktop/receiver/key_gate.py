"""Decides by the metadata of a call whether its sender may send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import grpc

from junjo_desktop.errors import UserError
from junjo_desktop.receiver.api_keys import ApiKeys, KeyCheck, KeyStatus
from junjo_desktop.receiver.refused import RefusedError, own_trouble
from junjo_desktop.receiver.snippets import KEY_HEADER
from junjo_desktop.telemetry.intake import RefusalReason

Metadata = Iterable[tuple[str, str | bytes]]

KEY_HEADERS = (KEY_HEADER, "x-api-key")
_BEARER = "bearer "

_TELLING = (KeyStatus.VALID, KeyStatus.REVOKED, KeyStatus.WRONG, KeyStatus.MISSING)

_NEW_KEY = "Create one on the Keys page of Junjo Desktop or with `junjo-desktop keys create NAME`"


class KeyGate:
    """Thread-safe; `required` may be switched at any time and holds for the next call."""

    def __init__(self, api_keys: ApiKeys, *, required: bool) -> None:
        self._api_keys = api_keys
        self.required = required

    def admit(self, metadata: Metadata) -> None:
        """Return if the call may go on. Raises `RefusedError`."""
        if not self.required:
            return
        try:
            checks = [self._api_keys.check(secret) for secret in _presented(metadata)]
        except UserError as error:
            raise own_trouble(error) from error
        # A program may carry keys of several services; one of ours among them is enough.
        best = min(checks, key=lambda check: _TELLING.index(check.status), default=KeyCheck(KeyStatus.MISSING))
        if best.status is not KeyStatus.VALID:
            raise _refusal(best)


def _presented(metadata: Metadata) -> Iterator[str]:
    for name, value in metadata:
        if isinstance(value, bytes):
            continue
        if name in KEY_HEADERS:
            yield value.strip()
        elif name == "authorization" and value.lower().startswith(_BEARER):
            yield value[len(_BEARER) :].strip()


def _refusal(check: KeyCheck) -> RefusedError:
    if check.status is KeyStatus.MISSING:
        return _unauthenticated(
            RefusalReason.NO_KEY, "This request carries no API key.", f"{_NEW_KEY}, and send it as {KEY_HEADER}."
        )
    if check.status is KeyStatus.REVOKED and check.key is not None:
        return _unauthenticated(
            RefusalReason.REVOKED_KEY,
            f'The API key "{check.key.name}" ({check.key.prefix}...) was revoked.',
            f"{_NEW_KEY}, and put it into the program.",
        )
    return _unauthenticated(
        RefusalReason.WRONG_KEY,
        "The API key of this request is not known here.",
        "Copy one from the Keys page of Junjo Desktop, or create one with `junjo-desktop keys create NAME`.",
    )


def _unauthenticated(reason: RefusalReason, message: str, hint: str) -> RefusedError:
    return RefusedError(reason, grpc.StatusCode.UNAUTHENTICATED, message, hint)
