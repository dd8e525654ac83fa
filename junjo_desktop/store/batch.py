"""Decoded requests that are stored together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from junjo_desktop.store.arrived_executables import ArrivedExecutables
from junjo_desktop.telemetry.columns import SPAN_COLUMNS, Row
from junjo_desktop.telemetry.decode import DecodedBatch

if TYPE_CHECKING:
    from junjo_desktop.store.arriving import Chunk

SpanKey: TypeAlias = tuple[str, str]
"""Trace id and span id."""

StoredRow: TypeAlias = tuple[Any, ...]
"""A row in the order of its table's columns."""

key_of: Callable[[StoredRow], SpanKey] = itemgetter(0, 1)

_RECEIVED = SPAN_COLUMNS.index("received_ns")


class Position(NamedTuple):
    """How far a journal is stored: the request at `seq` and all before it, and some rows of the one that follows."""

    seq: int = 0
    rows_of_next: int = 0


NOTHING = Position()


@dataclass(slots=True)
class Batch:
    """Rows of consecutive requests, in the order of their arrival. A span may be there more than once.

    Many spans are in `chunks`; then `spans` is empty.
    """

    position: Position = NOTHING
    """How far the journal is stored once this is."""
    spans: list[StoredRow] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    logs: list[StoredRow] = field(default_factory=list)
    metrics: list[StoredRow] = field(default_factory=list)
    resources: dict[str, Row] = field(default_factory=dict)
    scopes: dict[str, Row] = field(default_factory=dict)
    executables: ArrivedExecutables = field(default_factory=ArrivedExecutables)

    def add(self, seq: int, decoded: DecodedBatch) -> None:
        """Add the request at `seq`, which follows all that were added before."""
        self.position = Position(seq)
        self.spans.extend(decoded.spans)
        self.executables.add(decoded.spans, decoded.resources)
        self.logs.extend(decoded.logs)
        self.metrics.extend(decoded.metrics)
        self.resources.update(decoded.resources)
        self.scopes.update(decoded.scopes)


def latest_versions(rows: Sequence[StoredRow]) -> tuple[Sequence[StoredRow], dict[str, list[int]]]:
    """Return each span once, and by trace the times at which versions were received that a later one replaced."""
    if are_distinct(map(key_of, rows), len(rows)):
        return rows, {}
    latest: dict[SpanKey, StoredRow] = {}
    resent: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        key = key_of(row)
        earlier = latest.get(key)
        if earlier is not None:
            resent[row[0]].append(earlier[_RECEIVED])
        latest[key] = row
    return list(latest.values()), resent


def are_distinct(keys: Iterable[SpanKey], count: int) -> bool:
    """Whether no span comes twice."""
    return len(set(keys)) == count


def by_trace(rows: Iterable[StoredRow]) -> dict[str, list[StoredRow]]:
    """Return the rows of each trace."""
    traces: dict[str, list[StoredRow]] = defaultdict(list)
    for row in rows:
        traces[row[0]].append(row)
    return traces
