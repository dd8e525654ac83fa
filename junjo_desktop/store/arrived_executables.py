"""The Junjo spans of a batch, as far as runs are made of them. Other spans cost a look at two columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from junjo_desktop.store.execution import Execution
from junjo_desktop.store.execution_facts import (
    OWNER_TYPES,
    TOP_TYPES,
    JunjoSpan,
    execution_of,
    pick,
    service_version_in,
)
from junjo_desktop.telemetry.columns import RESOURCE_COLUMNS, SPAN_COLUMNS, Row

if TYPE_CHECKING:
    from junjo_desktop.store.batch import SpanKey, StoredRow

_TYPE = SPAN_COLUMNS.index("junjo_span_type")
_RUNTIME_ID = SPAN_COLUMNS.index("junjo_runtime_id")
_PARENT = SPAN_COLUMNS.index("parent_span_id")
_RESOURCE = SPAN_COLUMNS.index("resource_id")
_ATTRIBUTES = RESOURCE_COLUMNS.index("attributes")


@dataclass(slots=True)
class ArrivedExecutables:
    """Runs whose owners arrived, and spans that may tell of a run whose owner did not. A span may be there twice."""

    keys: set[SpanKey] = field(default_factory=set)
    """All Junjo spans."""
    trace_ids: set[str] = field(default_factory=set)
    """Their traces."""
    runs: dict[SpanKey, Execution] = field(default_factory=dict)
    children: list[JunjoSpan] = field(default_factory=list)
    """Not yet read: most turn out to have come with their owner."""

    def add(self, spans: Sequence[StoredRow], resources: Mapping[str, Row]) -> None:
        """Add the Junjo spans among the spans of a request."""
        found = [row for row in spans if row[_RUNTIME_ID] is not None or row[_TYPE] is not None]
        if not found:
            return
        self.keys.update([row[:2] for row in found])
        self.trace_ids.update([row[0] for row in found])
        for row in found:
            is_owner = row[_TYPE] in OWNER_TYPES
            is_orphan = (
                row[_TYPE] not in TOP_TYPES and row[_PARENT] is not None and (row[0], row[_PARENT]) not in self.keys
            )
            if not (is_owner or is_orphan):
                continue
            resource = resources.get(row[_RESOURCE])
            version = None if resource is None else service_version_in(str(resource[_ATTRIBUTES]))
            span = JunjoSpan._make((*pick(row), version))
            if is_owner:
                self.runs[row[:2]] = execution_of(span)
            if is_orphan:
                # Nothing of a child's events matters, and they may be large.
                self.children.append(span._replace(events="[]"))

    def orphans(self) -> Iterable[JunjoSpan]:
        """Yield those children whose parent is no Junjo span of this batch."""
        return (span for span in self.children if (span.trace_id, span.parent_span_id) not in self.keys)
