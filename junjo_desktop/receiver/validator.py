"""The background validator: tells any process of this computer whether an API key is valid."""

from __future__ import annotations

import grpc
from google.protobuf.message import DecodeError

from junjo_desktop.errors import UserError
from junjo_desktop.receiver.api_keys import ApiKeys
from junjo_desktop.receiver.calls import Call, Calls
from junjo_desktop.receiver.refused import RefusedError, own_trouble
from junjo_desktop.telemetry.intake import RefusalReason
from junjo_desktop.wire.auth_pb2 import DESCRIPTOR, ValidateApiKeyRequest, ValidateApiKeyResponse

VALIDATOR_SERVICE = str(DESCRIPTOR.services_by_name["InternalAuthService"].full_name)


class Validator:
    """Answers `ValidateApiKey`. What we do not know at the moment is UNAVAILABLE, never "no"."""

    def __init__(self, api_keys: ApiKeys, calls: Calls) -> None:
        self._api_keys = api_keys
        self._calls = calls

    def method(self) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Return the handler of `ValidateApiKey`."""
        return self._calls.handler(self._validate)

    async def _validate(self, call: Call) -> bytes:
        try:
            request = ValidateApiKeyRequest.FromString(await call.message())
            is_valid = self._api_keys.is_valid(request.api_key)
        except DecodeError as error:
            raise RefusedError(
                RefusalReason.MALFORMED,
                grpc.StatusCode.INVALID_ARGUMENT,
                "A message is not a ValidateApiKeyRequest.",
                "It must be protobuf with the key as text in field 1.",
            ) from error
        except UserError as error:
            raise own_trouble(error) from error
        return ValidateApiKeyResponse(is_valid=is_valid).SerializeToString()
