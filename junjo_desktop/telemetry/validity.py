"""What cannot be stored. The receiver refuses it with a count, decoding passes over the same."""

from __future__ import annotations

from opentelemetry.proto.trace.v1.trace_pb2 import Span

TRACE_ID_BYTES = 16
SPAN_ID_BYTES = 8
NO_TRACE_ID = bytes(TRACE_ID_BYTES)
NO_SPAN_ID = bytes(SPAN_ID_BYTES)


def id_problem(trace_id: bytes, span_id: bytes) -> str | None:
    """Say why a span with these ids cannot be stored, or None. The ids are the key: they must identify."""
    if len(trace_id) != TRACE_ID_BYTES or trace_id == NO_TRACE_ID:
        return "trace id is not 16 non-zero bytes"
    if len(span_id) != SPAN_ID_BYTES or span_id == NO_SPAN_ID:
        return "span id is not 8 non-zero bytes"
    return None


def span_problem(span: Span) -> str | None:
    """Say why a span cannot be stored, or None when it can."""
    return id_problem(span.trace_id, span.span_id)
