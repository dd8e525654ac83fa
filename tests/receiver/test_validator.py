"""Any process of this computer can ask whether a key is valid, with the message classes of the older systems."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from junjo_desktop.telemetry.intake import RefusalReason
from junjo_desktop.wire.auth_pb2 import ValidateApiKeyRequest, ValidateApiKeyResponse
from tests.receiver.intake import VALIDATE, Intake


def _ask(intake: Intake, secret: str) -> bool:
    request = ValidateApiKeyRequest(api_key=secret).SerializeToString()
    answer = intake.call(VALIDATE, request, metadata=(), port=intake.validator_port)
    return ValidateApiKeyResponse.FromString(answer).is_valid


def test_valid_wrong_empty_and_revoked_keys(intake: Intake) -> None:
    assert _ask(intake, intake.key.secret)
    assert not _ask(intake, intake.key.secret + "x")
    assert not _ask(intake, "")
    other = intake.api_keys.create("other")
    assert _ask(intake, other.secret)
    intake.api_keys.revoke(other.id)
    assert not _ask(intake, other.secret)
    assert _ask(intake, intake.key.secret)
    assert intake.refusals() == {}, "an answer is no refusal"


def test_malformed_questions_are_told_so(intake: Intake) -> None:
    refused = intake.refused(VALIDATE, b"\xff", metadata=(), port=intake.validator_port)
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT
    assert intake.refusals() == {RefusalReason.MALFORMED: 1}


def test_our_own_trouble_is_never_an_answer(intake: Intake) -> None:
    intake.api_keys.close()
    refused = intake.refused(
        VALIDATE,
        ValidateApiKeyRequest(api_key=intake.key.secret).SerializeToString(),
        metadata=(),
        port=intake.validator_port,
    )
    assert refused.code is grpc.StatusCode.UNAVAILABLE


@pytest.fixture
def upstream() -> DescriptorPool:
    """The messages as Junjo AI Studio's `auth.proto` declares them."""
    file = FileDescriptorProto(name="auth.proto", package="ingestion", syntax="proto3")
    request = file.message_type.add(name="ValidateApiKeyRequest")
    request.field.add(name="api_key", number=1, type="TYPE_STRING", label="LABEL_OPTIONAL")
    response = file.message_type.add(name="ValidateApiKeyResponse")
    response.field.add(name="is_valid", number=1, type="TYPE_BOOL", label="LABEL_OPTIONAL")
    pool = DescriptorPool()
    pool.Add(file)
    return pool


def test_a_junjo_ingestion_service_understands_the_answer(intake: Intake, upstream: DescriptorPool) -> None:
    request = GetMessageClass(upstream.FindMessageTypeByName("ingestion.ValidateApiKeyRequest"))
    response = GetMessageClass(upstream.FindMessageTypeByName("ingestion.ValidateApiKeyResponse"))
    question = request(api_key=str(intake.key.secret)).SerializeToString()
    metadata = (("x-junjo-internal-token", "whatever"),)
    answer = intake.call(VALIDATE, question, metadata=metadata, port=intake.validator_port)
    assert response.FromString(answer) == response(is_valid=True)
