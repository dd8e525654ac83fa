"""Log records of the sample trace: of its spans, of none, and of one that never came."""

from __future__ import annotations

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, SeverityNumber

from tests.features.trace.sample_trace import MODEL, MS, ROOT, START, TOOL, TRACE
from tests.support import otlp
from tests.support.stored import StoredTelemetry

INFO, WARN, ERROR = (
    SeverityNumber.SEVERITY_NUMBER_INFO,
    SeverityNumber.SEVERITY_NUMBER_WARN,
    SeverityNumber.SEVERITY_NUMBER_ERROR,
)


def record(
    body: otlp.Value,
    span: bytes,
    after_ms: int,
    severity: SeverityNumber.ValueType = INFO,
    attributes: dict[str, otlp.Value] | None = None,
) -> LogRecord:
    """A record of the sample trace; times in milliseconds after its start."""
    return otlp.log(
        body, trace=TRACE, span=span, time_ns=START + after_ms * MS, severity=severity, attributes=attributes
    )


def sample_records() -> list[LogRecord]:
    """In another order than that of time."""
    return [
        record("policy refused\nquota of 3 is used up", TOOL, 690, ERROR, {"quota": 3}),
        record("message received", ROOT, 1),
        record("retrying once", TOOL, 600, WARN),
        record("calling gpt-4o", MODEL, 105, attributes={"order": 1042}),
        record("scheduler woke up", b"", 300),
        record("from a span that never came", otlp.span_id(0x7777), 400),
    ]


def add_logs(telemetry: StoredTelemetry) -> None:
    """Store them."""
    telemetry.add(otlp.log_request(*sample_records(), service="checkout"))
