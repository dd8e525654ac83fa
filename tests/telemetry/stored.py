"""Takes a request the way of the store, without a database: decoded, then read back from its rows."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.message import Message
from hypothesis import HealthCheck, settings

from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SCOPE_COLUMNS, Row
from junjo_desktop.telemetry.decode import DecodedBatch, decode
from junjo_desktop.telemetry.intake import IntakeEntry, Signal

RECEIVED_NS = 1_795_000_000_000_000_000
SEQ = 7

# Large messages, and machines that are busy: how long an example takes says nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def decoded(signal: Signal, request: Message) -> DecodedBatch:
    """Decode a request as it would come from the journal."""
    return decode(IntakeEntry(SEQ, signal, RECEIVED_NS, request.SerializeToString()))


def joined(row: Row, columns: Sequence[str], batch: DecodedBatch) -> Row:
    """A row of an item with those of its resource and scope behind it, as a query joins them."""
    resource = batch.resources[str(row[columns.index("resource_id")])]
    scope = batch.scopes[str(row[columns.index("scope_id")])]
    assert len(resource) == len(RESOURCE_COLUMNS)
    assert len(scope) == len(SCOPE_COLUMNS)
    return (*row, *resource, *scope)
