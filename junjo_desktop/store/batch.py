"""Decoded requests that are stored together, each span once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from junjo_desktop.telemetry.columns import SPAN_COLUMNS, Row
from junjo_desktop.telemetry.decode import DecodedBatch

SpanKey: TypeAlias = tuple[str, str]
"""Trace id and span id."""

StoredRow: TypeAlias = tuple[Any, ...]
"""A row in the order of its table's columns."""

_RECEIVED = SPAN_COLUMNS.index("received_ns")


@dataclass(slots=True)
class Batch:
    """Rows of consecutive requests. `resent` says, by trace, when those were received that a later one replaced."""

    last_seq: int = 0
    spans: dict[SpanKey, StoredRow] = field(default_factory=dict)
    resent: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    logs: list[StoredRow] = field(default_factory=list)
    metrics: list[StoredRow] = field(default_factory=list)
    resources: dict[str, Row] = field(default_factory=dict)
    scopes: dict[str, Row] = field(default_factory=dict)

    def add(self, seq: int, decoded: DecodedBatch) -> None:
        """Add the request at `seq`, which follows all that were added before."""
        self.last_seq = seq
        spans: Sequence[StoredRow] = decoded.spans
        for row in spans:
            key = (row[0], row[1])
            earlier = self.spans.get(key)
            if earlier is not None:
                self.resent[row[0]].append(earlier[_RECEIVED])
            self.spans[key] = row
        self.logs.extend(decoded.logs)
        self.metrics.extend(decoded.metrics)
        self.resources.update(decoded.resources)
        self.scopes.update(decoded.scopes)
