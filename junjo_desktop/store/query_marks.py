"""Conditions of a query on stars, tags and comments, for rows of traces and of spans."""

from __future__ import annotations

from collections.abc import Mapping

from junjo_desktop.store.marks import COMMENT, MARKS, STAR, TAG
from junjo_desktop.store.query_columns import Column

_OF_TRACE = f"trace_id IN (SELECT trace_id FROM {MARKS} WHERE {{0}})"  # noqa: S608 - our own name
# What stands on a trace is true of each of its spans.
_OF_SPAN = f"""(trace_id IN (SELECT trace_id FROM {MARKS} WHERE span_id IS NULL AND {{0}})
    OR (trace_id, span_id) IN (SELECT (trace_id, span_id) FROM {MARKS} WHERE span_id IS NOT NULL AND {{0}}))"""  # noqa: S608 - our own name
_STARRED = Column(f"(trace_id IN (SELECT trace_id FROM {MARKS} WHERE kind = '{STAR}'))")  # noqa: S608 - our own name


def _columns(within: str) -> Mapping[str, Column]:
    return {
        "tag": Column("text", f"kind = '{TAG}'", within),
        "note": Column("text", f"kind = '{COMMENT}'", within),
        "starred": _STARRED,
    }


TRACE_MARKS = _columns(_OF_TRACE)
"""On rows with a `trace_id`: what stands on the trace or on any of its spans."""
SPAN_MARKS = _columns(_OF_SPAN)
"""On rows of spans: what stands on the span or on its trace."""
