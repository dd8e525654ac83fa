"""The largest message that is taken, and one byte more."""

from __future__ import annotations

import grpc

from junjo_desktop.receiver.calls import MESSAGE_BYTES
from junjo_desktop.telemetry.intake import RefusalReason
from tests.receiver.intake import EXPORT_TRACES, Intake
from tests.store.large import large_request


def test_64_mib_are_taken_and_one_byte_more_is_refused_for_good(intake: Intake) -> None:
    largest, count = large_request(MESSAGE_BYTES, 20_000)
    intake.call(EXPORT_TRACES, largest)
    [entry] = intake.entries()
    assert (len(entry.body), intake.journal.waiting(0)) == (MESSAGE_BYTES, count)
    larger, _ = large_request(MESSAGE_BYTES + 1, 20_000)
    refused = intake.refused(EXPORT_TRACES, larger)
    assert refused.code is grpc.StatusCode.INVALID_ARGUMENT, "SDKs would send it again for RESOURCE_EXHAUSTED"
    assert "up to 64 MiB are taken" in refused.details
    assert intake.refusals() == {RefusalReason.OVERSIZED: 1}
    assert len(intake.entries()) == 1
