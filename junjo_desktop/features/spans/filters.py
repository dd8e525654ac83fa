"""What narrows the list of spans, and the columns it is sorted by. Qt-free and free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.theme.roles import kind_word
from junjo_desktop.widgets.list_filter import ListFilter, ListSort, quoted


class SortBy(StrEnum):
    """What the list can be sorted by; the values are kept in the window's state."""

    STARTED = "started"
    NAME = "name"
    TYPE = "type"
    SERVICE = "service"
    DURATION = "duration"
    STATUS = "status"
    MODEL = "model"
    TOKENS = "tokens"
    TRACE_ID = "trace_id"
    SPAN_ID = "span_id"
    EVENTS = "events"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Sort(ListSort):
    """An order of the list."""

    by: SortBy = SortBy.STARTED


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFilter(ListFilter):
    """What a span must satisfy to be listed. The default lets every span through. `failed` None: failed or not."""

    name: str | None = None
    span_type: str | None = None
    failed: bool | None = None

    def own_words(self) -> dict[str, str]:
        """Return what is in force of these fields."""
        words: dict[str, str] = {}
        if self.name is not None:
            words["name"] = f"name {quoted(self.name)}" if self.name.strip() else "no name"
        if self.span_type is not None:
            words["span_type"] = f"type {quoted(kind_word(self.span_type))}"
        if self.failed is not None:
            words["failed"] = "failed only" if self.failed else "not failed"
        return words
