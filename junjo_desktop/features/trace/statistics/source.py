"""Groups of spans as rows of a table. Qt-free."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from junjo_desktop.features.trace.statistics.groups import SpanGroup
from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.row_source import Listing, OrderedIds

SORT_VALUES: Mapping[str, Callable[[SpanGroup], float | str]] = {
    "label": lambda group: group.label.casefold(),
    "kind": lambda group: kind_word(group.span_type),
    "count": lambda group: group.count,
    "errors": lambda group: group.error_count,
    "total": lambda group: group.total_ns,
    "self": lambda group: group.self_ns,
    "p50": lambda group: _or_less(group.p50_ns),
    "p95": lambda group: _or_less(group.p95_ns),
    "max": lambda group: _or_less(group.max_ns),
    "tokens": lambda group: _or_less(group.tokens),
}
FIRST_SORT = "self"


class GroupSource:
    """One filter and order; the ids are the labels. `groups` are replaced when the trace grew."""

    def __init__(self, groups: Sequence[SpanGroup], text: str, sort_key: str, *, descending: bool) -> None:
        self._by_label = {group.label: group for group in groups}
        self._text = text.strip().casefold()
        self._sort_value = SORT_VALUES[sort_key]
        self._descending = descending

    def renew(self, groups: Sequence[SpanGroup]) -> None:
        """Take over the groups of the same trace after it grew; they are shown with the next listing."""
        self._by_label = {group.label: group for group in groups}

    def group(self, label: str) -> SpanGroup | None:
        """Return a group, None when it is no longer there."""
        return self._by_label.get(label)

    def list_ids(self, _cursor: Any, _shown: Any) -> Listing:
        """List the groups in whose label or kind the text stands."""
        by_label = self._by_label
        found = [group for group in by_label.values() if self._matches(group)]
        found.sort(key=lambda group: group.label)
        found.sort(key=self._sort_value, reverse=self._descending)
        # Never whole as long as the trace may grow: another listing takes its place without being news.
        return Listing(OrderedIds(tuple(group.label for group in found)), 0, by_label, is_partial=True)

    def load_rows(self, _cursor: Any, ids: Sequence[Any]) -> Mapping[Any, SpanGroup]:
        """Return groups by label."""
        by_label = self._by_label
        return {label: by_label[label] for label in ids if label in by_label}

    def _matches(self, group: SpanGroup) -> bool:
        return self._text in group.label.casefold() or self._text in group.span_type


def _or_less(value: int | None) -> int:
    return -1 if value is None else value
